"""Drafts over the training data, and the test sentences of fixed misses."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "drafts",
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_drafts"),
    )
    op.create_table(
        "draft_seen",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_draft_seen"),
    )
    op.create_index("ix_draft_seen_at", "draft_seen", ["at"])
    op.create_table(
        "test_sentences",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("service", sa.String(80)),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_test_sentences"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("test_sentences", "draft_seen", "drafts"):
        op.drop_table(name)
