"""Import: whole or not at all, nothing twice, nothing deleted, whatever else imports at the same time."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from integrations.catalogue import importer, store, tables
from integrations.catalogue.document import Content
from integrations.catalogue.errors import CatalogueInvalid, ServiceNotFound, ServiceWithdrawn
from integrations.catalogue.importer import content_hash, import_content, import_folder
from integrations.catalogue.reader import read_folder
from integrations.catalogue.repository import SqlCatalogue
from storage import SyncDatabase, utc_now
from tests.catalogue.conftest import FIXTURES, edit

ALL = ("vaccination-card", "food-permit", "boat-licence")


def ids(catalogue: SqlCatalogue) -> set[str]:
    return {service.id for service in catalogue.services()}


def version_row(database: SyncDatabase) -> tuple[int, str, datetime | None]:
    with database.read() as session:
        row = session.scalars(select(tables.CatalogueVersion)).one()
    return row.number, row.content_hash, row.changed_at


def without_port(folder: Path) -> Content:
    (folder / "port.yml").unlink()
    return read_folder(folder)


def without_card(folder: Path) -> Content:
    """The small catalogue without its richest service, and without all that only this service used."""
    path = folder / "health.yml"
    head, tail = path.read_text("utf-8").split("sources:", 1)
    permit = tail[tail.index("  - id: food-permit") :].replace("related: [vaccination-card]", "")
    source = tail[: tail.index("  - id: site-sanaa")]
    path.write_text(f"{head}sources:{source}services:\n{permit}", "utf-8")
    return read_folder(folder)


def test_the_first_import_adds_everything(database: SyncDatabase, catalogue: SqlCatalogue, content: Content) -> None:
    assert catalogue.version() == 0 and catalogue.services() == ()
    report = import_folder(database, FIXTURES)
    assert (report.added, report.changed, report.withdrawn, report.version) == (ALL, (), (), 1)
    assert catalogue.content() == content
    number, digest, changed_at = version_row(database)
    assert (number, digest) == (1, content_hash(content))
    assert changed_at and utc_now() - changed_at < timedelta(minutes=5)


def test_importing_the_same_again_changes_nothing(
    database: SyncDatabase, catalogue: SqlCatalogue, content: Content
) -> None:
    import_content(database, content)
    before = version_row(database)
    report = import_content(database, content)
    assert not report.anything and list(report.lines()) == ["catalogue version 1 (nothing changed)"]
    assert version_row(database) == before


def test_a_changed_fact_is_reported_and_read(database: SyncDatabase, catalogue: SqlCatalogue, folder: Path) -> None:
    import_folder(database, folder)
    edit(folder / "port.yml", "amount: 3000", "amount: 3500")
    report = import_folder(database, folder)
    assert list(report.lines()) == ["changed: boat-licence", "catalogue version 2"]
    assert catalogue.service("boat-licence").costs[0].amount == 3500


def test_a_source_that_changed_changes_the_services_that_stand_on_it(database: SyncDatabase, folder: Path) -> None:
    import_folder(database, folder)
    edit(folder / "health.yml", "    retrieved: 2026-01-15\n    grade: C", "    retrieved: 2026-01-16\n    grade: C")
    assert import_folder(database, folder).changed == ("vaccination-card",)


def test_what_no_service_shows_is_reported_too(database: SyncDatabase, folder: Path) -> None:
    import_folder(database, folder)
    edit(folder / "health.yml", "تشرف على المستشفيات.", "تشرف على المستشفيات والمراكز.")
    edit(folder / "events.yml", "ولادة طفل", "قدوم طفل")
    assert import_folder(database, folder).other == ("health", "events")


def test_a_service_gone_from_the_source_is_withdrawn_and_comes_back(
    database: SyncDatabase, catalogue: SqlCatalogue, content: Content, folder: Path
) -> None:
    import_content(database, content)
    full = catalogue.service("vaccination-card")
    smaller = without_card(folder)
    report = import_content(database, smaller)
    assert (report.withdrawn, report.version) == (("vaccination-card",), 2)
    assert ids(catalogue) == {"food-permit", "boat-licence"}
    assert not import_content(database, smaller).anything
    report = import_content(database, content)
    assert (report.returned, report.added) == (("vaccination-card",), ())
    assert catalogue.service("vaccination-card") == full


def test_a_withdrawn_service_keeps_its_facts_and_its_date(
    database: SyncDatabase, catalogue: SqlCatalogue, content: Content, folder: Path
) -> None:
    import_content(database, content)
    gone = datetime(2026, 11, 1, tzinfo=timezone.utc)
    smaller = without_card(folder)
    import_content(database, smaller, now=gone)
    edit(folder / "port.yml", "amount: 3000", "amount: 3500")
    import_folder(database, folder)
    with database.read() as session:
        state = store.load(session)
    kept = next(item for item in state.content.authorities[0].services if item.id == "vaccination-card")
    assert kept == content.authorities[0].services[0] and state.withdrawn == {"vaccination-card": gone}
    with pytest.raises(ServiceWithdrawn, match="withdrawn since 2026-11-01"):
        catalogue.service("vaccination-card")


def test_a_file_that_is_gone_withdraws_its_authority(
    database: SyncDatabase, catalogue: SqlCatalogue, content: Content, folder: Path
) -> None:
    import_content(database, content)
    report = import_content(database, without_port(folder))
    assert report.withdrawn == ("boat-licence",)
    assert [authority.id for authority in catalogue.authorities()] == ["health"]
    with pytest.raises(ServiceNotFound):
        catalogue.service("boat-licence")
    assert import_content(database, content).returned == ("boat-licence",)
    assert [authority.id for authority in catalogue.authorities()] == ["health", "port"]


def test_a_service_may_move_to_another_authority(database: SyncDatabase, catalogue: SqlCatalogue, folder: Path) -> None:
    import_folder(database, folder)
    health, port = folder / "health.yml", folder / "port.yml"
    text = health.read_text("utf-8")
    start = text.index("  - id: food-permit")
    health.write_text(text[:start], "utf-8")
    port.write_text(port.read_text("utf-8") + text[start:], "utf-8")
    report = import_folder(database, folder)
    assert (report.changed, report.withdrawn, report.added) == (("food-permit",), (), ())
    assert catalogue.service("food-permit").authority.id == "port"


def test_a_fault_leaves_everything_as_it_was(
    database: SyncDatabase, catalogue: SqlCatalogue, content: Content, folder: Path
) -> None:
    import_content(database, content)
    edit(folder / "port.yml", "amount: 3000", "amount: 3500")
    edit(folder / "health.yml", "code: H-7", "kode: H-7")
    with pytest.raises(CatalogueInvalid):
        import_folder(database, folder)
    assert catalogue.content() == content and catalogue.version() == 1


def test_content_from_elsewhere_is_checked_too(database: SyncDatabase, content: Content) -> None:
    health, port = content.authorities
    broken = content.model_copy(update={"authorities": (health.model_copy(update={"contacts": ()}), port)})
    with pytest.raises(CatalogueInvalid) as invalid:
        import_content(database, broken)
    place = "authorities/health/services/vaccination-card/contacts/1"
    assert invalid.value.faults == (f"{place}: contacts: nothing has the identifier 'ministry'",)
    with pytest.raises(CatalogueInvalid, match="no authority"):
        import_content(database, Content(authorities=()))


def test_an_import_that_dies_half_way_leaves_everything_as_it_was(
    database: SyncDatabase, catalogue: SqlCatalogue, content: Content, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_content(database, content)
    save = store.save

    def dies(*arguments: object) -> None:
        save(*arguments)  # type: ignore[arg-type]
        raise RuntimeError("out of memory")

    monkeypatch.setattr(importer.store, "save", dies)
    with pytest.raises(RuntimeError, match="out of memory"):
        import_content(database, without_port(folder))
    assert catalogue.content() == content and catalogue.version() == 1


def test_imports_at_the_same_time_follow_one_another(
    database_url: str, database: SyncDatabase, catalogue: SqlCatalogue, content: Content, folder: Path
) -> None:
    contents = [content, without_port(folder)] * 3
    start = threading.Barrier(len(contents))
    reports: list[importer.Report] = []

    def run(mine: Content) -> None:
        own = SyncDatabase(database_url)
        start.wait()
        reports.append(import_content(own, mine))
        own.close()

    threads = [threading.Thread(target=run, args=(mine,)) for mine in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    changes = sorted(report.version for report in reports if report.anything)
    assert len(reports) == 6 and changes == list(range(1, len(changes) + 1))
    assert catalogue.version() == changes[-1]
    assert catalogue.content().authorities in (content.authorities, content.authorities[:1])


def test_the_hash_is_of_what_is_in_force(content: Content) -> None:
    turned = content.model_copy(update={"authorities": content.authorities[::-1]})
    other = content.model_copy(update={"authorities": content.authorities[:1]})
    assert content_hash(turned) == content_hash(content) != content_hash(other)
