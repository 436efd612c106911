"""A citizen's sentence as the search sees it: words with their place, their possible terms and their weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from arabic import Word, normalise, tokenise
from arabic.latin import from_latin
from integrations.catalogue.search.compiled import Floats
from integrations.catalogue.search.forms import POSSESSIVE_ENDINGS, article, readings
from integrations.catalogue.search.lexicon import Lexicon
from integrations.catalogue.search.vocabulary import Meanings, Vocabulary

_MAX_WORDS = 80
_MAX_GUESSED = 16


@dataclass(frozen=True, eq=False)
class QueryWord:
    """A word (or a fixed phrase) of the query: its terms with their similarity, and whether it only asks.

    weight: how much it says, by the rarest term it may be; 0 for a word that only asks.
    """

    text: str
    start: int
    end: int
    filler: bool
    meanings: Meanings = field(default_factory=dict)
    weight: float = 0.0

    @property
    def unknown(self) -> bool:
        """Whether the word may name something, but nothing of the catalogue."""
        return not self.filler and not self.meanings and not self.text.isdigit()

    @cached_property
    def definite(self) -> bool:
        """Whether it carries the article."""
        return article(self.text) is not None

    @cached_property
    def owned(self) -> bool:
        """Whether a possessive ending closes it (بطاقتي), so that no further noun can depend on it."""
        return not self.definite and len(self.text) > 4 and self.text.endswith(POSSESSIVE_ENDINGS)

    @cached_property
    def led(self) -> bool:
        """Whether "and" or a preposition with the article is attached (وعمره, بالباص): it begins a phrase of its own."""
        joined = self.text.startswith("و") and 1.0 not in self.meanings.values()
        return joined or self.text.startswith(("بال", "لل", "فال", "عال", "كال"))


def read(text: str, vocabulary: Vocabulary, lexicon: Lexicon, weight: Floats) -> list[QueryWord]:
    """The words of `text`; what is beyond 80 words is not read."""
    found = tokenise(text)[:_MAX_WORDS]
    return [_weighed(word, weight) for word in _words(found, vocabulary, lexicon)]


def _weighed(word: QueryWord, weight: Floats) -> QueryWord:
    if word.filler or not word.meanings:
        return word
    return replace(word, weight=max(float(weight[term]) for term in word.meanings))


def _words(found: list[Word], vocabulary: Vocabulary, lexicon: Lexicon) -> Iterator[QueryWord]:
    place, guessed = 0, 0
    while place < len(found):
        length, concept = _phrase(found, place, lexicon)
        if concept:
            last = found[place + length - 1]
            text = " ".join(word.text for word in found[place : place + length])
            yield QueryWord(text, found[place].start, last.end, False, vocabulary.term(concept))
            place += length
            continue
        word = found[place]
        known = vocabulary.exact(word.text)
        filler = _asks(word.text, known, lexicon)
        if not known and not filler and not word.text.isdigit() and guessed < _MAX_GUESSED:
            known, guessed = vocabulary.meanings(word.text), guessed + 1
        yield QueryWord(word.text, word.start, word.end, filler, known)
        place += 1


def _phrase(found: list[Word], place: int, lexicon: Lexicon) -> tuple[int, str | None]:
    for length in range(min(lexicon.longest_phrase, len(found) - place), 1, -1):
        concept = lexicon.phrases.get(tuple(word.text for word in found[place : place + length]))
        if concept:
            return length, concept
    return 1, None


def _asks(word: str, known: Meanings, lexicon: Lexicon) -> bool:
    if word in lexicon.fillers or len(word) == 1:
        return True
    if known:
        return False
    if word.isascii():
        return normalise(from_latin(word)) in lexicon.fillers
    return any(form in lexicon.fillers for form, likelihood in readings(word) if likelihood >= 0.9)
