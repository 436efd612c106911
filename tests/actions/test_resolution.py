"""Which service is meant, out of what search found."""

from __future__ import annotations

import pytest

from actions.resolution import GUESS, MOST_OFFERED, Resolution, resolve
from integrations.catalogue.search import MARGIN, POSSIBLE, SURE

JUST_BELOW = 0.001


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
        (hits(passport=1.0, id_card=1.0 - MARGIN), None, Resolution("passport", sure=True)),
        (
            hits(passport=1.0, id_card=1.0 - MARGIN + JUST_BELOW),
            None,
            Resolution(options=("passport", "id-card")),
        ),
        (hits(passport=0.5, id_card=POSSIBLE), None, Resolution(options=("passport", "id-card"))),
        (hits(passport=0.5, id_card=POSSIBLE - JUST_BELOW), None, Resolution("passport", sure=False)),
        (hits(passport=0.9, id_card=0.9), "id-card", Resolution("id-card", sure=True)),
        (hits(passport=0.9, id_card=0.9), "pension", Resolution(options=("passport", "id-card"))),
        (hits(passport=0.9, id_card=0.5), "id-card", Resolution("passport", sure=True)),
    ],
)
def test_answer_ask_or_admit(found: list[dict[str, object]], context: str | None, expected: Resolution) -> None:
    assert resolve(found, context) == expected


def test_no_more_is_offered_than_a_citizen_reads() -> None:
    many = hits(**{f"service_{place}": 0.9 for place in range(MOST_OFFERED + 3)})
    assert len(resolve(many).options) == MOST_OFFERED


@pytest.mark.parametrize(
    ("found", "context", "expected"),
    [
        (hits(passport=GUESS), None, Resolution("passport", sure=False)),
        (hits(passport=GUESS - JUST_BELOW), None, Resolution()),
        (hits(passport=GUESS, pension=GUESS - MARGIN + JUST_BELOW), None, Resolution()),
        (hits(passport=GUESS), "pension", Resolution("pension", sure=True)),
    ],
)
def test_a_faint_name_is_taken_only_alone_and_never_as_sure(
    found: list[dict[str, object]], context: str | None, expected: Resolution
) -> None:
    assert resolve(found, context, guess=True) == expected
