"""Letters: Arabic where it should be, and no character that looks like another or like nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from arabic.display import INVISIBLE
from bot.data.blocks import Answer, Example
from bot.data.faults import Fault
from bot.data.words import FOREIGN, LATIN_ARABIC

OUT_OF_SCOPE = "out_of_scope"
NUMBERS = frozenset({"status", "follow", "lost_reference"})
"""Intents whose sentences carry application numbers; a number alone is a sentence there."""

_ARABIC = re.compile("[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06fa-\u06fc\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_KNOWN_LETTER = re.compile(
    "[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u024f\u1e00-\u1eff\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN = re.compile("[ !-~\n\u060c\u061b\u061f\u0621-\u063f\u0641-\u0652\u0660-\u0669]*")
# A zero-width joiner inside one emoji ("👨‍👩‍👧") is part of it.
_JOINED_EMOJI = re.compile("(?<=[\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# Without U+FDF0-FDFF: ﷲ, ﷺ and ﷼ are on keyboards and mean a word.
_PRESENTATION = re.compile("[\ufb50-\ufdcf\ufe70-\ufefc]")
# Inside a word, or held down; at its end it is how an abbreviation is written ("1446هـ", "بـ 500").
_TATWEEL = re.compile("ـ(?=ـ*[ء-ي])|ـ{2}")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f0-9']+")
# Two words ("help me", "driving license") are what anybody types; a sentence begins at three. Three in five
# of its words must be in the list: names are not in it. One Arabic word in Latin letters decides otherwise.
_SENTENCE_WORDS = 3
_FOREIGN_SHARE = 0.6


def of_example(example: Example) -> Iterator[Fault]:
    """What is wrong with the letters of a sentence."""
    for code, values in _characters(example.text, example.intent):
        yield Fault(code, example.file, example.line, values)
    if code := _language(example.text, example.intent):
        yield Fault(code, example.file, example.line)


def of_answer(answer: Answer) -> Iterator[Fault]:
    """What is wrong with the letters of an answer."""
    for code, values in _characters(answer.text):
        yield Fault(code, answer.file, answer.line, values)
    if not _ARABIC.search(answer.text):
        yield Fault("answer-not-arabic", answer.file, answer.line)


def _characters(text: str, intent: str = "") -> Iterator[tuple[str, dict[str, str | int]]]:
    if _PLAIN.fullmatch(text):
        return
    for code, pattern in (("control", _CONTROL), ("presentation-forms", _PRESENTATION)):
        if found := pattern.search(text):
            yield code, {"code": ord(found.group())}
    if found := _INVISIBLE.search(_JOINED_EMOJI.sub("", text)):
        yield "invisible", {"code": ord(found.group())}
    if _TATWEEL.search(text):
        yield "tatweel", {}
    if script := _other_script(text, intent):
        yield "foreign-script", {"script": script}


def _other_script(text: str, intent: str) -> str:
    """The script of the first letter of another one; whole sentences in it are just what out_of_scope is for."""
    if intent == OUT_OF_SCOPE and not _ARABIC.search(text) and not _LATIN.search(text):
        return ""
    letters = (letter for letter in _LETTER.findall(text) if not _KNOWN_LETTER.match(letter))
    letter = next(letters, "")
    return unicodedata.name(letter, "UNKNOWN").split()[0].capitalize() if letter else ""


def _language(text: str, intent: str) -> str:
    if intent == OUT_OF_SCOPE or not text or _ARABIC.search(text):
        return ""
    if _LATIN.search(text):
        return "foreign-language" if _is_foreign(text) else ""
    if _LETTER.search(text) or (intent in NUMBERS and any(map(str.isdigit, text))):
        return ""
    return "no-letters"


def _is_foreign(text: str) -> bool:
    """Whether a sentence in Latin letters is English or French rather than Arabic."""
    words = [word for word in _LATIN_WORD.findall(text.lower()) if not word.isdigit()]
    if len(words) < _SENTENCE_WORDS or any(map(_is_latin_arabic, words)):
        return False
    return sum(word in FOREIGN for word in words) >= _FOREIGN_SHARE * len(words)


def _is_latin_arabic(word: str) -> bool:
    return word in LATIN_ARABIC or any(letter in "235678" for letter in word)
