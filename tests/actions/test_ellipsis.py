"""What is left out because both sides know it."""

from __future__ import annotations

import pytest

from actions.ellipsis import beside, goes_on, is_circumstance, is_for_someone, is_own_case, one_of
from integrations.catalogue.model import PublicService
from integrations.catalogue.search import SearchIndex


@pytest.fixture(scope="module")
def sample(views: dict[str, list[PublicService]]) -> dict[str, PublicService]:
    """The sample's services by identifier."""
    return {service.id: service for service in views["SAN"]}


@pytest.fixture(scope="module")
def index(sample: dict[str, PublicService]) -> SearchIndex:
    """The search index of the sample."""
    return SearchIndex.build(sample.values())


@pytest.mark.parametrize(
    ("spoken_of", "text", "meant"),
    [
        ("passport", "وبدل الفاقد؟", "passport-replacement"),
        ("id-card", "وبدل الفاقد؟", "id-card-replacement"),
        ("passport", "طيب وحق السفارة؟", "passport-abroad"),
        ("passport", "وحق المغتربين", "passport-abroad"),
        ("notary-property-sale", "ولو ضاعت", "notary-lost-deed"),
        ("id-card", "والذكية", "smart-id-card"),
        ("passport", "والتجديد", "passport"),
        ("passport", "وللعيال", None),
        ("passport", "والدولار", None),
        ("passport", "بدل فاقد " * 6, None),
    ],
)
def test_words_mean_more_beside_the_service_spoken_of(
    sample: dict[str, PublicService], index: SearchIndex, spoken_of: str, text: str, meant: str | None
) -> None:
    assert beside(sample[spoken_of], text, index) == meant


@pytest.mark.parametrize(("text", "meant"), [("حق البصيرة", "notary-lost-deed"), ("حق الدولار", None)])
def test_one_of_those_that_were_asked_about(
    sample: dict[str, PublicService], index: SearchIndex, text: str, meant: str | None
) -> None:
    asked = [sample[name] for name in ("id-card-replacement", "notary-lost-deed", "passport-replacement")]
    assert one_of(asked, text, index) == meant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وللعيال؟", (True, True, True, True)),
        ("طيب ولزوجتي", (True, True, True, True)),
        ("ولو كان مستعجل", (True, True, True, False)),
        ("وحق السفارة", (True, True, False, False)),
        ("والجواز؟", (True, False, False, False)),
        ("لا الجواز", (True, False, False, False)),
        ("الجواز", (False, False, False, False)),
        ("لو سمحت", (False, False, True, False)),
        ("ولد عمي مريض", (False, False, False, False)),
        ("وكالة", (False, False, False, False)),
        ("", (False, False, False, False)),
    ],
)
def test_how_a_short_message_hangs_on_what_was_said(text: str, expected: tuple[bool, bool, bool, bool]) -> None:
    assert (goes_on(text), is_circumstance(text), is_own_case(text), is_for_someone(text)) == expected
