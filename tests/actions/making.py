"""Hand-made values of the catalogue, and a catalogue in memory that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from integrations.catalogue.document import Event
from integrations.catalogue.live import LiveCatalogue
from integrations.catalogue.model import (
    Authority,
    ContactPoint,
    Cost,
    Duration,
    Provenance,
    PublicService,
    ServiceChannel,
    Statement,
    StatementList,
)

AUTHORITY = Authority("civil-status", "مصلحة الأحوال المدنية", ("الأحوال",), None, "BOTH")


def origin(grade: str = "A", source: str = "قانون الأحوال", published: str | None = "2025-11-16") -> Provenance:
    return Provenance(source, None, published, date(2026, 11, 22), grade, "BOTH")  # type: ignore[arg-type]


def said(*texts: str, grade: str = "A", complete: bool = True) -> StatementList:
    return StatementList(tuple(Statement(text, origin(grade)) for text in texts), complete)


def cost(text: str = "رسم الإصدار", **fields: Any) -> Cost:
    unset = dict.fromkeys(("amount", "percent", "percent_of", "base", "surcharge", "surcharge_text"))
    return Cost(**{"text": text, "currency": "YER", "free": False, "provenance": origin(), **unset, **fields})


def duration(kind: str, text: str, grade: str = "A") -> Duration:
    return Duration(kind, text, None, False, origin(grade))


def office(text: str, hours: str | None = None, grade: str = "A") -> ServiceChannel:
    return ServiceChannel("office", text, hours, None, origin(grade))


def contact(text: str | None = None, *, phone: str = "", hours: str | None = None, grade: str = "A") -> ContactPoint:
    return ContactPoint(text, (phone,) if phone else (), (), None, hours, origin(grade))


def service(identifier: str = "id-card", name: str = "البطاقة الشخصية", **fields: Any) -> PublicService:
    """A service of which nothing is stated but what `fields` say."""
    unset = dict.fromkeys(("code", "status_statement", "eligibility", "requirements", "evidence", "steps"))
    names = ("also", "keywords", "audience", "events", "related", "outputs", "rules", "legal", "notes")
    empty = dict.fromkeys((*names, "costs", "durations", "channels", "contacts"), ())
    given = {"costs_complete": True, "status": "in-force", **fields}
    about = {"description": f"إصدار {name}", "grade": "A", "jurisdiction": "BOTH", "authority": AUTHORITY}
    return PublicService(id=identifier, name=name, **{**unset, **empty, **about, **given})  # type: ignore[arg-type]


class InMemoryCatalogue:
    """A `Catalogue` whose services are given; `publish` changes them."""

    def __init__(self, services: Sequence[PublicService]) -> None:
        self._services = tuple(services)
        self._version = 1

    def publish(self, services: Sequence[PublicService]) -> None:
        self._services = tuple(services)
        self._version += 1

    def version(self) -> int:
        return self._version

    def service(self, service_id: str) -> PublicService:
        return next(service for service in self._services if service.id == service_id)

    def services(self, jurisdiction: str | None = None) -> tuple[PublicService, ...]:
        return self._services

    def authorities(self) -> tuple[Authority, ...]:
        return tuple({service.authority.id: service.authority for service in self._services}.values())

    def events(self) -> tuple[Event, ...]:
        return ()


def live(*services: PublicService, jurisdiction: str = "SAN") -> LiveCatalogue:
    return LiveCatalogue(InMemoryCatalogue(services), jurisdiction)
