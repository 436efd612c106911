"""Arabic words typed in Latin letters, compared by their consonants ("tajdid" and تجديد are both tjdd)."""

from __future__ import annotations

import re
from itertools import product

_ARABIC = {
    "ب": "b", "ت": "t", "ث": "s", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "z", "ر": "r", "ز": "z", "س": "s",
    "ش": "c", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "g", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m",
    "ن": "n", "ه": "h", "و": "w", "ي": "y",
}  # fmt: skip
_LATIN_PAIRS = (("kh", "x"), ("gh", "G"), ("sh", "c"), ("ch", "c"), ("dh", "z"))
_LATIN = {
    "7": "h", "5": "x", "6": "t", "9": "s", "8": "q", "p": "b", "v": "f", "G": "g", "g": "j", "2": "", "3": "",
    "4": "z", "'": "",
}  # fmt: skip


def consonants(word: str) -> set[str]:
    """The consonants of a word in Latin letters, doubled ones once; th may be ث or ذ."""
    return {_consonants(word.lower().replace("th", letter)) for letter in ("s", "z")}


def _consonants(word: str) -> str:
    for pair, letter in _LATIN_PAIRS:
        word = word.replace(pair, letter)
    letters = "".join(_LATIN.get(letter, letter) for letter in word)
    letters = re.sub(r"[aeiou]", "", letters)
    return _once(letters.removesuffix("h") if len(letters) > 2 else letters)


def skeletons(word: str) -> set[str]:
    """The ways the consonants of a normalised Arabic word may be typed: its inner و and ي may be vowels."""
    choices = [_choices(letter, place, len(word)) for place, letter in enumerate(word)]
    if sum(len(choice) > 1 for choice in choices) > 4:
        return set()
    return {_once("".join(letters)) for letters in product(*choices)}


def _choices(letter: str, place: int, length: int) -> tuple[str, ...]:
    written = _ARABIC.get(letter, "")
    if letter in "وي" and place:
        return written, ""
    if letter == "ه" and place == length - 1:
        return ("",)
    return (written,)


def _once(letters: str) -> str:
    return re.sub(r"(.)\1+", r"\1", letters)
