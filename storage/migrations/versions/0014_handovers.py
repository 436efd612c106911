"""Requests for a person, what staff say, and the hours of the desk."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'left', 'held')")
UNSAID = sa.text("said_at IS NULL AND text IS NOT NULL")
HAS_TEXT = sa.text("text IS NOT NULL")


def _sequence() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", kind, nullable=False, autoincrement=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "handovers",
        _sequence(),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("inbox_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("service", sa.String(80)),
        sa.Column("authority", sa.String(64)),
        sa.Column("holder", sa.String(64)),
        sa.Column("office", sa.String(60)),
        sa.Column("taken_at", UtcDateTime),
        sa.Column("last_citizen_at", UtcDateTime, nullable=False),
        sa.Column("last_staff_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("reason", sa.String(10)),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sa.ForeignKeyConstraint(["conversation"], ["contacts.id"], name="fk_handovers_conversation_contacts"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_handovers_inbox_id_inbox"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_handovers_open", "handovers", ["conversation"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_handovers_open", "handovers", ["asked_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_handovers_conversation", "handovers", ["conversation"])
    _create_lines()
    _create_desk()


def _create_lines() -> None:
    op.create_table(
        "handover_lines",
        _sequence(),
        sa.Column("handover_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("staff", sa.String(64)),
        sa.Column("office", sa.String(60)),
        sa.Column("text", sa.Text),
        sa.Column("key", sa.String(64)),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("said_at", UtcDateTime),
        sa.Column("message_id", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_handover_lines"),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name="fk_handover_lines_handover_id_handovers"),
        sa.UniqueConstraint("key", name="uq_handover_lines_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handover_lines_unsaid", "handover_lines", ["id"], sqlite_where=UNSAID, postgresql_where=UNSAID)
    op.create_index(
        "ix_handover_lines_text", "handover_lines", ["at"], sqlite_where=HAS_TEXT, postgresql_where=HAS_TEXT
    )
    for name in ("handover_id", "conversation"):
        op.create_index(f"ix_handover_lines_{name}", "handover_lines", [name])


def _create_desk() -> None:
    op.create_table(
        "desk_hours",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("opens", sa.Integer, nullable=False),
        sa.Column("closes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_hours"),
    )
    op.create_table(
        "holidays",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_holidays"),
    )
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("office", sa.String(60), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
    )
    op.create_table(
        "desk_presence",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("staff", name="pk_desk_presence"),
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("authority", sa.String(64)),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_canned_answers"),
    )
    op.create_index("ix_canned_answers_authority", "canned_answers", ["authority"])


def downgrade() -> None:
    """Drop them."""
    for table in ("canned_answers", "desk_presence", "desk", "holidays", "desk_hours", "handover_lines", "handovers"):
        op.drop_table(table)
