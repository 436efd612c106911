"""Words around a question that ask nothing, so that none of them speaks for or against a kind or a service.

Examples are short and to the point, citizens are not. No sentence is made here: an example is learnt once more with
such words before or after it. They are the examples of greetings and thanks, and what else people begin and end with.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.nlu.examples import Example

# As normalised by the arabic room.
_BEGINNINGS = """
ممكن اعرف|اريد ان اعرف|اود ان اعرف|اشتي اعرف|ابغي اعرف|بغيت اعرف|حابب اعرف|حبيت اسال|اشتي اسال|سوال بسيط|استفسار
عندي استفسار عن موضوع|يا ريت تفيدوني|افيدوني|ارجو الافاده|ارجو منكم الافاده|ارجو الرد|ساعدوني|محتاج مساعدتكم|دلوني
خبروني|قولوا لي|قل لي|اخبروني|بالله عليكم|بالله|الله يرضي عليكم|الله يوفقكم|طيب|تمام|اوكي|والله|يا جماعه الخير|عزيزي
اخواني الاعزا|انا من عدن|انا من الحديده|انا من اب|انا مواطن|من صنعا|معاكم واحد من حجه|انا ام محمد|اخوكم صالح من ذمار
اسال عن موضوع|بخصوص|بالنسبه ل|موضوعي|يعني|اسمعوا|شوفوا|ضروري|بسرعه|جمعه مباركه|كل عام وانتم بخير|رمضان كريم
عيد مبارك|اسعد الله اوقاتكم|نهاركم سعيد|اعتذر علي الازعاج|اسف علي الازعاج|لاول مره اكتب لكم|جربت اتصل وما حد رد
رحت ولا حد فادني
"""
_ENDINGS = """
ضروري|بسرعه|ردوا علي|ارجو الرد|الرد سريع|ارجو الافاده|افيدوني|في اقرب وقت|بالله عليكم|الله يوفقكم|ما ادري|والله تعبت
انتظر ردكم|منتظر|ولكم الاجر|الله يسهل عليكم|اذا ممكن|اذا تكرمتم|يا جماعه|يا اخوان|بالضبط|تقريبا
"""
_MOST_WORDS = 6
_IDLE = 0.75

Placed = tuple[float, Sequence[str]]
"""Place and words of a phrase."""


@dataclass(frozen=True)
class Frames:
    """Phrases in the order of their places: idle ones, and those that greet or thank."""

    beginnings: Sequence[Placed]
    endings: Sequence[Placed]
    greetings: Sequence[Placed]
    thanks: Sequence[Placed]

    @classmethod
    def of(cls, examples: Iterable[Example]) -> Frames:
        """With the greetings and thanks among the examples."""
        short = [example for example in examples if len(example.words) <= _MOST_WORDS]
        greetings, thanks = ([one.words for one in short if one.kind == kind] for kind in ("greeting", "thanks"))
        return cls(_placed(_listed(_BEGINNINGS)), _placed(_listed(_ENDINGS)), _placed(greetings), _placed(thanks))

    def around(self, words: Sequence[str], chance: random.Random) -> tuple[str, ...]:
        """The words with some before them (half of the time), after them (three in ten), or both."""
        where, first, last = (chance.random() for _ in range(3))
        before, after = _next(self.beginnings, self.greetings, first), _next(self.endings, self.thanks, last)
        return (*(before if where < 0.7 else ()), *words, *(after if where >= 0.5 else ()))


def _listed(text: str) -> list[Sequence[str]]:
    return [phrase.split() for line in text.strip().split("\n") for phrase in line.split("|")]


def _placed(phrases: Iterable[Sequence[str]]) -> list[Placed]:
    """Each with a place from 0 to 1 of its own: one more changes what is drawn only for those who draw it.

    See docs/decisions/0014-steady-learning.md.
    """
    digests = ((blake2b(" ".join(phrase).encode(), digest_size=8).digest(), tuple(phrase)) for phrase in phrases)
    return sorted((int.from_bytes(digest, "big") / 2**64, phrase) for digest, phrase in digests)


def _next(idle: Sequence[Placed], polite: Sequence[Placed], lot: float) -> Sequence[str]:
    """An idle phrase for three lots in four, else a polite one, if there is any."""
    among, lot = (idle, lot / _IDLE) if lot < _IDLE or not polite else (polite, (lot - _IDLE) / (1 - _IDLE))
    return among[bisect(among, (lot,)) % len(among)][1]
