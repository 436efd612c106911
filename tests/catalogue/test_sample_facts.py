"""The sample catalogue's facts, one by one.

A wrong fee or paper costs a citizen a day's journey, so a fact that changes must change here too, with its source.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from arabic import normalise
from integrations.catalogue.document import Authority, Cost, Events, Fact, PublicService, Source

SAMPLE = Path(__file__).parents[2] / "integrations" / "catalogue" / "sample"

GRADES = {
    "A": "notary-marriage notary-divorce notary-power-of-attorney notary-property-sale notary-heirs-partition"
    " notary-true-copy notary-lost-deed notary-damaged-deed notary-attestation-abroad notary-licence annual-increment"
    " job-competition",
    "B": "id-card birth-registration birth-late-registration passport-abroad commercial-register"
    " investment-registration customs-personal-effects customs-visiting-car customs-broker-card customs-import"
    " vehicle-ownership-card traffic-fines university-licence exam-results hajj-registration mobile-postpaid",
    "C": "id-card-replacement smart-id-card passport passport-replacement company-registration trade-name"
    " tax-registration certificate-equivalence medical-practice-licence pension ngo-registration",
    "D": "residence-permit work-permit zakat-payment building-permit land-registry mofa-attestation",
    "X": "death-registration family-card civil-marriage-entry job-seeker-registration tax-clearance driving-licence"
    " school-certificate-attestation police-record electricity-connection water-connection",
}
JURISDICTIONS = {
    "smart-id-card": "ADE",
    "hajj-registration": "ADE",
    "id-card": "SAN",
    "traffic-fines": "SAN",
    "annual-increment": "SAN",
    "passport-abroad": "ABROAD",
    "birth-registration": "BOTH",
    "commercial-register": "BOTH",
    "customs-import": "BOTH",
}
LISTS = ("eligibility", "requirements", "evidence", "steps", "costs")
FACTS = (*LISTS, "durations", "channels", "rules", "notes")

# Every fee of the sample: what the citizen pays, and whose word it is. Fees of grade C are never told as facts.
COSTS = """
notary-marriage drafting 500 YER A BOTH
notary-marriage notarising 500 YER A BOTH
notary-marriage notary-visit 500 YER A BOTH
notary-divorce drafting 500 YER A BOTH
notary-divorce notarising 500 YER A BOTH
notary-divorce notary-visit 500 YER A BOTH
notary-power-of-attorney drafting 500 YER A BOTH
notary-power-of-attorney notarising 500 YER A BOTH
notary-power-of-attorney notary-visit 500 YER A BOTH
notary-property-sale drafting 1000 YER A BOTH
notary-property-sale notarising 0.25 percent A BOTH
notary-property-sale notary-visit 500 YER A BOTH
notary-heirs-partition notarising 2500 YER A BOTH
notary-heirs-partition notary-visit 500 YER A BOTH
notary-true-copy true-copy-page 100 YER A BOTH
notary-true-copy search 500 YER A BOTH
notary-lost-deed lost-deed-fees not stated A SAN
notary-attestation-abroad attestation 500 YER A BOTH
notary-licence licence 3750 YER A BOTH
notary-licence renewal 2500 YER A BOTH
id-card new 3500 YER C SAN
id-card renewal 3500 YER C SAN
id-card-replacement damaged 6500 YER C SAN
id-card-replacement lost 8500 YER C SAN
smart-id-card smart-card not stated C ADE
birth-registration certificate free of charge B BOTH
passport passport 6500 YER C ADE
passport-replacement damaged not stated C BOTH
passport-replacement lost not stated C BOTH
passport-abroad up-to-8-first 57 EUR B ABROAD
passport-abroad up-to-8-damaged 92 EUR B ABROAD
passport-abroad up-to-8-lost 127 EUR B ABROAD
passport-abroad age-9-18-first 87 EUR B ABROAD
passport-abroad age-9-18-damaged 147 EUR B ABROAD
passport-abroad age-9-18-lost 197 EUR B ABROAD
passport-abroad over-18-first 117 EUR B ABROAD
passport-abroad over-18-damaged 207 EUR B ABROAD
passport-abroad over-18-lost 287 EUR B ABROAD
passport-abroad student-first 42 EUR B ABROAD
passport-abroad student-damaged 77 EUR B ABROAD
passport-abroad student-lost 102 EUR B ABROAD
company-registration trade-name 17020 YER C SAN
company-registration incorporation 15000 YER C SAN
company-registration official-gazette 30000 YER C SAN
company-registration trade-magazine 20000 YER C SAN
company-registration registration-publication 20000 YER C SAN
company-registration registration-card 1020 YER C SAN
company-registration tax-registration free of charge C SAN
company-registration chamber 18900 YER C SAN
company-registration municipal-licence 80000 YER C SAN
commercial-register register not stated B BOTH
trade-name trade-name 17020 YER C SAN
tax-registration registration free of charge C SAN
customs-personal-effects personal-effects free of charge B BOTH
certificate-equivalence translation not stated C SAN
hajj-registration air-1446 14649.83 SAR B ADE
hajj-registration land-1446 14195.58 SAR B ADE
mobile-postpaid line 990 YER B SAN
mobile-postpaid deposit 1000 YER B SAN
mobile-postpaid monthly 500 YER B SAN
"""

# Lists whose source was cut off, or that name only some of what there is.
INCOMPLETE = """
annual-increment eligibility
birth-late-registration evidence steps
birth-registration eligibility
certificate-equivalence evidence steps costs
commercial-register evidence costs
customs-visiting-car requirements evidence
exam-results evidence steps
hajj-registration requirements
id-card-replacement evidence
investment-registration requirements evidence
job-competition requirements steps
medical-practice-licence requirements
ngo-registration requirements
notary-damaged-deed evidence steps
notary-heirs-partition evidence costs
notary-lost-deed costs
notary-marriage steps
passport requirements evidence steps costs
passport-replacement evidence costs
smart-id-card steps costs
trade-name evidence
university-licence requirements evidence
"""

TIMES = [
    ("notary-marriage", "deadline", 10, "10 أيام", "A", "SAN"),
    ("notary-divorce", "deadline", 10, "10 أيام", "A", "SAN"),
    ("notary-power-of-attorney", "deadline", None, "خلال شهر", "A", "SAN"),
    ("notary-property-sale", "deadline", None, "شهرين", "A", "SAN"),
    ("notary-heirs-partition", "deadline", None, "شهرين", "A", "SAN"),
    ("notary-lost-deed", "deadline", 15, "15 يوما بعد نشر", "A", "SAN"),
    ("notary-licence", "validity", None, "ثلاث سنوات", "A", "BOTH"),
    ("notary-licence", "deadline", None, "قبل انتهاء الترخيص بشهر", "A", "BOTH"),
    ("id-card", "validity", None, "عشر سنوات", "B", "SAN"),
    ("birth-registration", "deadline", 60, "60 يوما", "B", "BOTH"),
    ("passport", "validity", None, "ست سنوات", "C", "BOTH"),
    ("annual-increment", "processing", 7, "للموظف الواحد", "A", "SAN"),
    ("job-competition", "processing", 17, "17 يوما", "A", "SAN"),
    ("commercial-register", "deadline", 60, "60 يوما من بدء النشاط", "B", "BOTH"),
    ("customs-visiting-car", "validity", None, "ثلاثة أشهر قابلة للتجديد", "B", "BOTH"),
    ("customs-import", "deadline", 1.5, "36 ساعة", "B", "BOTH"),
    ("customs-import", "deadline", 15, "15 يوما", "B", "BOTH"),
    ("vehicle-ownership-card", "validity", None, "لسنتين أو ثلاث سنوات", "B", "SAN"),
    ("medical-practice-licence", "processing", None, "خلال شهر", "C", "BOTH"),
    ("tax-registration", "processing", 1, "يوم واحد", "C", "SAN"),
]

TEXTS = [
    ("notary-marriage", "eligibility", "بالغين سن الرشد", "A", "SAN"),
    ("notary-marriage", "requirements", "الثلاسيميا. قد يطلب", "A", "SAN"),
    ("notary-marriage", "evidence", "موافقة سفارتها وموافقة وزارة الداخلية", "A", "SAN"),
    ("notary-marriage", "rules", "رئيس المحكمة الابتدائية خلال 30 يوما، ويفصل في شكواك خلال 15 يوما", "A", "BOTH"),
    ("notary-marriage", "rules", "تساوي الرسم الثابت", "A", "SAN"),
    ("notary-marriage", "notes", "يطلب التوعية به فقط", "A", "SAN"),
    ("notary-divorce", "requirements", "توقيع الزوجة مطلوب في الخلع فقط", "A", "SAN"),
    ("notary-power-of-attorney", "requirements", "تصديق القنصلية اليمنية وتصديق وزارة الخارجية", "A", "SAN"),
    ("notary-property-sale", "rules", "5% من الرسم في الشهرين", "A", "SAN"),
    ("notary-property-sale", "rules", "ولا تزيد على 20,000 ريال", "A", "SAN"),
    ("notary-property-sale", "rules", "2% من أول 500,000 ريال، و0.5% مما زاد حتى 10 ملايين، و0.2%", "A", "SAN"),
    ("notary-property-sale", "rules", "الوصايا والأوقاف والنذور", "A", "BOTH"),
    ("notary-property-sale", "evidence", "تشمل البيع وقبض الثمن", "A", "SAN"),
    ("notary-true-copy", "eligibility", "بأمر من المحكمة فقط", "A", "SAN"),
    ("notary-lost-deed", "evidence", "صحيفة الثورة في ثلاثة أعداد متتالية", "A", "SAN"),
    ("notary-lost-deed", "evidence", "البنك المركزي بأن العقار غير مرهون", "A", "SAN"),
    ("notary-licence", "eligibility", "عمره 25 سنة على الأقل", "A", "SAN"),
    ("id-card", "evidence", "مقاس 4×6", "B", "SAN"),
    ("id-card", "evidence", "عاقل الحارة أو من جهة العمل", "B", "SAN"),
    ("id-card", "rules", "في تعز أعلنت بطاقة مجانية", "B", "SAN"),
    ("smart-id-card", "evidence", "بخلفية بيضاء", "C", "ADE"),
    ("birth-late-registration", "evidence", "وعقد الزواج، أو البطاقة العائلية", "B", "SAN"),
    ("birth-late-registration", "notes", "المبلغ غير معروف", "B", "SAN"),
    ("birth-registration", "rules", "بعد الشهر السادس يقيد في سجل الوفيات فقط", "B", "BOTH"),
    ("passport", "requirements", "البطاقة الذكية ورسمها شرط", "C", "ADE"),
    ("passport-abroad", "evidence", "أصل الجواز القديم", "B", "ABROAD"),
    ("annual-increment", "channels", "البونية", "B", "SAN"),
    ("job-competition", "channels", "8000122", "A", "SAN"),
    ("customs-personal-effects", "requirements", "100,000 ريال", "B", "BOTH"),
    ("customs-visiting-car", "requirements", "صالحا شهرين آخرين على الأقل", "B", "BOTH"),
    ("customs-broker-card", "eligibility", "عمره 25 سنة على الأقل", "B", "BOTH"),
    ("customs-import", "rules", "90 يوما يجوز بيعها في المزاد", "B", "BOTH"),
    ("university-licence", "requirements", "مليوني دولار للجامعة، ومليون دولار", "B", "BOTH"),
    ("exam-results", "channels", "160 من هاتف ثابت", "B", "SAN"),
    ("hajj-registration", "notes", "لموسم 1446هـ وقد مضى", "B", "ADE"),
    ("mobile-postpaid", "channels", "رسالة فارغة إلى 181", "B", "SAN"),
    ("pension", "eligibility", "سن 60 مع خدمة 15 سنة", "C", "BOTH"),
    ("ngo-registration", "requirements", "21 شخصا عند تقديم الطلب، و41 شخصا", "C", "BOTH"),
    ("medical-practice-licence", "notes", "مجلس عدن", "C", "ADE"),
]


class Placed(NamedTuple):
    service: PublicService
    authority: Authority
    sources: dict[str, Source]

    def provenance(self, fact: object) -> tuple[str, str]:
        source = self.sources[fact.source]
        return fact.grade or source.grade, fact.jurisdiction or source.jurisdiction

    def facts(self, field: str) -> list:
        stated = getattr(self.service, field)
        return [] if stated is None else list(getattr(stated, "items", stated))


def _load(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def authorities() -> list[Authority]:
    return [Authority.model_validate(_load(path)) for path in SAMPLE.glob("*.yml") if path.name != "events.yml"]


@pytest.fixture(scope="module")
def services(authorities: list[Authority]) -> dict[str, Placed]:
    return {
        service.id: Placed(service, authority, {source.id: source for source in authority.sources})
        for authority in authorities
        for service in authority.services
    }


def test_exactly_the_fixed_identifiers_with_their_grades(services: dict[str, Placed]) -> None:
    expected = {identifier: grade for grade, listed in GRADES.items() for identifier in listed.split()}
    assert len(expected) == 55
    assert {identifier: placed.service.grade for identifier, placed in services.items()} == expected


@pytest.mark.parametrize(("identifier", "jurisdiction"), JURISDICTIONS.items())
def test_whose_service_it_is(services: dict[str, Placed], identifier: str, jurisdiction: str) -> None:
    assert services[identifier].service.jurisdiction == jurisdiction


def _paid(cost: Cost) -> str:
    if cost.amount is not None:
        return f"{cost.amount:.10g} {cost.currency}"
    if cost.percent is not None:
        return f"{cost.percent:g} percent"
    return "free of charge" if cost.free else "not stated"


def test_every_fee(services: dict[str, Placed]) -> None:
    found = {
        " ".join((identifier, cost.id, _paid(cost), *placed.provenance(cost)))
        for identifier, placed in services.items()
        for cost in placed.facts("costs")
    }
    assert found == set(COSTS.strip().splitlines())


def test_notarisation_fees_are_the_base_and_a_quarter(services: dict[str, Placed]) -> None:
    fees = [cost for key in services if key.startswith("notary-") for cost in services[key].facts("costs")]
    fixed = [cost for cost in fees if cost.amount is not None]
    assert len(fixed) == 18
    assert all(cost.surcharge == cost.base / 4 and cost.amount == cost.base + cost.surcharge for cost in fixed)
    (share,) = [cost for cost in fees if cost.percent is not None]
    assert "0.20%" in share.surcharge_text


def test_drafting_and_notarising_are_never_told_as_one_sum(services: dict[str, Placed]) -> None:
    for kind in ("marriage", "divorce", "power-of-attorney", "property-sale"):
        costs = {cost.id: cost for cost in services[f"notary-{kind}"].facts("costs")}
        assert "drafting" in costs
        assert "لم يذكر المصدر هل يدفعان معا" in costs["notarising"].note


def test_lists_that_their_source_cut_off_say_so(services: dict[str, Placed]) -> None:
    expected = {
        (identifier, field)
        for identifier, *fields in (line.split() for line in INCOMPLETE.strip().splitlines())
        for field in fields
    }
    found = {
        (identifier, field)
        for identifier, placed in services.items()
        for field in LISTS
        if (stated := getattr(placed.service, field)) is not None and not stated.complete
    }
    assert found == expected


@pytest.mark.parametrize("time", TIMES, ids=lambda time: f"{time[0]}-{time[1]}-{time[2]}")
def test_times(services: dict[str, Placed], time: tuple) -> None:
    identifier, kind, days, words, *provenance = time
    placed = services[identifier]
    durations = placed.service.durations
    (found,) = [item for item in durations if (item.kind, item.days) == (kind, days) and words in item.text]
    assert placed.provenance(found) == tuple(provenance)


@pytest.mark.parametrize("fact", TEXTS, ids=lambda fact: f"{fact[0]}-{fact[1]}-{fact[2][:20]}")
def test_texts(services: dict[str, Placed], fact: tuple) -> None:
    identifier, field, words, *provenance = fact
    placed = services[identifier]
    (found,) = [item for item in placed.facts(field) if words in item.text]
    assert placed.provenance(found) == tuple(provenance)


def test_only_the_increment_is_suspended(services: dict[str, Placed]) -> None:
    assert [key for key, placed in services.items() if placed.service.status == "suspended"] == ["annual-increment"]
    fact = services["annual-increment"].service.status_fact
    assert isinstance(fact, Fact) and "متوقفة" in fact.text
    assert services["annual-increment"].service.code == "40662022"


@pytest.mark.parametrize("identifier", GRADES["X"].split())
def test_nothing_is_told_where_no_source_was_found(services: dict[str, Placed], identifier: str) -> None:
    placed = services[identifier]
    assert [field for field in FACTS if placed.facts(field)] == []
    assert not placed.service.legal and placed.service.status == "unknown"


@pytest.mark.parametrize("identifier", GRADES["D"].split())
def test_authority_and_law_only_where_no_more_is_known(services: dict[str, Placed], identifier: str) -> None:
    placed = services[identifier]
    assert [field for field in FACTS if placed.facts(field) and field != "channels"] == []


def test_weak_figures_are_nowhere(authorities: list[Authority]) -> None:
    everything = " ".join(authority.model_dump_json() for authority in authorities)
    for figure in ("16,500", "16500", "(350)"):
        assert figure not in everything


def test_sources_say_when_they_were_read_and_published(authorities: list[Authority]) -> None:
    sources = {(authority.id, source.id): source for authority in authorities for source in authority.sources}
    assert {source.retrieved for source in sources.values()} == {date(2026, 11, 22)}
    assert sources["justice", "notarisation-law"].published == "2010-08-07"
    assert sources["civil-status", "id-fees-16-nov-2025"].published == "2025-11-16"
    assert sources["passports", "aden-passport-fee"].published == "2021-06"
    assert sources["civil-status", "smc-id-card"].published is None


def test_a_name_means_one_service(services: dict[str, Placed]) -> None:
    names = [
        (name, key)
        for key, placed in services.items()
        for name in {normalise(text) for text in (placed.service.name, *placed.service.also)}
    ]
    assert len({name for name, _ in names}) == len(names)


def test_each_service_belongs_to_an_event(services: dict[str, Placed]) -> None:
    events = {event.id for event in Events.model_validate(_load(SAMPLE / "events.yml")).events}
    named = {event for placed in services.values() for event in placed.service.events}
    assert named == events
    assert all(placed.service.events for placed in services.values())
