"""One message, several questions: only what asks is a question of its own."""

from __future__ import annotations

import pytest

from arabic import tokenise
from bot.nlu import questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("كم رسوم الجواز؟", ["كم رسوم الجواز"]),
        ("كم رسوم الجواز؟ وين اروح؟", ["كم رسوم الجواز", "وين اروح"]),
        ("كم رسوم الجواز وكم يستغرق", ["كم رسوم الجواز", "وكم يستغرق"]),
        ("رسوم الجواز، وين المكتب", ["رسوم الجواز", "وين المكتب"]),
        ("رسوم الجواز وشروطه", ["رسوم الجواز", "وشروطه"]),
        ("ولدي عمره 17 يصلح له ليسن؟ وايش الاوراق", ["ولدي عمره 17 يصلح له ليسن", "وايش الاوراق"]),
        # A story, a greeting or an end belongs to the question beside it.
        ("ضاع جوازي في السوق، كيف اطلع بدله", ["ضاع جوازي في السوق كيف اطلع بدله"]),
        ("السلام عليكم. كم رسوم الجواز", ["السلام عليكم كم رسوم الجواز"]),
        ("كم رسوم الجواز؟ انا مستعجل", ["كم رسوم الجواز انا مستعجل"]),
        ("انتهت اوراقه النظاميه، كيف نجددها", ["انتهت اوراقه النظاميه كيف نجددها"]),
        ("ابي ما يقدر يمشي، كيف يوكلني", ["ابي ما يقدر يمشي كيف يوكلني"]),
        ("رسوم الوكالة والبصيرة", ["رسوم الوكاله والبصيره"]),
        ("وكم الرسوم", ["وكم الرسوم"]),
        ("ايش المطلوب، ما ادري", ["ايش المطلوب ما ادري"]),
        # What others asked is told.
        ("قالوا اين الكرت. ايش هو؟", ["قالوا اين الكرت ايش هو"]),
        ("قالوا لي وين الجواز، كيف اطلعه", ["قالوا لي وين الجواز كيف اطلعه"]),
        ("قالوا لي وين الجواز؟ كيف اطلعه", ["قالوا لي وين الجواز", "كيف اطلعه"]),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    found = tokenise(text)
    assert [" ".join(found[place].text for place in part) for part in questions.split(text, found)] == parts


@pytest.mark.parametrize("text", ["", "؟؟؟", "🙂"])
def test_nothing_said_is_no_question(text: str) -> None:
    assert questions.split(text, tokenise(text)) == []
