from __future__ import annotations

import pytest

from arabic import from_latin, tokenise
from bot.nlu.courtesies import without_courtesies


def words(text: str) -> list[str]:
    return [from_latin(word.text) or word.text for word in tokenise(text)]


SURROUNDED = [
    "السلام عليكم، كم رسوم الجواز؟",
    "السلام عليكم ورحمة الله تعالى وبركاته\nكم رسوم الجواز",
    "صباح الخير يا أخي لو سمحت كم رسوم الجواز",
    "مساء الخير، عندي سؤال: كم رسوم الجواز؟ وشكراً",
    "كم رسوم الجواز لو سمحتم، بارك الله فيكم وجزاكم الله خيراً",
    "تحية طيبة وبعد كم رسوم الجواز مع الشكر",
    "salam 3alaikum, kam rosoom aljawaz shokran",
    "assalamu alaikum kam rosoom aljawaz please",
    "saba7 el kheir kam rosoom aljawaz",
]


@pytest.mark.parametrize("text", SURROUNDED)
def test_what_surrounds_a_question_is_left_out(text: str) -> None:
    assert list(without_courtesies(words(text))) == ["كم", "رسوم", "الجواز"]


WHOLE = [
    "السلام عليكم ورحمة الله",
    "صباح الخير",
    "شكرا جزيلا لكم",
    "سلام سلام",
    "مرحبا دليل",
    "الو",
    "",
    "كم رسوم الجواز",
    "لو تأخرت في قيد المولود",
    "اهل المتوفى سلام الله عليه",
]


@pytest.mark.parametrize("text", WHOLE)
def test_where_little_else_is_said_all_of_it_stays(text: str) -> None:
    assert list(without_courtesies(words(text))) == words(text)
