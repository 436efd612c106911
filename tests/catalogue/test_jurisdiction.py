"""A fact of one side is never shown as the other's, and nobody is told that a service does not exist."""

from __future__ import annotations

import pytest

from integrations.catalogue.document import Content
from integrations.catalogue.jurisdiction import for_jurisdiction
from integrations.catalogue.model import PublicService
from integrations.catalogue.resolve import Resolver


def services(content: Content) -> dict[str, PublicService]:
    return {
        service.id: Resolver(authority).service(service)
        for authority in content.authorities
        for service in authority.services
    }


def provenances(service: PublicService) -> list[str]:
    """The jurisdictions of all facts of a service."""
    lists = (service.eligibility, service.requirements, service.evidence, service.steps)
    facts = [item for stated in lists if stated for item in stated.items]
    for field in ("costs", "durations", "channels", "contacts", "rules", "legal", "notes"):
        facts += getattr(service, field)
    facts += [service.status_statement] if service.status_statement else []
    return [fact.provenance.jurisdiction for fact in facts]


def test_each_side_has_its_own_facts_and_the_common_ones(content: Content) -> None:
    card = services(content)["vaccination-card"]
    sanaa, aden = for_jurisdiction(card, "SAN"), for_jurisdiction(card, "ADE")
    assert sanaa.evidence and [item.text for item in sanaa.evidence.items] == ["شهادة الميلاد", "بطاقة الأب"]
    assert aden.evidence and [item.text for item in aden.evidence.items] == ["شهادة الميلاد", "بطاقة الأم"]
    assert [cost.text for cost in sanaa.costs] == ["رسم البطاقة", "غرامة التأخير", "نسخة ثانية", "خدمة عاجلة"]
    assert [cost.text for cost in aden.costs] == ["رسم البطاقة", "المولود الجديد", "نسخة ثانية"]
    assert sanaa.steps and len(sanaa.steps.items) == 3, "a SAN source may state what holds for BOTH"
    assert (sanaa.contacts, aden.contacts) == (card.contacts, ())
    assert (sanaa.grade, aden.grade) == ("A", "A")


def test_a_suspension_by_one_side_is_not_the_others(content: Content) -> None:
    card = services(content)["vaccination-card"]
    assert for_jurisdiction(card, "ADE").status == "suspended"
    sanaa = for_jurisdiction(card, "SAN")
    assert (sanaa.status, sanaa.status_statement) == ("unknown", None)


def test_a_service_of_the_other_side_stays_listed_with_what_holds_for_both(content: Content) -> None:
    boat = services(content)["boat-licence"]
    assert for_jurisdiction(boat, "ADE") == boat
    view = for_jurisdiction(boat, "SAN")
    assert (view.id, view.name, view.jurisdiction) == ("boat-licence", "رخصة قارب", "ADE")
    assert view.authority.name == "مؤسسة الميناء (عدن)"
    assert [cost.text for cost in view.costs] == ["رسم المعاينة"]
    assert (view.channels, view.outputs, view.code, view.status) == ((), (), None, "unknown")
    assert view.description == "رخصة قارب", "the description is the other side's"
    assert view.grade == "B", "never better than the service as a whole"


def test_a_list_left_empty_is_not_stated(sample: Content) -> None:
    smart = services(sample)["smart-id-card"]
    view = for_jurisdiction(smart, "SAN")
    assert smart.evidence and smart.costs
    assert (view.evidence, view.costs, view.costs_complete) == (None, (), False)


@pytest.mark.parametrize("side", ["SAN", "ADE"])
def test_no_fact_of_the_other_side_is_in_any_view_of_the_sample(side: str, sample: Content) -> None:
    other = {"SAN": "ADE", "ADE": "SAN"}[side]
    everything = services(sample)
    views = {name: for_jurisdiction(service, side) for name, service in everything.items()}
    assert len(views) == 55
    for name, view in views.items():
        assert other not in provenances(view), name
        stays = [place for place in provenances(everything[name]) if place != other]
        assert provenances(view) == stays, f"{name} lost a fact of {side}, BOTH or ABROAD"
        assert view.grade >= everything[name].grade
        assert view.verified <= (any(place for place in stays)), f"{name} is verified without a fact"


def test_another_jurisdiction_is_refused(content: Content) -> None:
    with pytest.raises(ValueError, match="SAN or ADE"):
        for_jurisdiction(services(content)["food-permit"], "BOTH")
