"""Table of what is remembered of remote catalogues."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "remote_catalogue",
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_remote_catalogue"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("remote_catalogue")
