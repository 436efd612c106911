"""Who follows which application, and how far the agencies' feeds were read."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ENDED = sa.text("ended_at IS NOT NULL")
TO_TELL = sa.text("news IS NOT NULL AND ended_at IS NULL")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "followings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("subscription", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("word", sa.String(64)),
        sa.Column("at", UtcDateTime),
        sa.Column("news", sa.JSON(none_as_null=True)),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("told_at", UtcDateTime),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_followings"),
        sa.UniqueConstraint("subscription", "agency", name="uq_followings_subscription_agency"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_followings_agency", "followings", ["agency"])
    op.create_index("ix_followings_ended", "followings", ["agency"], sqlite_where=ENDED, postgresql_where=ENDED)
    op.create_index("ix_followings_conversation", "followings", ["conversation"])
    op.create_index("ix_followings_news", "followings", ["due_at"], sqlite_where=TO_TELL, postgresql_where=TO_TELL)
    _create_waits()
    op.create_table(
        "exchange_feeds",
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("cursor", sa.String(200)),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("renewed_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("agency", name="pk_exchange_feeds"),
    )


def _create_waits() -> None:
    op.create_table(
        "exchange_waits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("back_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_waits"),
        sa.UniqueConstraint("conversation", "agency", name="uq_exchange_waits_conversation_agency"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exchange_waits_agency", "exchange_waits", ["agency"])
    op.create_index("ix_exchange_waits_back_at", "exchange_waits", ["back_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("exchange_waits")
    op.drop_table("exchange_feeds")
    op.drop_table("followings")
