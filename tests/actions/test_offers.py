"""What is offered beside an answer: the question of the FAQ that may have been meant."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from actions.offers import Nearness, nearby
from integrations.catalogue import live
from tests.actions import making

PASSPORT = {"utter_faq/passport-validity": [{"text": "ست سنوات", "metadata": {"title": "مدة صلاحية الجواز"}}]}
EXPIRED = {"utter_faq/passport-validity": [{"text": "", "metadata": {"title": "م", "valid_until": "2020-01-01"}}]}
UNTITLED = {"utter_faq/passport-validity": [{"text": "ست سنوات"}]}
LEAST = Nearness(confidence=0.1, margin=-0.5)


@pytest.fixture
def catalogue() -> Iterator[None]:
    """A deployment for one side."""
    live.share(making.live(making.service("passport", "جواز السفر")))
    yield
    live.share(None)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("confidence", "margin", "responses", "offered"),
    [
        (0.1, -0.5, PASSPORT, ["مدة صلاحية الجواز"]),
        (0.09, 1.0, PASSPORT, []),
        (0.9, -0.51, PASSPORT, []),
        (0.9, 1.0, EXPIRED, []),
        (0.9, 1.0, UNTITLED, []),
        (0.9, 1.0, {}, []),
    ],
)
def test_a_topic_is_offered_when_it_is_near_and_has_an_answer_today(
    confidence: float, margin: float, responses: dict[str, Any], offered: list[str]
) -> None:
    found = {"topic": "faq/passport-validity", "confidence": confidence, "margin": margin}
    choices = nearby(SimpleNamespace(latest_message={"nearby_topic": found}), {"responses": responses}, LEAST)
    assert [choice.title for choice in choices] == offered
    assert [choice.payload() for choice in choices] == ['/faq{"topic": "passport-validity"}'] * len(offered)


def test_nothing_is_offered_where_no_topic_was_found() -> None:
    assert nearby(SimpleNamespace(latest_message={}), {"responses": PASSPORT}, LEAST) == []
