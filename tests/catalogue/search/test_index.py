"""What callers of the index rely on, whatever the catalogue."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.catalogue.model import Authority, Hit, PublicService
from integrations.catalogue.search import MARGIN, POSSIBLE, SURE, SearchIndex, shortlist

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي ةىأإآؤئءًٌٍَُِّْـ؟،.١٢٣abcxyz123\u200f\u202b\U0001f600\n"


def service(
    identifier: str, name: str, *also: str, keywords: tuple[str, ...] = (), authority: str = "جهة"
) -> PublicService:
    """A service of which only the words matter."""
    return PublicService(
        id=identifier, name=name, also=also, keywords=keywords, description=name, code=None, grade="X",
        jurisdiction="SAN", status="in-force", status_statement=None, audience=(), events=(), related=(),
        authority=Authority("authority", authority, (), None, "SAN"), eligibility=None, requirements=None,
        evidence=None, steps=None, costs=(), costs_complete=False, durations=(), channels=(), contacts=(), outputs=(),
        rules=(), legal=(), notes=(),
    )  # fmt: skip


FEW = [
    service("bakery", "ترخيص مخبز", keywords=("طحين",)),
    service("hotel", "ترخيص فندق"),
    service("well", "حفر بئر", authority="الهيئة العامة للموارد المائية"),
]


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ("كم رسوم تجديد جواز السفر؟", ("تجديد", "جواز", "السفر")),
        ("جَوَازُ السَّفَرِ كم؟", ("جَوَازُ", "السَّفَرِ")),
        ("ضاع  جوازي!!", ("ضاع", "جوازي")),
        ("راح مني الجواز", ("راح مني", "الجواز")),
        ("kam rosoom el jawaz", ("jawaz",)),
        ("اشتي \u200fجوازالسفر\u200f الآن", ("جوازالسفر",)),
    ],
)
def test_a_hit_tells_which_words_name_it_and_where(index: SearchIndex, query: str, matched: tuple[str, ...]) -> None:
    hit = index.search(query)[0]
    assert [word.strip("\u200f") for word in hit.matched] == list(matched)
    assert tuple(query[start:end] for start, end in hit.spans) == hit.matched


def test_order_of_services_does_not_matter(sample: tuple[PublicService, ...], index: SearchIndex) -> None:
    shuffled = list(sample)
    random.Random(3).shuffle(shuffled)
    other = SearchIndex.build(shuffled)
    for query in ("رخصة", "كم رسوم البطاقة", "بدل فاقد", "تصديق شهادة", "جواز"):
        assert other.search(query, limit=20) == index.search(query, limit=20)


def test_equal_scores_come_in_the_order_of_identifiers() -> None:
    index = SearchIndex.build([service("b", "ترخيص مخبز"), service("a", "ترخيص مخبز"), service("c", "ترخيص مخبز")])
    assert [hit.service for hit in index.search("ترخيص مخبز")] == ["a", "b", "c"]


def test_a_service_is_found_as_soon_as_it_is_in_the_catalogue() -> None:
    assert not shortlist(SearchIndex.build(FEW).search("كم رسوم ترخيص مدرسة أهلية؟"))
    (found,) = shortlist(
        SearchIndex.build([*FEW, service("school", "ترخيص مدرسة أهلية")]).search("كم رسوم ترخيص مدرسه اهليه؟")
    )
    assert found.service == "school"
    assert found.score >= SURE


def test_a_keyword_hints_but_does_not_name() -> None:
    hit = SearchIndex.build(FEW).search("طحين")[0]
    assert hit.service == "bakery"
    assert POSSIBLE <= hit.score < SURE


def test_the_authority_alone_names_no_service() -> None:
    assert all(hit.score < SURE for hit in SearchIndex.build(FEW).search("الهيئة العامة للموارد المائية"))


def test_limit() -> None:
    index = SearchIndex.build([service(f"s-{number}", "ترخيص مخبز") for number in range(40)])
    assert len(index.search("ترخيص مخبز", limit=7)) == 7
    assert len(index.search("ترخيص مخبز")) == 5


def test_an_empty_catalogue_and_a_service_without_words() -> None:
    assert SearchIndex.build([]).search("جواز") == []
    assert SearchIndex.build([service("odd", "(!!)"), *FEW]).search("ترخيص مخبز")[0].service == "bakery"


def test_a_message_of_any_length_is_answered(index: SearchIndex) -> None:
    assert index.search("كم رسوم الجواز " + "كلمةغريبة " * 20_000)[0].service == "passport"
    assert index.search("ا" * 50_000) == []


@given(st.text(alphabet=LETTERS, max_size=80))
def test_any_text_gives_ranked_scores_and_true_spans(text: str) -> None:
    hits = SEARCHED.search(text)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert 0 < hit.score <= 1
        assert tuple(text[start:end] for start, end in hit.spans) == hit.matched
        assert hit.matched


@given(
    st.lists(
        st.sampled_from("بطاقة جواز ضاعت شخصية رخصة قيادة تصديق شهادة ميلاد من السفارة كم رسوم قطة".split()), max_size=9
    )
)
def test_any_order_of_known_words_is_answered(words: list[str]) -> None:
    assert SEARCHED.search(" ".join(words)) == SEARCHED.search(" ".join(words))


SEARCHED = SearchIndex.build(
    [*FEW, service("passport", "جواز السفر", "جواز"), service("lost", "بدل فاقد جواز", "ضاع الجواز")]
)


def _hit(name: str, score: float) -> Hit:
    return Hit(name, name, score, ())


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [
        ([], 0),
        ([POSSIBLE - 0.01], 0),
        ([POSSIBLE], 1),
        ([1.0, 1.0 - MARGIN], 1),
        ([1.0, 1.01 - MARGIN], 2),
        ([0.5, 0.49, 0.4], 2),
    ],
)
def test_shortlist(scores: list[float], chosen: int) -> None:
    assert len(shortlist([_hit(str(number), score) for number, score in enumerate(scores)])) == chosen
