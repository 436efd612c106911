"""Which service is meant, out of what was found."""

from __future__ import annotations

import pytest

from actions.resolution import ASK, BESIDE, MOST_OFFERED, POSSIBLE, SURE, Resolution, resolve

BIT = 0.001
"""What is this much below a threshold is below it."""
CARDS = ("id-card", "family-card")


def hits(**scores: float) -> list[dict[str, object]]:
    return [{"service": name.replace("_", "-"), "score": score} for name, score in scores.items()]


@pytest.mark.parametrize(
    ("found", "context", "expected"),
    [
        ([], None, Resolution()),
        ([], "passport", Resolution("passport", sure=True)),
        (hits(passport=POSSIBLE - BIT), None, Resolution()),
        (hits(pension=POSSIBLE - BIT), "passport", Resolution("passport", sure=True)),
        (hits(passport=POSSIBLE), None, Resolution("passport", sure=False)),
        (hits(pension=POSSIBLE), "passport", Resolution("pension", sure=False)),
        (hits(passport=SURE - BIT), None, Resolution("passport", sure=False)),
        (hits(passport=SURE), None, Resolution("passport", sure=True)),
        (hits(passport=SURE), "passport", Resolution("passport", sure=True)),
        (hits(passport=SURE - BIT), "passport", Resolution("passport", sure=False)),
    ],
)
@pytest.mark.parametrize("several", [0.0, 1.0])
def test_one_is_answered_or_none_is_known(
    found: list[dict[str, object]], context: str | None, expected: Resolution, several: float
) -> None:
    assert resolve(found, context, several=several) == expected


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        (0.0, Resolution("passport", sure=True)),
        (ASK - BIT, Resolution("passport", sure=True)),
        (ASK, Resolution(options=("passport", "id-card"))),
        (1.0, Resolution(options=("passport", "id-card"))),
    ],
)
def test_the_citizen_is_asked_only_when_the_message_fits_several(several: float, expected: Resolution) -> None:
    assert resolve(hits(passport=0.9, id_card=0.9), several=several) == expected


def test_without_a_word_on_it_one_is_meant() -> None:
    assert resolve(hits(passport=0.9, id_card=0.9)) == Resolution("passport", sure=True)


@pytest.mark.parametrize("best", [POSSIBLE, 0.5, SURE, 0.9])
def test_what_is_offered_beside_the_best_has_a_share_of_its_probability(best: float) -> None:
    near, far = hits(passport=best, id_card=best * BESIDE), hits(passport=best, id_card=best * BESIDE - BIT)
    assert resolve(near, several=ASK) == Resolution(options=("passport", "id-card"))
    assert resolve(far, several=ASK) == Resolution("passport", sure=best >= SURE)


def test_only_what_is_near_the_best_is_offered_and_the_best_comes_first() -> None:
    found = hits(passport=0.5, id_card=0.3, family_card=0.05, pension=0.04)
    assert resolve(found, several=ASK) == Resolution(options=("passport", "id-card", "family-card"))


def test_several_that_are_hardly_possible_are_none() -> None:
    found = hits(passport=POSSIBLE - BIT, id_card=POSSIBLE - BIT)
    assert resolve(found, several=1.0) == Resolution()
    assert resolve(found, "pension", several=1.0) == Resolution("pension", sure=True)


@pytest.mark.parametrize(
    ("found", "context", "several", "expected"),
    [
        (hits(passport=0.9, id_card=0.4), "id-card", ASK, Resolution("id-card", sure=True)),
        (hits(passport=0.4, id_card=0.4), "id-card", ASK, Resolution("id-card", sure=True)),
        (hits(passport=0.9, id_card=0.9), "pension", ASK, Resolution(options=("passport", "id-card"))),
        (hits(passport=0.9, id_card=0.9), "id-card", ASK - BIT, Resolution("passport", sure=True)),
        (hits(passport=0.9, id_card=0.01), "id-card", ASK, Resolution("passport", sure=True)),
    ],
)
def test_what_is_spoken_of_is_meant_when_it_is_one_of_several(
    found: list[dict[str, object]], context: str, several: float, expected: Resolution
) -> None:
    assert resolve(found, context, several=several) == expected


@pytest.mark.parametrize("more", [0, 1, 3])
def test_no_more_is_offered_than_a_citizen_reads(more: int) -> None:
    many = hits(**{f"service_{place}": 0.9 - place / 100 for place in range(MOST_OFFERED + more)})
    first = tuple(f"service-{place}" for place in range(MOST_OFFERED))
    assert resolve(many, several=ASK) == Resolution(options=first)


def test_more_can_be_asked_of_a_name() -> None:
    assert resolve(hits(passport=0.5 - BIT), possible=0.5) == Resolution()
    assert resolve(hits(passport=0.5 - BIT), possible=0.5, among=CARDS) == Resolution(options=CARDS)
    assert resolve(hits(passport=0.5), possible=0.5) == Resolution("passport", sure=False)


@pytest.mark.parametrize(
    ("found", "context", "several", "expected"),
    [
        ([], None, 0.0, Resolution(options=CARDS)),
        (hits(passport=POSSIBLE - BIT), None, ASK, Resolution(options=CARDS)),
        (hits(passport=POSSIBLE), None, ASK, Resolution("passport", sure=False)),
        ([], "pension", 0.0, Resolution("pension", sure=True)),
        (hits(passport=0.9), None, ASK, Resolution("passport", sure=True)),
        (hits(passport=0.9, id_card=0.8), None, ASK - BIT, Resolution("passport", sure=True)),
        (hits(passport=0.9, id_card=0.8), None, ASK, Resolution("id-card", sure=True)),
        (hits(passport=0.4, id_card=0.3), None, ASK, Resolution("id-card", sure=True)),
        (hits(passport=0.9, id_card=0.8), "passport", ASK, Resolution("passport", sure=True)),
        (hits(passport=0.9, id_card=0.8, family_card=0.8), None, ASK, Resolution(options=CARDS)),
        (hits(passport=0.9, family_card=0.8, id_card=0.7), None, ASK, Resolution(options=("family-card", "id-card"))),
        (hits(passport=0.9, pension=0.8), None, ASK, Resolution(options=("passport", "pension"))),
        (hits(passport=0.9, pension=0.8, id_card=0.01), None, ASK, Resolution(options=("passport", "pension"))),
    ],
)
def test_what_dalil_asked_about_comes_first(
    found: list[dict[str, object]], context: str | None, several: float, expected: Resolution
) -> None:
    assert resolve(found, context, several=several, among=CARDS) == expected
