"""Tables of the catalogue."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(80)


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=null)


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _create(name: str, key: list[str], *items: sa.schema.SchemaItem) -> None:
    table = f"catalogue_{name}"
    op.create_table(table, *items, sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"))


def _to(column: str, table: str, name: str, **options: Any) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"catalogue_{table}.id"], name=name, **options)


def _within(column: str, table: str) -> sa.ForeignKeyConstraint:
    target = f"catalogue_{table}"
    return sa.ForeignKeyConstraint(
        ["organisation_id", column], [f"{target}.organisation_id", f"{target}.id"], name=f"fk_{column}"
    )


def _sourced() -> list[sa.schema.SchemaItem]:
    return [
        _column("source", ID),
        _column("grade", sa.String(1), null=True),
        _column("jurisdiction", sa.String(6), null=True),
        _text("note", null=True),
        _within("source", "source"),
    ]


def _of_organisation(name: str, *items: sa.schema.SchemaItem) -> None:
    _create(
        name,
        ["organisation_id", "id"],
        _column("organisation_id", ID),
        _column("id", ID),
        _column("position", sa.Integer),
        _to("organisation_id", "public_organisation", "fk_organisation"),
        *items,
    )


def _of_service(name: str, *items: sa.schema.SchemaItem, kind: bool = False) -> None:
    key = ["kind"] if kind else []
    _create(
        name,
        ["service_id", "position", *key],
        _column("service_id", ID),
        _column("position", sa.Integer),
        _column("organisation_id", ID),
        _to("service_id", "public_service", "fk_service"),
        *items,
    )
    op.create_index(f"ix_catalogue_{name}_organisation_id", f"catalogue_{name}", ["organisation_id"])


def _fact(name: str, *items: sa.schema.SchemaItem, kind: bool = False) -> None:
    _of_service(name, _text("text"), *_sourced(), *items, kind=kind)


def _version() -> None:
    _create(
        "version",
        ["id"],
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        _column("number", sa.Integer),
        _column("content_hash", sa.String(64)),
        _column("changed_at", UtcDateTime, null=True),
    )
    # The row that imports lock and readers poll.
    op.execute("INSERT INTO catalogue_version (id, number, content_hash, changed_at) VALUES (1, 0, '', NULL)")


def _organisation() -> None:
    _create(
        "public_organisation",
        ["id"],
        _column("id", ID),
        _text("name"),
        _column("also", sa.JSON),
        _column("jurisdiction", sa.String(6)),
        _column("spatial", sa.String(2)),
        _text("parent", null=True),
        _text("description", null=True),
        _column("withdrawn_at", UtcDateTime, null=True),
    )
    _of_organisation(
        "source",
        _text("title"),
        _text("url", null=True),
        _column("published", sa.String(10), null=True),
        _column("retrieved", sa.Date),
        _column("grade", sa.String(1)),
        _column("jurisdiction", sa.String(6)),
        _text("note", null=True),
    )
    _of_organisation(
        "contact_point",
        _text("text", null=True),
        _column("telephone", sa.JSON),
        _column("email", sa.JSON),
        _text("page", null=True),
        _text("hours", null=True),
        *_sourced(),
    )
    _of_organisation(
        "legal_resource", _text("title"), _column("source", ID), _text("note", null=True), _within("source", "source")
    )


def _service() -> None:
    completes = ("eligibility", "requirements", "evidence", "steps", "costs")
    _create(
        "public_service",
        ["id"],
        _column("id", ID),
        _column("organisation_id", ID),
        _column("position", sa.Integer),
        _text("name"),
        _column("also", sa.JSON),
        _column("keywords", sa.JSON),
        _text("description"),
        _text("code", null=True),
        _column("grade", sa.String(1)),
        _column("jurisdiction", sa.String(6)),
        _column("status", sa.String(10)),
        _column("audience", sa.JSON),
        *(_column(f"{name}_complete", sa.Boolean, null=True) for name in completes),
        _column("withdrawn_at", UtcDateTime, null=True),
        _to("organisation_id", "public_organisation", "fk_organisation"),
    )
    op.create_index("ix_catalogue_public_service_organisation_id", "catalogue_public_service", ["organisation_id"])


def _facts() -> None:
    _fact("requirement", _column("kind", sa.String(11)), kind=True)
    _fact("evidence")
    _fact("step")
    _fact("rule")
    _fact("note", _column("kind", sa.String(6)), kind=True)
    _fact(
        "cost",
        _column("id", ID),
        _column("amount", sa.Double, null=True),
        _column("currency", sa.String(3)),
        _column("percent", sa.Double, null=True),
        _text("percent_of", null=True),
        _column("free", sa.Boolean),
        _column("base", sa.Double, null=True),
        _column("surcharge", sa.Double, null=True),
        _text("surcharge_text", null=True),
    )
    _fact(
        "duration",
        _column("kind", sa.String(10)),
        _column("days", sa.Double, null=True),
        _column("working", sa.Boolean),
    )
    _fact(
        "service_channel",
        _column("id", ID),
        _column("kind", sa.String(7)),
        _text("hours", null=True),
        _text("url", null=True),
    )


def _links() -> None:
    deferred: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}
    _of_service("output", _text("name"))
    _of_service("service_event", _column("target", ID), _to("target", "event", "fk_target", **deferred))
    _of_service("service_relation", _column("target", ID), _to("target", "public_service", "fk_target", **deferred))
    _of_service("service_contact", _column("target", ID), _within("target", "contact_point"))
    _of_service("service_legal", _column("target", ID), _within("target", "legal_resource"))


def upgrade() -> None:
    """Create the tables."""
    _version()
    _organisation()
    _create(
        "event",
        ["id"],
        _column("id", ID),
        _column("position", sa.Integer),
        _column("kind", sa.String(8)),
        _text("name"),
    )
    _service()
    _facts()
    _links()


def downgrade() -> None:
    """Drop the tables."""
    for name in (
        *("service_legal", "service_contact", "service_relation", "service_event", "output"),
        *("service_channel", "duration", "cost", "note", "rule", "step", "evidence", "requirement"),
        *("public_service", "event", "legal_resource", "contact_point", "source", "public_organisation", "version"),
    ):
        op.drop_table(f"catalogue_{name}")
