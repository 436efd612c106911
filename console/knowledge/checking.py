"""What is wrong with a sentence or a topic, in the words of the console, while somebody types.

The index over all sentences is made anew in a thread when files or drafts change (some seconds for 25,000 sentences);
until then the one before answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.data import checks, project
from bot.data.blocks import Answer as DataAnswer
from bot.data.blocks import Example
from bot.data.corpus import Corpus, Known
from bot.data.faults import Fault
from console.knowledge.faults import ARABIC
from console.knowledge.library import Library

logger = logging.getLogger(__name__)
EVERY = 2.0


@dataclass(frozen=True)
class Finding:
    """A fault in Arabic with its values; `path` and `clashing` name the other sentence, where there is one."""

    text: str
    values: dict[str, str | int]
    is_error: bool
    sentence: str = ""
    path: str = ""
    clashing: str = ""


class Checker:
    """The library and the index over it."""

    def __init__(self, library: Library, known: Callable[[], Known] = project.known) -> None:
        self.library = library
        self._read_known = known
        self._corpus: Corpus | None = None
        self._version = -1

    @property
    def is_ready(self) -> bool:
        """Whether sentences can be compared yet."""
        return self._corpus is not None

    async def rebuild(self) -> None:
        """Make the index of the library as it is now, if it changed."""
        version = self.library.version
        if version != self._version:
            self._corpus = await asyncio.to_thread(self._build)
            self._version = version

    def _build(self) -> Corpus:
        examples = [example for entry in self.library.entries() for example in entry.data.examples]
        return Corpus(examples, self._read_known())

    def services(self) -> list[str]:
        """Identifiers of services that a sentence may be about."""
        return sorted(self._corpus.known.services) if self._corpus else []

    def sentence(self, text: str, intent: str, service: str | None, path: str) -> list[Finding]:
        """What is wrong with one sentence; `path` is its own file, with whose sentences it is not compared."""
        if self._corpus is None or not text.strip():
            return []
        faults = checks.check_example(text, intent, service, self._corpus)
        return [_finding(fault, text) for fault in faults if fault.values.get("other_file") != path]

    def sentences(self, texts: Sequence[str], intent: str, service: str | None, path: str) -> list[Finding]:
        """What is wrong with the sentences of a topic, repetitions among them included."""
        found = [finding for text in texts for finding in self.sentence(text, intent, service, path)]
        repeated = dict.fromkeys(text for place, text in enumerate(texts) if text in texts[:place])
        return [*found, *(Finding(REPEATED, {}, True, text) for text in repeated)]

    def answer(self, text: str) -> list[Finding]:
        """What is wrong with an answer: personal data, no Arabic."""
        return [_finding(fault, "") for fault in checks.check_answer(DataAnswer("", text, "", 0))]


REPEATED = "الجملة مكررة في هذا الموضوع نفسه."


def _finding(fault: Fault, sentence: str) -> Finding:
    other = str(fault.values.get("other_file", ""))
    clashing = str(fault.values.get("other_text", ""))
    text = ARABIC.get(fault.code, fault.code)
    return Finding(text, dict(fault.values), fault.severity == "error", sentence, other, clashing)


__all__ = ["EVERY", "Checker", "Example", "Finding"]
