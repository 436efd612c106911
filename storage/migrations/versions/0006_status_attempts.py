"""Attempts to learn where an application stands, for limits."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "status_attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("guessable", sa.Boolean, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_status_attempts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_status_attempts_conversation_at", "status_attempts", ["conversation", "at"])
    op.create_index("ix_status_attempts_reference_at", "status_attempts", ["reference", "at"])
    op.create_index("ix_status_attempts_at", "status_attempts", ["at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("status_attempts")
