"""What callers read: every fact with its source, from one moment, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from integrations.catalogue.document import Content, PublicService
from integrations.catalogue.errors import ServiceNotFound
from integrations.catalogue.importer import import_content
from integrations.catalogue.model import Provenance, StatementList
from integrations.catalogue.repository import SqlCatalogue
from storage import SyncDatabase


@contextmanager
def statements(database: SyncDatabase) -> Iterator[list[str]]:
    """The SELECTs that reach the database meanwhile."""
    seen: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    yield seen
    event.remove(database.engine, "before_cursor_execute", listen)


def texts(stated: StatementList | None) -> list[str]:
    assert stated is not None
    return [item.text for item in stated.items]


def test_a_service_is_read_with_the_source_of_every_fact(
    database: SyncDatabase, catalogue: SqlCatalogue, content: Content
) -> None:
    import_content(database, content)
    card = catalogue.service("vaccination-card")
    assert card.authority.name == "وزارة الصحة" and card.status == "suspended"
    assert card.status_statement and card.status_statement.provenance.jurisdiction == "ADE"
    assert texts(card.steps) == ["اذهب إلى المركز الصحي.", "سجل الطفل.", "خذ البطاقة."]
    assert card.evidence and (card.evidence.complete, card.evidence.items[0].note) == (False, "أو إشعار الولادة")
    assert card.evidence.items[1].provenance == Provenance(
        "موقع الوزارة في صنعاء", None, "2025-11", date(2026, 1, 15), "C", "SAN"
    )
    assert card.contacts[0].telephone == ("01234567", "+967 1 252211")
    assert [(law.text, law.provenance.source) for law in card.legal] == [
        ("القانون رقم (4) لسنة 2009", "قانون الصحة العامة")
    ]
    assert (card.related, card.events, card.outputs) == (("food-permit",), ("birth",), ("بطاقة التطعيم",))


def test_free_percent_amount_and_not_stated_stay_apart(sqlite: SyncDatabase, content: Content) -> None:
    import_content(sqlite, content)
    catalogue = SqlCatalogue(sqlite)
    costs = catalogue.service("vaccination-card").costs
    assert [(cost.amount, cost.percent, cost.free) for cost in costs] == [
        (500, None, False),
        (None, 0.25, False),
        (None, None, True),
        (None, None, False),
        (20.5, None, False),
    ]
    assert [cost.provenance.verified for cost in costs] == [True, True, True, True, False]
    assert (costs[0].base, costs[0].surcharge, costs[4].currency) == (400, 100, "USD")


def test_not_stated_is_none_and_not_an_empty_list(sqlite: SyncDatabase, content: Content) -> None:
    import_content(sqlite, content)
    catalogue = SqlCatalogue(sqlite)
    permit = catalogue.service("food-permit")
    assert (permit.evidence, permit.steps, permit.eligibility, permit.requirements) == (None, None, None, None)
    assert (permit.costs, permit.costs_complete, permit.verified) == ((), False, False)


def test_an_unknown_service_is_not_found(sqlite: SyncDatabase, content: Content) -> None:
    import_content(sqlite, content)
    catalogue = SqlCatalogue(sqlite)
    with pytest.raises(ServiceNotFound, match="no service 'passport'"):
        catalogue.service("passport")


def test_services_authorities_and_events_come_in_order(sqlite: SyncDatabase, content: Content) -> None:
    import_content(sqlite, content)
    catalogue = SqlCatalogue(sqlite)
    assert [service.id for service in catalogue.services()] == ["vaccination-card", "food-permit", "boat-licence"]
    assert [authority.id for authority in catalogue.authorities()] == ["health", "port"]
    assert catalogue.events() == content.events
    with pytest.raises(ValueError, match="SAN or ADE"):
        catalogue.services("XXX")


def many(content: Content, number: int) -> Content:
    """The small catalogue with `number` copies of its richest service."""
    health, port = content.authorities
    card = health.services[0]
    copies: tuple[PublicService, ...] = tuple(
        card.model_copy(update={"id": f"card-{place}"}) for place in range(number)
    )
    return content.model_copy(
        update={"authorities": (health.model_copy(update={"services": (*health.services, *copies)}), port)}
    )


def test_the_number_of_queries_does_not_grow(sqlite: SyncDatabase, content: Content) -> None:
    catalogue = SqlCatalogue(sqlite)
    counts = []
    for number in (0, 200):
        import_content(sqlite, many(content, number))
        with statements(sqlite) as seen:
            assert len(catalogue.services()) == 3 + number
        counts.append(len(seen))
    assert counts[0] == counts[1] < 25
    with statements(sqlite) as seen:
        catalogue.version()
    assert len(seen) == 1


def test_a_reader_sees_one_moment(
    database_url: str, database: SyncDatabase, catalogue: SqlCatalogue, content: Content
) -> None:
    """An import that commits between two of a reader's queries must not mix two versions in its answer."""
    import_content(database, content)
    health, port = content.authorities
    emptied = content.model_copy(update={"authorities": (health.model_copy(update={"services": ()}), port)})
    writer = SyncDatabase(database_url)

    def interfere(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM catalogue_public_service" in statement and catalogue.version() == 1:
            import_content(writer, emptied)

    event.listen(database.engine, "after_cursor_execute", interfere)
    try:
        seen = catalogue.content()
    finally:
        event.remove(database.engine, "after_cursor_execute", interfere)
        writer.close()
    assert seen == content
    assert catalogue.version() == 2 and catalogue.content().authorities[0].services == ()
