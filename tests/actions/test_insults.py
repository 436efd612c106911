"""Insults, and what is none although it has such a word."""

from __future__ import annotations

import pytest

from actions.insults import is_insult


@pytest.mark.parametrize(
    "text",
    [
        "يا حمار",
        "ياغبي",
        "انت غبي",
        "غبي وحيوان",
        "الله يلعنكم",
        "تفو عليك يا كلب",
        "انتم فاشلين وما تفهموا شي",
        "قليل أدب",
        "يا قليل الادب والله",
        "ya 7mar",
        "you are stupid",
        "حمـــار!!!",
    ],
)
def test_an_insult(text: str) -> None:
    assert is_insult(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "انت",
        "يا غبي كم رسوم الجواز",
        "كم جمرك كلب من الخارج",
        "الموظف حقير طلب رشوة",
        "شكرا يا دليل",
        "ما فهمت شي",
        "قليل",
        "والله ما ادري",
    ],
)
def test_no_insult(text: str) -> None:
    assert not is_insult(text)
