"""Which of the offered choices a message takes: a pressed button, its number or place, its words or a part of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from arabic import from_latin, normalise, stems, tokenise, words

Option = Mapping[str, str]
"""A choice that was offered: `{"id", "title", "payload"}`."""

LAST = -1
_ORDINALS = (
    "اول اولي اوله الاول الاولي الاوله الاولا واحد واحده",
    "ثاني ثانيه الثاني الثانيه تاني تانيه التاني التانيه اثنين اثنان تنين ثنتين",
    "ثالث ثالثه الثالث الثالثه تالت تالته التالت التالته ثلاثه ثلاث تلاته",
    "رابع رابعه الرابع الرابعه اربعه اربع",
    "خامس خامسه الخامس الخامسه خمسه خمس",
    "سادس سادسه السادس السادسه سته",
    "سابع سابعه السابع السابعه سبعه",
    "ثامن ثامنه الثامن الثامنه ثمانيه",
    "تاسع تاسعه التاسع التاسعه تسعه",
    "عاشر عاشره العاشر العاشره عشره",
)
_PLACES = {word: place for place, spoken in enumerate(_ORDINALS, start=1) for word in spoken.split()}
_PLACES |= dict.fromkeys("الاخير الاخيره الاخراني".split(), LAST)
_ONE = frozenset("واحد واحده وحده خيار".split())
_LAST_ONE = frozenset("اخر الاخر".split())
_MARKS = frozenset("رقم الرقم خيار الخيار".split())
# Said around a choice: "اشتي رقم اثنين لو سمحت".
_AROUND = _MARKS | frozenset(
    "اختيار اختار اخترت نختار اشتي نشتي اريد نريد ابغي ابغا ابا ابي بدي هو هي لو سمحت من فضلك طيب تمام خلاص بس"
    " حق حقه حقها تبع بتاع هذا هذه هذي عن علي يا اخي".split()
)
_AGREED = frozenset("نعم ايوه ايوا اي اجل صح صحيح بالضبط تمام اكيد موافق".split())
_ALL = frozenset("كلهم كلها كلهن الكل جميعها جميعهم كل".split())
_MOST_DIGITS = 2


def place_of(text: str) -> int | None:
    """The place (from 1; LAST) that a message such as "2", "٢)", "رقم 2" or "ثاني واحد" names, or None."""
    said = [word for word in words(from_latin(normalise(text))) if word not in _AROUND]
    if len(said) == 2 and said[1] in _ONE:
        return LAST if said[0] in _LAST_ONE else _PLACES.get(said[0])
    if len(said) != 1:
        return None
    return _place(said[0])


def _place(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= _MOST_DIGITS else None
    return _PLACES.get(word)


def taken(offered: Sequence[Option], text: str, choice: str | None, *, which: bool = False) -> Option | None:
    """The offered choice that the message takes, or None.

    Args:
        offered: the choices in the order in which they were shown.
        text: the message's words; they do not count when a button was pressed.
        choice: the id of the pressed button.
        which: whether Dalil asked which of these is meant, so that a part of a name, or "yes" to one, answers.
    """
    if choice is not None:
        return next((option for option in offered if option["id"] == choice), None)
    at_place = at(offered, place_of(text))
    if at_place or not offered:
        return at_place
    words_said = normalise(text)
    named = next((option for option in offered if normalise(option["title"]) == words_said), None)
    if named or not which:
        return named
    if len(offered) == 1 and words_said in _AGREED:
        return offered[0]
    return _only(option for option in offered if _is_part(text, option["title"]))


def at(offered: Sequence[Option], place: int | None) -> Option | None:
    """The choice at a place, or None."""
    if place == LAST and offered:
        return offered[-1]
    return offered[place - 1] if place and 1 <= place <= len(offered) else None


def _only(options: Iterable[Option]) -> Option | None:
    found = list(options)
    return found[0] if len(found) == 1 else None


def _is_part(text: str, title: str) -> bool:
    """Whether all that is said beside "I want the one of" is in the title."""
    said = {word for word in words(text) if word not in _AROUND}
    own = set(stems(" ".join(said)))
    return bool(own) and own <= set(stems(title))


def within(offered: Sequence[Option], text: str) -> tuple[Option, str] | None:
    """The choice that a question is about ("كم رسوم الثاني؟", "رقم 2 وين؟") and the question without it, or None."""
    said = tokenise(text)
    for number, word in enumerate(said):
        before = said[number - 1].text if number else ""
        marked = before in _MARKS
        first = number - 1 if marked else number
        # "الطفل الثاني" is a child; a place stands at the beginning or after a word without the article.
        noun = first > 0 and said[first - 1].text.startswith("ال")
        option = at(offered, _place(word.text)) if marked or word.text.startswith("ال") else None
        if option and not noun and len(said) > number - first + 1:
            return option, f"{text[: said[first].start]}{text[word.end :]}".strip()
    return None


def beyond(offered: Sequence[Option], text: str) -> bool:
    """Whether the message is nothing but a place, and no choice has it."""
    place = place_of(text)
    return bool(offered) and place is not None and at(offered, place) is None


def is_list(text: str) -> bool:
    """Whether the message takes several choices at once, or all: "1 و 3", "الأول والثاني", "كلها"."""
    said = [word for word in words(from_latin(normalise(text))) if word not in _AROUND | {"و"}]
    places = [_place(word) or _place(word.removeprefix("و")) for word in said]
    return said[:1] != [] and (all(word in _ALL for word in said) or (len(said) > 1 and None not in places))


def service_of(option: Option) -> str | None:
    """The service that a choice stands for, if it stands for one."""
    return next(
        (entity["value"] for entity in parse_data(option, "")["entities"] if entity["entity"] == "service"), None
    )


def standing_for(kind: str, service: str) -> Option:
    """A choice of a service that is not on show any more."""
    return {"id": "", "title": "", "payload": f"/{kind}{json.dumps({'service': service})}"}


def parse_data(option: Option, text: str) -> dict[str, Any]:
    """What Rasa's NLU would say of a chosen option: its intent, sure, and its service as entity."""
    intent, _, entities = option["payload"].removeprefix("/").partition("{")
    named = json.loads("{" + entities) if entities else {}
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [{"entity": name, "value": value} for name, value in named.items()],
    }
