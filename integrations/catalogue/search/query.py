"""A citizen's sentence as the search sees it: words with their place, their possible terms and their weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from arabic import Word, from_latin, normalise, tokenise
from integrations.catalogue.search.compiled import Floats
from integrations.catalogue.search.forms import POSSESSIVE_ENDINGS, article, readings
from integrations.catalogue.search.lexicon import Lexicon
from integrations.catalogue.search.vocabulary import Meanings, Vocabulary

SURELY = 0.9
"""Similarity from which a word is a form of a term; below it the spelling was guessed."""
_GUESS = 0.5
_MAX_WORDS = 80
_MAX_GUESSED = 16
_WORDS_REMEMBERED = 16_384

_Said = tuple[bool, Meanings, float, bool, bool]
"""What a word says by itself: the fields of QueryWord from `filler` on."""


@dataclass(frozen=True, eq=False)
class QueryWord:
    """A word (or a fixed phrase) of the query: its terms with their similarity, and whether it only asks.

    weight: how much it says, by the rarest term it may be; 0 for a word that only asks.
    foreign: whether it is the adjective of another country. other: whether it is a known word of other matters.
    """

    text: str
    start: int
    end: int
    filler: bool
    meanings: Meanings = field(default_factory=dict)
    weight: float = 0.0
    foreign: bool = False
    other: bool = False

    @property
    def unknown(self) -> bool:
        """Whether the word may name something, but nothing of the catalogue."""
        return not self.filler and not self.meanings

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
        """Whether "and" or a preposition with the article is attached (وعمره, بالباص): a phrase of its own begins."""
        joined = self.text.startswith("و") and 1.0 not in self.meanings.values()
        return joined or self.text.startswith(("بال", "لل", "فال", "عال", "كال"))


class QueryReader:
    """Reads queries against one vocabulary; `weight` is over its terms."""

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon, weight: Floats) -> None:
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._weight = weight
        # The words of one message are those of the next; what they may mean is looked up once.
        self._said = lru_cache(maxsize=_WORDS_REMEMBERED)(self._what_is_said)

    def read(self, text: str) -> list[QueryWord]:
        """The words of `text`; what is beyond 80 words is not read."""
        found = tokenise(text)[:_MAX_WORDS]
        words: list[QueryWord] = []
        place, guesses = 0, _MAX_GUESSED
        while place < len(found):
            length, concept = self._phrase(found[place : place + self._lexicon.longest_phrase])
            if concept:
                words.append(self._known_phrase(found[place : place + length], concept))
            else:
                words.append(self._word(found[place], text, guesses > 0))
                guesses -= words[-1].unknown
            place += length
        return words

    def _phrase(self, following: Sequence[Word]) -> tuple[int, str | None]:
        for length in range(len(following), 1, -1):
            concept = self._lexicon.phrases.get(tuple(word.text for word in following[:length]))
            if concept:
                return length, concept
        return 1, None

    def _known_phrase(self, words: Sequence[Word], concept: str) -> QueryWord:
        meanings = self._vocabulary.term(concept)
        text = " ".join(word.text for word in words)
        return QueryWord(text, words[0].start, words[-1].end, False, meanings, self._heaviest(meanings))

    def _word(self, word: Word, text: str, guess: bool) -> QueryWord:
        said = self._said(word.text, text[word.start : word.end].endswith("ء"), guess)
        return QueryWord(word.text, word.start, word.end, *said)

    def _what_is_said(self, word: str, hamza: bool, guess: bool) -> _Said:
        """Of a word alone; `hamza`: it was typed with one at its end. `guess`: at its spelling, too."""
        known = self._vocabulary.exact(word)
        # ماء is spelled like ما once the hamza is folded away.
        if self._asks(word, known) and not (hamza and known):
            fillers = self._lexicon.fillers
            kept = {term: close for term, close in known.items() if self._vocabulary.terms[term] in fillers}
            return True, kept, 0.0, False, False
        foreign, other = _one_of(word, self._lexicon.foreign), _one_of(word, self._lexicon.others)
        if foreign or word in self._lexicon.others:
            # It is what it says: تلفون is no form of تلف, nor مصري of مصر.
            known = {term: close for term, close in known.items() if close >= 1.0}
        if not (known or foreign or other) and guess:
            known = self._vocabulary.meanings(word)
        return False, known, self._heaviest(known), foreign, other

    def _asks(self, word: str, known: Meanings) -> bool:
        fillers = self._lexicon.fillers
        if word in fillers or len(word) == 1 or word.isdigit():
            return True
        if known:
            return False
        return normalise(from_latin(word)) in fillers if word.isascii() else _one_of(word, fillers)

    def _heaviest(self, meanings: Meanings) -> float:
        weights = (float(self._weight[term]) * (1.0 if close >= SURELY else _GUESS) for term, close in meanings.items())
        return max(weights, default=0.0)


def _one_of(word: str, listed: frozenset[str]) -> bool:
    """Whether the word is listed, with what may be attached; endings are taken off words of four letters or more."""
    return any(
        form in listed and (len(form) > 3 or word.endswith(form))
        for form, likelihood in readings(word)
        if likelihood >= SURELY
    )
