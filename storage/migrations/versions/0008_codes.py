"""Codes by SMS that show whose a number is."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sms_codes",
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_sms_codes"),
    )
    op.create_index("ix_sms_codes_until", "sms_codes", ["until"])
    op.create_table(
        "sms_codes_sent",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sms_codes_sent"),
        sqlite_autoincrement=True,
    )
    for name in ("conversation", "number", "at"):
        op.create_index(f"ix_sms_codes_sent_{name}", "sms_codes_sent", [name])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("sms_codes_sent")
    op.drop_table("sms_codes")
