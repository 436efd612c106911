"""Two people, or a person and a developer, change one file at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.knowledge.merging import Clash, merge
from console.knowledge.topics import topic_of, written
from tests.console.knowledge.test_document import COMMENTED

TOPIC = topic_of("x", COMMENTED)


def edit(**changes: object) -> str:
    return written(replace(TOPIC, **changes), COMMENTED)


def answered(text: str, place: int = 0) -> tuple:
    answers = list(TOPIC.answers)
    answers[place] = replace(answers[place], text=text)
    return tuple(answers)


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [
        ({"examples": ("سؤال", "هم")}, {"examples": ("سؤال", "أنا")}, {"examples": ("سؤال", "هم", "أنا")}),
        ({"examples": ("سؤال", "نفسه")}, {"examples": ("سؤال", "نفسه")}, {"examples": ("سؤال", "نفسه")}),
        ({"examples": ("هم",)}, {"examples": ("سؤال", "أنا")}, {"examples": ("هم", "أنا")}),
        ({"owner": "passports"}, {"examples": ("أنا",)}, {"owner": "passports", "examples": ("أنا",)}),
        ({"answers": answered("هم", 0)}, {"answers": answered("أنا", 1)}, {}),
        ({"answers": answered("نفسه")}, {"answers": answered("نفسه")}, {"answers": answered("نفسه")}),
        ({}, {"answers": answered("أنا")}, {"answers": answered("أنا")}),
    ],
)
def test_what_fits_together_is_kept_of_both(theirs: dict, mine: dict, both: dict) -> None:
    merged = topic_of("x", merge(COMMENTED, edit(**theirs), edit(**mine)))
    if not both:
        assert [answer.text for answer in merged.answers] == ["هم", "أنا"]
        return
    assert merged == replace(TOPIC, **both)


@pytest.mark.parametrize(
    ("theirs", "mine", "field"),
    [
        ({"answers": answered("هم")}, {"answers": answered("أنا")}, "answers"),
        ({"owner": "passports"}, {"owner": "justice"}, "metadata"),
    ],
)
def test_what_does_not_is_shown_with_both_sides(theirs: dict, mine: dict, field: str) -> None:
    with pytest.raises(Clash) as clash:
        merge(COMMENTED, edit(**theirs), edit(**mine))
    assert [one.field for one in clash.value.differences] == [field]


def test_without_the_text_that_was_seen_nothing_is_guessed() -> None:
    with pytest.raises(Clash):
        merge("", edit(owner="passports"), edit(owner="justice"))
