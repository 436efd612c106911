"""What staff decided about messages that were not answered, and gaps of the catalogue that they found."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MISSED = sa.text("text IS NOT NULL AND reply_kind IN ('out_of_scope', 'ambiguous', 'unavailable')")


def upgrade() -> None:
    """Create the tables, and an index of what was not answered."""
    op.create_table(
        "inbox_reviews",
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_inbox_reviews"),
    )
    op.create_table(
        "catalogue_gaps",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("service", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(40), nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_gaps"),
    )
    op.create_index("ix_inbox_missed", "inbox", ["id"], sqlite_where=_MISSED, postgresql_where=_MISSED)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_inbox_missed", "inbox")
    op.drop_table("catalogue_gaps")
    op.drop_table("inbox_reviews")
