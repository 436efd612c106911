"""The sample that every new deployment starts with: checked, imported, complete, and honest about its fees."""

from __future__ import annotations

from integrations.catalogue import show
from integrations.catalogue.document import Content
from integrations.catalogue.importer import import_content
from integrations.catalogue.repository import SqlCatalogue
from storage import SyncDatabase

# The fixed identifiers: links, tests and evaluation sets use them.
IDS = """
annual-increment birth-late-registration birth-registration building-permit certificate-equivalence
civil-marriage-entry commercial-register company-registration customs-broker-card customs-import
customs-personal-effects customs-visiting-car death-registration driving-licence electricity-connection exam-results
family-card hajj-registration id-card id-card-replacement investment-registration job-competition
job-seeker-registration land-registry medical-practice-licence mobile-postpaid mofa-attestation ngo-registration
notary-attestation-abroad notary-damaged-deed notary-divorce notary-heirs-partition notary-licence notary-lost-deed
notary-marriage notary-power-of-attorney notary-property-sale notary-true-copy passport passport-abroad
passport-replacement pension police-record residence-permit school-certificate-attestation smart-id-card
tax-clearance tax-registration trade-name traffic-fines university-licence vehicle-ownership-card water-connection
work-permit zakat-payment
""".split()


def test_the_sample_is_imported_and_read_whole(
    database: SyncDatabase, catalogue: SqlCatalogue, sample: Content
) -> None:
    report = import_content(database, sample)
    assert sorted(report.added) == IDS and len(IDS) == 55
    assert not import_content(database, sample).anything
    services = catalogue.services()
    assert sorted(service.id for service in services) == IDS
    assert {authority.id for authority in catalogue.authorities()} == {item.authority.id for item in services}
    assert catalogue.content() == sample


def test_every_service_is_seen_from_both_sides(sqlite: SyncDatabase, sample: Content) -> None:
    import_content(sqlite, sample)
    catalogue = SqlCatalogue(sqlite)
    for side in ("SAN", "ADE"):
        assert sorted(service.id for service in catalogue.services(side)) == IDS


def test_no_fee_below_grade_b_is_verified(sqlite: SyncDatabase, sample: Content) -> None:
    import_content(sqlite, sample)
    costs = [(service, cost) for service in SqlCatalogue(sqlite).services() for cost in service.costs]
    assert {cost.provenance.grade for _service, cost in costs} > {"A", "C"}
    for service, cost in costs:
        assert cost.provenance.verified == (cost.provenance.grade in ("A", "B")), service.id
        shown = next(line for line in show.lines(service) if f". {cost.text}: " in line)
        assert shown.endswith("(غير موثق)") != cost.provenance.verified, shown


def test_services_of_grade_d_and_x_tell_no_fee_as_fact(sqlite: SyncDatabase, sample: Content) -> None:
    import_content(sqlite, sample)
    poor = [service for service in SqlCatalogue(sqlite).services() if service.grade in ("D", "X")]
    assert len(poor) == 16
    assert [service.id for service in poor if any(cost.provenance.verified for cost in service.costs)] == []


def test_every_event_groups_a_service(sample: Content) -> None:
    named = {event for authority in sample.authorities for service in authority.services for event in service.events}
    assert named == {event.id for event in sample.events}
