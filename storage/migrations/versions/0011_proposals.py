"""Proposals of the staff console and the files they change."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("train_at", UtcDateTime, nullable=False),
        sa.Column("started_at", UtcDateTime),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        sa.Column("against", sa.String(100), nullable=False),
        sa.Column("data", sa.String(64), nullable=False),
        sa.Column("report", sa.JSON),
        sa.Column("reviewer", sa.String(40), nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("published_at", UtcDateTime),
        sa.Column("rolled_back_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_state", "proposals", ["state"])
    op.create_table(
        "proposal_files",
        sa.Column("proposal_id", sa.Integer, nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "path", name="pk_proposal_files"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_proposal_files_proposal_id_proposals"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("proposal_files")
    op.drop_table("proposals")
