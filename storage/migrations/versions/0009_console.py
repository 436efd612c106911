"""Staff of the console, their sessions, and the audit log that only grows."""

import sqlalchemy as sa
from alembic import op

from storage import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_SQLITE = """
CREATE TRIGGER audit_log_no_{act} BEFORE {act} ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
"""
_POSTGRESQL = (
    """
CREATE FUNCTION audit_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$
""",
    """
CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION audit_log_only_grows()
""",
)


def upgrade() -> None:
    """Create the tables."""
    _staff()
    op.create_table(
        "staff_grants",
        _staff_id(),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("ministry", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "role", "ministry", name="pk_staff_grants"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_grants_staff_id_staff"),
    )
    op.create_table(
        "staff_recovery",
        _staff_id(),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "digest", name="pk_staff_recovery"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_recovery_staff_id_staff"),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("digest", sa.String(64), nullable=False),
        _staff_id(),
        sa.Column("totp_secret", sa.String(300), nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_staff_invitations"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_invitations_staff_id_staff"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        _staff_id(),
        sa.Column("second", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("proved_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id_staff"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    _audit()


def _staff_id() -> sa.Column[int]:
    return sa.Column("staff_id", sa.Integer, nullable=False)


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("shown", sa.String(80), nullable=False),
        sa.Column("password", sa.String(200)),
        sa.Column("totp_secret", sa.String(300)),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("disabled_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
    )


def _audit() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", _SEQUENCE, nullable=False, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    for name in ("at", "actor", "action"):
        op.create_index(f"ix_audit_log_{name}", "audit_log", [name])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("last", _SEQUENCE, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "last": 0, "hash": "0" * 64}])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(act=act))
    else:
        for statement in _POSTGRESQL:
            op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("audit_head")
    op.drop_table("audit_log")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_log_only_grows()")
    for name in ("staff_sessions", "staff_invitations", "staff_recovery", "staff_grants", "staff"):
        op.drop_table(name)
