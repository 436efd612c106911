"""Words of a text, normalised, with their place in the original.

camel-tools' simple_word_tokenize(split_digits=True) finds the same words in a normalised text (a test holds ours to
it), but for Arabic in Latin letters, whose digits it parts from the word; it takes 3.4 ms a sentence, a hundred times
this expression: more than a whole answer may cost.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from arabic.display import INVISIBLE
from arabic.normalise import fold

# Diacritics and invisible marks are no letters to \w, but part of the word that they stand in.
_MARKS = "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0640" + INVISIBLE + "]*"
# In Arabic typed in Latin letters digits are letters: 7aq, se3r, elgha2, and with an apostrophe others: ro7'sa, 3'ali.
# A longer run of digits is a number.
_LATIN = f"[A-Za-z]{_MARKS}"
_SOUND = f"[2-9٢-٩۲-۹]{_MARKS}(?:['’`](?=[A-Za-z]))?"
_WORD = re.compile(
    rf"(?:{_SOUND}(?=[A-Za-z]))?(?:{_LATIN})+(?:(?:{_SOUND}){{1,2}}(?:{_LATIN})+)*(?:{_SOUND}(?!{_MARKS}\d))?"
    rf"(?!{_MARKS}[^\W\d_])"
    rf"|(?:[^\W\d_]{_MARKS})+"
    rf"|(?:\d{_MARKS})+"
)

# Words recur; whole messages do not and are not kept in memory.
_fold_word = lru_cache(maxsize=65_536)(fold)


@dataclass(frozen=True)
class Word:
    """A normalised word and the half-open range of characters of the original text that it stands for."""

    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Word]:
    """The words and numbers of `text` in order; punctuation, symbols and emoji are left out."""
    found = ((match, _fold_word(match.group())) for match in _WORD.finditer(text))
    return [Word(folded, match.start(), match.end()) for match, folded in found if folded]


def words(text: str) -> list[str]:
    """The normalised words and numbers of `text`, in order."""
    return [word.text for word in tokenise(text)]
