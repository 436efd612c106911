"""Answers that ministries keep: the right one for the jurisdiction and the channel, for every topic there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions.faq import choose
from channels.sms.outbound.render import PARTS_PER_REPLY, reply_text
from channels.sms.outbound.segments import split
from tests.actions.conftest import SIDES

REPOSITORY = Path(__file__).parents[2]
TOPICS = sorted((REPOSITORY / "nlu_data" / "faq").glob("*.yml"))
CHANNELS = ("web", "telegram", "sms")


def response(text: str, jurisdiction: str | None = None, channel: str | None = None) -> dict[str, Any]:
    about = {"metadata": {"jurisdiction": jurisdiction}} if jurisdiction else {}
    return {"text": text, **about, **({"channel": channel} if channel else {})}


SIDED = [
    response("صنعاء", "SAN"),
    response("صنعاء قصير", "SAN", "sms"),
    response("عدن", "ADE"),
    response("عدن قصير", "ADE", "sms"),
]
COMMON = [response("عام", "BOTH"), response("عام قصير", "BOTH", "sms")]


@pytest.mark.parametrize(
    ("responses", "jurisdiction", "channel", "expected"),
    [
        (SIDED, "SAN", "web", "صنعاء"),
        (SIDED, "SAN", "telegram", "صنعاء"),
        (SIDED, "SAN", "sms", "صنعاء قصير"),
        (SIDED, "ADE", "web", "عدن"),
        (SIDED, "ADE", "sms", "عدن قصير"),
        (COMMON, "SAN", "web", "عام"),
        (COMMON, "ADE", "sms", "عام قصير"),
        ([response("بلا وصف")], "ADE", "sms", "بلا وصف"),
        (SIDED[:1], "SAN", "sms", "صنعاء"),
    ],
)
def test_choice(responses: list[dict[str, Any]], jurisdiction: str, channel: str, expected: str) -> None:
    assert choose(responses, jurisdiction, channel)["text"] == expected


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_other_sides_answer_is_never_taken(channel: str) -> None:
    with pytest.raises(LookupError):
        choose(SIDED[:2], "ADE", channel)


def read(path: Path) -> dict[str, Any]:
    return YAML(typ="safe").load(path)


def test_there_are_topics_enough() -> None:
    assert len(TOPICS) >= 25


@pytest.mark.parametrize("path", TOPICS, ids=lambda path: path.stem)
def test_every_topic_is_asked_and_answered_everywhere(path: Path) -> None:
    content = read(path)
    assert [entry["intent"] for entry in content["nlu"]] == [f"faq/{path.stem}"]
    assert list(content["responses"]) == [f"utter_faq/{path.stem}"]
    responses = content["responses"][f"utter_faq/{path.stem}"]
    for side in SIDES:
        texts = {channel: choose(responses, side, channel)["text"] for channel in CHANNELS}
        assert all("\u0621" <= text[0] <= "\u064a" for text in texts.values())
        assert len(split(reply_text([(texts["sms"], [])])).parts) <= PARTS_PER_REPLY
        source = choose(responses, side, "web")["metadata"]
        assert source["source"]
        assert source["grade"] in {"A", "B", "C"}


def test_every_sentence_of_the_conversation_fits_an_sms_reply() -> None:
    responses = read(REPOSITORY / "bot" / "domain" / "responses.yml")["responses"]
    for name, variants in responses.items():
        screen, sms = choose(variants, "SAN", "web")["text"], choose(variants, "SAN", "sms")["text"]
        assert len(split(reply_text([(sms, [])])).parts) <= PARTS_PER_REPLY, name
        assert "\u0621" <= screen[0] <= "\u064a" and "\u0621" <= sms[0] <= "\u064a", name
