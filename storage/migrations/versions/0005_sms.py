"""SMS: states of a message until it is delivered, its parts, joints of inbound parts, providers switched off."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Change the outbox and create the tables."""
    op.add_column("outbox", sa.Column("push", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("expires_at", UtcDateTime))
    op.add_column("outbox", sa.Column("code", sa.String(40)))
    op.add_column("outbox", sa.Column("done_at", UtcDateTime))
    op.execute("UPDATE outbox SET state = COALESCE(delivery, 'accepted') WHERE state = 'sent'")
    # Not op.drop_column: on SQLite it would copy the table, and lose the conditions of its partial indexes.
    op.execute("ALTER TABLE outbox DROP COLUMN delivery")
    _create_parts()
    _create_joints()
    op.create_table(
        "sms_stopped_providers",
        sa.Column("provider", sa.String(30), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("stopped_by", sa.String(60), nullable=False),
        sa.Column("stopped_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("provider", name="pk_sms_stopped_providers"),
    )


def _create_parts() -> None:
    op.create_table(
        "sms_parts",
        sa.Column("id", SEQUENCE, nullable=False, autoincrement=True),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("provider", sa.String(30), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("provider_id", sa.String(200)),
        sa.Column("error", sa.String(30)),
        sa.Column("code", sa.String(40)),
        sa.Column("cost", sa.Float, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("submitted_at", UtcDateTime),
        sa.Column("accepted_at", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_sms_parts"),
        sa.UniqueConstraint("message_id", "number", name="uq_sms_parts_message_id_number"),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.message_id"], name="fk_sms_parts_message_id_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sms_parts_provider_provider_id", "sms_parts", ["provider", "provider_id"])
    op.create_index("ix_sms_parts_created_at", "sms_parts", ["created_at"])


def _create_joints() -> None:
    op.create_table(
        "sms_inbound_parts",
        sa.Column("id", SEQUENCE, nullable=False, autoincrement=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(30), nullable=False),
        sa.Column("reference", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sms_inbound_parts"),
        sa.UniqueConstraint("external_id", name="uq_sms_inbound_parts_external_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sms_inbound_parts_conversation", "sms_inbound_parts", ["conversation"])
    op.create_index("ix_sms_inbound_parts_received_at", "sms_inbound_parts", ["received_at"])


def downgrade() -> None:
    """Drop the tables and put the outbox back."""
    for table in ("sms_stopped_providers", "sms_inbound_parts", "sms_parts"):
        op.drop_table(table)
    op.add_column("outbox", sa.Column("delivery", sa.String(10)))
    op.execute("UPDATE outbox SET delivery = state, state = 'sent' WHERE state IN ('delivered', 'expired')")
    op.execute("UPDATE outbox SET state = 'sent' WHERE state = 'accepted'")
    for column in ("push", "expires_at", "code", "done_at"):
        op.execute(f"ALTER TABLE outbox DROP COLUMN {column}")
