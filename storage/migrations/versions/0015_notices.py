"""Notices of the ministry, and channels that are stopped."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; who was told of a stop, and what goes out in spite of one."""
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("channels", sa.JSON, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("author", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.Column("withdrawn_by", sa.String(60)),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_ends_at", "notices", ["ends_at"])
    op.create_table(
        "notices_told",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "notice_id", name="pk_notices_told"),
        sa.ForeignKeyConstraint(["conversation"], ["contacts.id"], name="fk_notices_told_conversation_contacts"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_notices_told_notice_id_notices"),
    )
    op.create_index("ix_notices_told_notice_id", "notices_told", ["notice_id"])
    op.create_table(
        "channel_switches",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("stopped_at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("stopped_by", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_switches"),
    )
    op.add_column("contacts", sa.Column("stop_told", UtcDateTime))
    op.add_column("outbox", sa.Column("through", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("outbox", "through")
    op.drop_column("contacts", "stop_told")
    for table in ("channel_switches", "notices_told", "notices"):
        op.drop_table(table)
