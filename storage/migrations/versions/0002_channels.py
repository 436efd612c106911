"""Tables of the channels: the message log (inbox, outbox, contacts, addresses)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INBOX_OPEN = sa.text("state IN ('received', 'working')")
OUTBOX_OPEN = sa.text("state IN ('queued', 'sending')")
HAS_TEXT = sa.text("text IS NOT NULL")
HAS_BODY = sa.text("body IS NOT NULL")


def upgrade() -> None:
    """Create the tables."""
    _create_contacts()
    _create_inbox()
    _create_outbox()


def _create_contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("last_message_at", UtcDateTime, nullable=False),
        sa.Column("limited_until", UtcDateTime),
        sa.Column("opted_out", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_last_message_at", "contacts", ["last_message_at"])
    op.create_table(
        "addresses",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_addresses"),
        sa.ForeignKeyConstraint(["conversation"], ["contacts.id"], name="fk_addresses_conversation_contacts"),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", SEQUENCE, nullable=False, autoincrement=True),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("task", sa.String(10), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("choice", sa.String(64)),
        sa.Column("more", sa.Boolean, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("reply_kind", sa.String(40)),
        sa.Column("choices", sa.JSON),
        sa.Column("done_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "external_id", name="uq_inbox_channel_external_id"),
        sa.UniqueConstraint("message_id", name="uq_inbox_message_id"),
        sa.ForeignKeyConstraint(["conversation"], ["contacts.id"], name="fk_inbox_conversation_contacts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_conversation_received_at", "inbox", ["conversation", "received_at"])
    op.create_index("ix_inbox_text", "inbox", ["received_at"], sqlite_where=HAS_TEXT, postgresql_where=HAS_TEXT)
    open_rows: dict[str, Any] = {"sqlite_where": INBOX_OPEN, "postgresql_where": INBOX_OPEN}
    op.create_index("ix_inbox_open", "inbox", ["id"], **open_rows)
    op.create_index("ix_inbox_open_conversation", "inbox", ["conversation", "id"], **open_rows)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", SEQUENCE, nullable=False, autoincrement=True),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("inbox_id", SEQUENCE),
        sa.Column("body", sa.JSON),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.String(30)),
        sa.Column("provider_id", sa.String(200)),
        sa.Column("delivery", sa.String(10)),
        sa.Column("parts", sa.Integer),
        sa.Column("cost", sa.Float),
        sa.Column("sent_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
        sa.ForeignKeyConstraint(["conversation"], ["contacts.id"], name="fk_outbox_conversation_contacts"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name="fk_outbox_inbox_id_inbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_conversation_id", "outbox", ["conversation", "id"])
    op.create_index("ix_outbox_body", "outbox", ["created_at"], sqlite_where=HAS_BODY, postgresql_where=HAS_BODY)
    op.create_index("ix_outbox_inbox_id", "outbox", ["inbox_id"])
    op.create_index("ix_outbox_provider_id", "outbox", ["provider_id"])
    open_rows: dict[str, Any] = {"sqlite_where": OUTBOX_OPEN, "postgresql_where": OUTBOX_OPEN}
    op.create_index("ix_outbox_open", "outbox", ["channel", "id"], **open_rows)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("outbox", "inbox", "addresses", "contacts"):
        op.drop_table(table)
