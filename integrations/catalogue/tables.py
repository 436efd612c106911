"""The catalogue's tables: CPSV-AP 3.2's classes, with our extension columns.

Column names are the fields of `document.py`, so that a row and its document part convert by name (`store.py`).
A fact's `grade` and `jurisdiction` are null when its source's hold. `position` keeps the order of the file.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Double, ForeignKey, ForeignKeyConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from storage import Base, UtcDateTime

_ID = String(80)


def _to(table: str, name: str, *, deferred: bool = False) -> ForeignKey:
    """A foreign key to a table's id. The base's naming convention would give names too long for PostgreSQL."""
    initially = "DEFERRED" if deferred else None
    return ForeignKey(f"catalogue_{table}.id", name=name, deferrable=deferred or None, initially=initially)


def _within_organisation(column: str, table: str) -> SchemaItem:
    """A foreign key to a part of the same authority's file."""
    target = f"catalogue_{table}"
    return ForeignKeyConstraint(
        ["organisation_id", column], [f"{target}.organisation_id", f"{target}.id"], name=f"fk_{column}"
    )


class CatalogueVersion(Base):
    """The one row (id 1) that readers poll: `number` grows with every import that changed something.

    content_hash: SHA-256 (hex) of what is in force; two databases with the same content have the same hash.
    """

    __tablename__ = "catalogue_version"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PublicOrganisation(Base):
    """cv:PublicOrganisation. `withdrawn_at` is set while the source has no file of it."""

    __tablename__ = "catalogue_public_organisation"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    also: Mapped[list[str]] = mapped_column(JSON)
    jurisdiction: Mapped[str] = mapped_column(String(6))
    spatial: Mapped[str] = mapped_column(String(2))
    parent: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Event(Base):
    """cv:LifeEvent or cv:BusinessEvent."""

    __tablename__ = "catalogue_event"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Text)


class _OfOrganisation:
    """A part of an authority's file, named by an identifier that is unique in the file."""

    organisation_id: Mapped[str] = mapped_column(_ID, _to("public_organisation", "fk_organisation"), primary_key=True)
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)


class Source(_OfOrganisation, Base):
    """Where facts are from (ours)."""

    __tablename__ = "catalogue_source"
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    published: Mapped[str | None] = mapped_column(String(10))
    retrieved: Mapped[date]
    grade: Mapped[str] = mapped_column(String(1))
    jurisdiction: Mapped[str] = mapped_column(String(6))
    note: Mapped[str | None] = mapped_column(Text)


class _Sourced:
    """What every fact carries."""

    source: Mapped[str] = mapped_column(_ID)
    grade: Mapped[str | None] = mapped_column(String(1))
    jurisdiction: Mapped[str | None] = mapped_column(String(6))
    note: Mapped[str | None] = mapped_column(Text)


class ContactPoint(_OfOrganisation, _Sourced, Base):
    """cv:ContactPoint."""

    __tablename__ = "catalogue_contact_point"
    __table_args__ = (_within_organisation("source", "source"),)
    text: Mapped[str | None] = mapped_column(Text)
    telephone: Mapped[list[str]] = mapped_column(JSON)
    email: Mapped[list[str]] = mapped_column(JSON)
    page: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(Text)


class LegalResource(_OfOrganisation, Base):
    """eli:LegalResource."""

    __tablename__ = "catalogue_legal_resource"
    __table_args__ = (_within_organisation("source", "source"),)
    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(_ID)
    note: Mapped[str | None] = mapped_column(Text)


class PublicService(Base):
    """cpsv:PublicService.

    `*_complete`: null when the list is not stated at all, false when more exists than the source showed.
    `withdrawn_at` is set while the source does not have the service; its facts stay as they last were.
    """

    __tablename__ = "catalogue_public_service"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(_ID, _to("public_organisation", "fk_organisation"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    also: Mapped[list[str]] = mapped_column(JSON)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    description: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(String(1))
    jurisdiction: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(10))
    audience: Mapped[list[str]] = mapped_column(JSON)
    eligibility_complete: Mapped[bool | None] = mapped_column(Boolean)
    requirements_complete: Mapped[bool | None] = mapped_column(Boolean)
    evidence_complete: Mapped[bool | None] = mapped_column(Boolean)
    steps_complete: Mapped[bool | None] = mapped_column(Boolean)
    costs_complete: Mapped[bool | None] = mapped_column(Boolean)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class _OfService:
    """A part of a service."""

    service_id: Mapped[str] = mapped_column(_ID, _to("public_service", "fk_service"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(_ID, index=True)


class _Fact(_OfService, _Sourced):
    """A text and where it is from."""

    text: Mapped[str] = mapped_column(Text)


class Requirement(_Fact, Base):
    """cv:Requirement. kind: eligibility (who may have the service) or condition."""

    __tablename__ = "catalogue_requirement"
    __table_args__ = (_within_organisation("source", "source"),)
    kind: Mapped[str] = mapped_column(String(11), primary_key=True)


class Evidence(_Fact, Base):
    """cv:Evidence: a paper to bring."""

    __tablename__ = "catalogue_evidence"
    __table_args__ = (_within_organisation("source", "source"),)


class Step(_Fact, Base):
    """What to do, in order (ours)."""

    __tablename__ = "catalogue_step"
    __table_args__ = (_within_organisation("source", "source"),)


class Rule(_Fact, Base):
    """cpsv:Rule."""

    __tablename__ = "catalogue_rule"
    __table_args__ = (_within_organisation("source", "source"),)


class Note(_Fact, Base):
    """A warning (ours). kind: note (shown with any answer) or status (why the status is what it is)."""

    __tablename__ = "catalogue_note"
    __table_args__ = (_within_organisation("source", "source"),)
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)


class Cost(_Fact, Base):
    """cv:Cost. Neither amount, percent nor free: the fee exists and is not stated."""

    __tablename__ = "catalogue_cost"
    __table_args__ = (_within_organisation("source", "source"),)
    id: Mapped[str] = mapped_column(_ID)
    amount: Mapped[float | None] = mapped_column(Double)
    currency: Mapped[str] = mapped_column(String(3))
    percent: Mapped[float | None] = mapped_column(Double)
    percent_of: Mapped[str | None] = mapped_column(Text)
    free: Mapped[bool] = mapped_column(Boolean)
    base: Mapped[float | None] = mapped_column(Double)
    surcharge: Mapped[float | None] = mapped_column(Double)
    surcharge_text: Mapped[str | None] = mapped_column(Text)


class Duration(_Fact, Base):
    """A processing time, a deadline or a validity (ours; days)."""

    __tablename__ = "catalogue_duration"
    __table_args__ = (_within_organisation("source", "source"),)
    kind: Mapped[str] = mapped_column(String(10))
    days: Mapped[float | None] = mapped_column(Double)
    working: Mapped[bool] = mapped_column(Boolean)


class ServiceChannel(_Fact, Base):
    """cv:Channel."""

    __tablename__ = "catalogue_service_channel"
    __table_args__ = (_within_organisation("source", "source"),)
    id: Mapped[str] = mapped_column(_ID)
    kind: Mapped[str] = mapped_column(String(7))
    hours: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)


class Output(_OfService, Base):
    """cv:Output: what the citizen gets."""

    __tablename__ = "catalogue_output"
    name: Mapped[str] = mapped_column(Text)


class ServiceEvent(_OfService, Base):
    """cv:isGroupedBy."""

    __tablename__ = "catalogue_service_event"
    target: Mapped[str] = mapped_column(_ID, _to("event", "fk_target", deferred=True))


class ServiceRelation(_OfService, Base):
    """cv:relatedService."""

    __tablename__ = "catalogue_service_relation"
    target: Mapped[str] = mapped_column(_ID, _to("public_service", "fk_target", deferred=True))


class ServiceContact(_OfService, Base):
    """cv:contactPoint."""

    __tablename__ = "catalogue_service_contact"
    __table_args__ = (_within_organisation("target", "contact_point"),)
    target: Mapped[str] = mapped_column(_ID)


class ServiceLegal(_OfService, Base):
    """cv:hasLegalResource."""

    __tablename__ = "catalogue_service_legal"
    __table_args__ = (_within_organisation("target", "legal_resource"),)
    target: Mapped[str] = mapped_column(_ID)
