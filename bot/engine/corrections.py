"""Corrections: "لا قصدي الجواز", "لا مش هذا، البطاقة الذكية", "اقصد الرسوم مش الأوراق".

What is rejected is taken out before the message is understood: a search that sees both services finds both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from arabic import Word, from_latin, tokenise

_BREAK = re.compile(r"[،,.؛;:!؟?\n…]")
_LONGEST = 14
# As words are normalised; some are readings of Latin letters (qasdi, aqsod, mish).
_NO = frozenset("لا لالا لاء كلا غلط خطا عفوا اسف".split())
_BUT = "بل"
_MEANT = frozenset("بل قصدي اقصد قصدت نقصد اعني عنيت عنيتو قاسدي قسدي اقسود".split())
_SAID = frozenset("قلت قلتش قلنا قصدي اقصد قصدت عنيت عنيتو".split())
_BEFORE_MEANT = frozenset("انا كنت كان نحن".split())
_NOT = frozenset("مش موش مب مهوش ليس ليست وليس وليست ومش ومب ميش".split())
# These also ask ("مو هي المفاضلة"): "not" only after a "no".
_NOT_AFTER_NO = _NOT | frozenset("مو ماهو ماهي لا".split())
_THIS = frozenset("هذا هذه هذي هاذا ذا ذي هو هي كذا هكذا ذلك ذاك تلك هن".split())
# What may follow "no" at once when something else is meant; "لا توجد" and "لا أعرف" go on otherwise.
_NAMING = _NOT_AFTER_NO | frozenset("ما حق رقم خيار".split())
_LINKS = frozenset("حق ال اللي".split())
_ARTICLES = ("ال", "لل", "بال")
_SHORTEST = 4
_FEW = 3


def correction(text: str) -> str | None:
    """The part of a message that says what is meant instead; None when the message corrects nothing."""
    words = [_read(word) for word in tokenise(text)]
    if not 1 < len(words) <= _LONGEST or any(word.text == "ولا" for word in words):
        return None
    corrects = False
    kept: list[Sequence[Word]] = []
    for clause in _clauses(text, words):
        if clause[0].text == _BUT and words[0].text in _NO | _NOT:
            kept.clear()
        meant, opened = _after_opening(clause, more=len(clause) < len(words))
        corrects = corrects or opened
        rest = _without_rejected(meant, opened=corrects)
        corrects = corrects or len(rest) < len(meant)
        kept += [rest] if rest else []
    if not corrects or not kept:
        return None
    return "، ".join(text[clause[0].start : clause[-1].end] for clause in kept)


def _read(word: Word) -> Word:
    """The word in Arabic letters; "bel" is "with the", never "but rather"."""
    read = from_latin(word.text) or word.text
    return word if read == _BUT else Word(read, word.start, word.end)


def _clauses(text: str, words: Sequence[Word]) -> list[list[Word]]:
    """Words between punctuation, and from each "but rather" on."""
    clauses: list[list[Word]] = [[]]
    for place, word in enumerate(words):
        between = text[words[place - 1].end : word.start] if place else ""
        if clauses[-1] and (_BREAK.search(between) or word.text == _BUT):
            clauses.append([])
        clauses[-1].append(word)
    return clauses


def _after_opening(clause: Sequence[Word], *, more: bool) -> tuple[Sequence[Word], bool]:
    """The clause without its "no, I mean", and whether it had one."""
    said = [word.text for word in clause]
    start = _first(said, 0, _NO)
    if start and said[start : start + 1] == ["يا"]:
        start = min(start + 2, len(said))
    after = _first(said, start, _BEFORE_MEANT)
    meant = _first(said, after, _MEANT)
    if meant > after:
        return clause[meant:], True
    if start == len(said):
        return (), more
    named = said[start] in _NAMING or said[start].isdigit() or _has_article(said[start])
    return (clause[start:], True) if start and named else (clause, False)


def _first(said: Sequence[str], start: int, skipped: frozenset[str]) -> int:
    """The first place from `start` on whose word is none of `skipped`."""
    while start < len(said) and said[start] in skipped:
        start += 1
    return start


def _without_rejected(clause: Sequence[Word], *, opened: bool) -> Sequence[Word]:
    """The clause up to "not the …"; what follows "not this" when it begins so, else nothing."""
    said = [word.text for word in clause]
    if said[:1] == ["ما"] and len(said) > 1 and said[1] in _SAID:
        return ()
    negations = _NOT_AFTER_NO if opened else _NOT
    for place, word in enumerate(said):
        rejected = said[place + 1 :]
        if word in negations and rejected and _is_thing(rejected, opened=opened, first=place == 0):
            this = place == 0 and rejected[0] in _THIS and rejected[1:2] and rejected[1] not in _MEANT
            return clause[2:] if this else clause[:place]
    return clause


def _is_thing(rejected: Sequence[str], *, opened: bool, first: bool) -> bool:
    """Whether the words after "not" are a thing, and not what someone is not ("مش معي", "مش ساري")."""
    if rejected[0] in _THIS or rejected[0] in _MEANT:
        return True
    if first and len(rejected) > _FEW:
        return False
    return rejected[0] in _LINKS or _has_article(rejected[0]) or (opened and len(rejected) <= _FEW)


def _has_article(word: str) -> bool:
    return word.startswith(_ARTICLES) and len(word) >= _SHORTEST
