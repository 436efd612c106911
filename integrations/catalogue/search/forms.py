"""Readings of one word: without article, attached particles, possessive and other endings.

Arabic writes "and with my card" as one word, and which letters are attached is not known before the dictionary is
asked (بطاقة does not begin with ب "with"). So every reading is offered with its likelihood; the index keeps those
that are words of the catalogue.
"""

from __future__ import annotations

from functools import lru_cache

from arabic import stem

_ARTICLES = ("وبال", "ولل", "وال", "فال", "بال", "كال", "عال", "لل", "ال")
# The article of the Tihama, "am-": امجواز, بامبطاقه.
_TIHAMI_ARTICLES = ("وام", "بام", "لام", "ام")
_PARTICLES = ("و", "ف", "ب", "ل", "ك")
_POSSESSIVES = ("هما", "ها", "هم", "هن", "كم", "كن", "نا", "ي", "ك", "ه", "ش")
_NUMBERS = ("تين", "تان", "ين", "ان", "ون", "وا")

POSSESSIVE_ENDINGS = ("تي", "تك", "ته", "تها", "تهم", "تنا", "تكم", "ي", "ك", "ها", "هم", "نا", "كم")


def article(word: str) -> str | None:
    """The word without its article (and what is attached before it); None where it has no article."""
    for prefix in _ARTICLES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            return word[len(prefix) :]
    return None


@lru_cache(maxsize=65_536)
def readings(word: str) -> tuple[tuple[str, float], ...]:
    """All readings of a normalised word with their likelihood (1.0 is the word itself), the most likely first."""
    found: dict[str, float] = {word: 1.0}
    for base, likelihood in _without_prefix(word):
        _add(found, base, likelihood)
        for shorter, share in _without_ending(base):
            _add(found, shorter, likelihood * share)
    return tuple(sorted(found.items(), key=lambda reading: (-reading[1], reading[0])))


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """A key that words with one light stem share; it cannot be mistaken for a word."""
    return "~" + stem(word)


def _add(found: dict[str, float], form: str, likelihood: float) -> None:
    if likelihood > found.get(form, 0.0):
        found[form] = likelihood


def _without_prefix(word: str) -> list[tuple[str, float]]:
    bases = [(word, 1.0)]
    bare = article(word)
    if bare:
        bases.append((bare, 0.99))
    bases += [(word[len(am) :], 0.93) for am in _TIHAMI_ARTICLES if word.startswith(am) and len(word) - len(am) >= 3]
    if word[:1] in _PARTICLES and len(word) >= 4:
        bases.append((word[1:], 0.95))
        bare = article(word[1:])
        if bare:
            bases.append((bare, 0.95))
        elif word[1] in _PARTICLES and len(word) >= 5:
            bases.append((word[2:], 0.92))
    return bases


def _without_ending(base: str) -> list[tuple[str, float]]:
    shorter: list[tuple[str, float]] = []
    for ending in _POSSESSIVES:
        if base.endswith(ending) and len(base) - len(ending) == 2:
            shorter.append((base[:2], 0.9))
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            rest = base[: -len(ending)]
            shorter.append((rest, 0.95))
            if rest.endswith("ت") and len(rest) > 3:
                shorter.append((rest[:-1] + "ه", 0.97))
    for ending in _NUMBERS:
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            rest = base[: -len(ending)]
            shorter += [(rest, 0.93)] + ([(rest + "ه", 0.93)] if ending.startswith("ت") else [])
    shorter += _singular(base)
    if base.endswith("ت") and len(base) >= 4:
        shorter.append((base[:-1] + "ه", 0.93))
    return shorter


def _singular(base: str) -> list[tuple[str, float]]:
    """The singular of a sound feminine plural, also before a possessive (شهاداتي)."""
    for ending in ("ات", "اتي", "اتك", "اته", "اتها", "اتهم", "اتنا", "اتكم"):
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            rest = base[: -len(ending)]
            return [(rest + "ه", 0.94), (rest, 0.93)]
    return []
