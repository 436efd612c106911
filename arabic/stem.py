"""A light stem: enough to match جوازي، والجواز، بجوازات with جواز, without a morphological dictionary.

Affixes are taken off only while a stem of three letters stays (two for the plural sign on a known stem). Broken
plurals are looked up. camel-tools' analyser was measured and left out: 450 MB of memory, and wrong on the dialect
words that matter here (docs/decisions).
"""

from functools import lru_cache
from importlib import resources

from arabic.words import words

_PREFIXES = ("وبال", "وال", "فال", "بال", "كال", "ولل", "لل", "ال")
_PARTICLES = ("و", "ف", "ب", "ل", "ك")
_SUFFIXES = (
    "كما",
    "هما",
    "تها",
    "تهم",
    "تكم",
    "تنا",
    "ات",
    "ها",
    "هم",
    "هن",
    "كم",
    "كن",
    "نا",
    "ين",
    "ون",
    "تي",
    "تك",
    "ته",
    "ه",
    "ي",
    "ك",
)
_SHORTEST = 3


@lru_cache(maxsize=1)
def _broken_plurals() -> dict[str, str]:
    lines = resources.files("arabic").joinpath("plurals.txt").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {plural: singular for singular, *plurals in pairs for plural in plurals}


@lru_cache(maxsize=1)
def _known_stems() -> frozenset[str]:
    plurals = _broken_plurals()
    return frozenset(_without_suffix(word) for word in (*plurals, *plurals.values()))


def _without_prefix(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST:
            return word[len(prefix) :]
    # The article of the Tihama, "am-", only before a word that we know: امين is not am- + ين.
    if word.startswith("ام") and _without_suffix(word[2:]) in _known_stems():
        return word[2:]
    # One letter alone is a particle only before a word that we know: وكالة is not و + كالة.
    if word[:1] in _PARTICLES and _without_suffix(word[1:]) in _known_stems():
        return word[1:]
    return word


def _without_suffix(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one normalised word; words that share it are taken as forms of one word."""
    plurals = _broken_plurals()
    bare = _without_prefix(word)
    # Once only: ورق is a plural of ورقة, whose stem is ورق again.
    return _without_suffix(plurals.get(bare) or plurals.get(_without_suffix(bare)) or bare)


def stems(text: str) -> list[str]:
    """The stems of the words of `text`, in order."""
    return [stem(word) for word in words(text)]
