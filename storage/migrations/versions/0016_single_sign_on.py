"""Accounts of the ministry's OpenID provider that members of staff have linked."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An account is one person's."""
    op.add_column("staff", sa.Column("sso_issuer", sa.String(300)))
    op.add_column("staff", sa.Column("sso_subject", sa.String(255)))
    op.create_index("ix_staff_sso", "staff", ["sso_issuer", "sso_subject"], unique=True)


def downgrade() -> None:
    """Take them away; who has no password then needs a new invitation."""
    op.drop_index("ix_staff_sso", "staff")
    op.drop_column("staff", "sso_subject")
    op.drop_column("staff", "sso_issuer")
