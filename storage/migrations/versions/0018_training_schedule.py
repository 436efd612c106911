"""Training that recurs, and everybody who wrote a draft or a proposal."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the columns; of what there is, who is known as its author."""
    op.create_table(
        "training_schedule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("weekdays", sa.JSON, nullable=False),
        sa.Column("next_at", UtcDateTime),
        sa.Column("last_at", UtcDateTime),
        sa.Column("outcome", sa.String(10)),
        sa.Column("proposal", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_training_schedule"),
        sa.ForeignKeyConstraint(["proposal"], ["proposals.id"], name="fk_training_schedule_proposal_proposals"),
    )
    for table, key, author in (("drafts", "path", "by"), ("proposals", "id", "author")):
        op.add_column(table, sa.Column("authors", sa.JSON, nullable=False, server_default="[]"))
        rows = sa.table(table, sa.column(key), sa.column(author), sa.column("authors", sa.JSON))
        for one in op.get_bind().execute(sa.select(rows.c[key], rows.c[author])).all():
            op.execute(rows.update().where(rows.c[key] == one[0]).values(authors=[one[1]]))


def downgrade() -> None:
    """Drop them."""
    for table in ("proposals", "drafts"):
        op.drop_column(table, "authors")
    op.drop_table("training_schedule")
