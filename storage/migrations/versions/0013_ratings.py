"""Ratings by citizens, samples that reviewers judged, what a message was about, and counts of days that are over."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, the columns, and the index by which a period of the log is read."""
    op.add_column("inbox", sa.Column("service", sa.String(80)))
    op.add_column("inbox", sa.Column("confidence", sa.Float))
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "ratings",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("good", sa.Boolean, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_ratings"),
        sa.ForeignKeyConstraint(["message_id"], ["inbox.message_id"], name="fk_ratings_message_id_inbox"),
    )
    op.create_table(
        "reviewed_samples",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_reviewed_samples"),
        sa.ForeignKeyConstraint(["message_id"], ["inbox.message_id"], name="fk_reviewed_samples_message_id_inbox"),
    )
    for table in ("ratings", "reviewed_samples"):
        op.create_index(f"ix_{table}_at", table, ["at"])
    op.create_table(
        "daily_figures",
        sa.Column("measure", sa.String(10), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("value", sa.String(80), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("measure", "day", "channel", "value", name="pk_daily_figures"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("daily_figures", "reviewed_samples", "ratings"):
        op.drop_table(table)
    op.drop_index("ix_inbox_received_at", "inbox")
    op.drop_column("inbox", "confidence")
    op.drop_column("inbox", "service")
