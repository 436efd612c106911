"""Which service is meant, out of what was found."""

from __future__ import annotations

import pytest

from actions.resolution import BESIDE, MOST_OFFERED, POSSIBLE, SURE, Resolution, resolve

JUST_BELOW = 0.001
CARDS = ("id-card", "family-card")


def hits(**scores: float) -> list[dict[str, object]]:
    return [{"service": name.replace("_", "-"), "score": score} for name, score in scores.items()]


@pytest.mark.parametrize(
    ("found", "context", "expected"),
    [
        ([], None, Resolution()),
        ([], "passport", Resolution("passport", sure=True)),
        (hits(pension=POSSIBLE - JUST_BELOW), "passport", Resolution("passport", sure=True)),
        (hits(passport=POSSIBLE - JUST_BELOW), None, Resolution()),
        (hits(passport=POSSIBLE), None, Resolution("passport", sure=False)),
        (hits(passport=SURE - JUST_BELOW), None, Resolution("passport", sure=False)),
        (hits(passport=SURE), None, Resolution("passport", sure=True)),
        (hits(passport=0.9, id_card=0.9 * BESIDE - JUST_BELOW), None, Resolution("passport", sure=True)),
        (hits(passport=0.9, id_card=0.9 * BESIDE), None, Resolution(options=("passport", "id-card"))),
        (hits(passport=0.9, id_card=0.9), "id-card", Resolution("id-card", sure=True)),
        (hits(passport=0.9, id_card=0.9), "pension", Resolution(options=("passport", "id-card"))),
        (hits(passport=0.9, id_card=0.1), "id-card", Resolution("passport", sure=True)),
    ],
)
def test_answer_ask_or_admit(found: list[dict[str, object]], context: str | None, expected: Resolution) -> None:
    assert resolve(found, context) == expected


def test_no_more_is_offered_than_a_citizen_reads() -> None:
    many = hits(**{f"service_{place}": 0.9 for place in range(MOST_OFFERED + 3)})
    assert len(resolve(many).options) == MOST_OFFERED


def test_more_can_be_asked_of_a_name() -> None:
    assert resolve(hits(passport=0.4), possible=0.5) == Resolution()
    assert resolve(hits(passport=0.5), possible=0.5) == Resolution("passport", sure=False)


@pytest.mark.parametrize(
    ("found", "context", "expected"),
    [
        ([], None, Resolution(options=CARDS)),
        ([], "pension", Resolution("pension", sure=True)),
        (hits(passport=0.9), None, Resolution("passport", sure=True)),
        (hits(passport=0.9, id_card=0.8), None, Resolution("id-card", sure=True)),
        (hits(passport=0.9, id_card=0.8, family_card=0.8), None, Resolution(options=CARDS)),
        (hits(passport=0.9, pension=0.8), None, Resolution(options=("passport", "pension"))),
    ],
)
def test_what_dalil_asked_about_comes_first(
    found: list[dict[str, object]], context: str | None, expected: Resolution
) -> None:
    assert resolve(found, context, among=CARDS) == expected
