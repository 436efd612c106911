"""Every file of training data in memory, with the drafts over them: for lists, for search, and to check against.

Files are looked at by time and size on every refresh and read again only when they changed, so that what a developer
changes in git appears by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from arabic import normalise
from bot.data.reading import Data, read_text
from console.knowledge.drafts import State, digest
from integrations.faq import title_of

FAQ = "faq/"


@dataclass(frozen=True)
class Entry:
    """One file: what it teaches. `state`: its draft, when there is one. `data`: its sentences, answers and faults."""

    path: str
    text: str
    title: str
    data: Data
    state: State | None = None

    @property
    def is_faq(self) -> bool:
        """Whether it is a topic of the FAQ, which has an answer of its own."""
        return self.path.startswith(FAQ)

    @property
    def name(self) -> str:
        """The file's name, which is the topic's."""
        return Path(self.path).stem

    @cached_property
    def searchable(self) -> str:
        """Title, name and sentences, normalised, one a line."""
        said = (self.title, self.name, *(example.text for example in self.data.examples))
        return "\n".join(map(normalise, said))

    @property
    def intents(self) -> list[str]:
        """What it teaches, without repetition."""
        return list(dict.fromkeys(label.intent for label in self.data.labels))


class Library:
    """The files of a folder. `refresh` blocks while it reads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamps: dict[str, tuple[int, int]] = {}
        self._files: dict[str, Entry] = {}
        self._drafts: dict[str, Entry] = {}
        self.version = 0

    def refresh(self, states: Mapping[str, State]) -> None:
        """Read what has changed; `states` are the files with drafts."""
        found = dict(_stamps(self.root))
        changed = [path for path, stamp in found.items() if self._stamps.get(path) != stamp]
        gone = self._stamps.keys() - found.keys()
        for path in changed:
            self._files[path] = read_entry(path, (self.root / path).read_text("utf-8", "replace"))
        for path in gone:
            del self._files[path]
        drafted = {path: self._drafted(state) for path, state in states.items()}
        if changed or gone or drafted != self._drafts:
            self.version += 1
        self._stamps, self._drafts = found, drafted

    def _drafted(self, state: State) -> Entry:
        known = self._drafts.get(state.path)
        if known is not None and known.state == state:
            return known
        return read_entry(state.path, state.text, state)

    @property
    def files(self) -> dict[str, str]:
        """The texts of the files themselves, by path."""
        return {path: entry.text for path, entry in self._files.items()}

    def entries(self) -> list[Entry]:
        """Every file as it would be published, without those that a draft deletes; by path."""
        all_ = {**self._files, **{path: entry for path, entry in self._drafts.items() if entry.text}}
        deleted = {path for path, entry in self._drafts.items() if not entry.text}
        return [all_[path] for path in sorted(all_.keys() - deleted)]

    def drafted(self) -> list[Entry]:
        """The files with drafts, also those that shall be deleted."""
        return [self._drafts[path] for path in sorted(self._drafts)]


def read_entry(path: str, text: str, state: State | None = None) -> Entry:
    """One file's parts."""
    data = Data()
    if text:
        read_text(path, text, data)
    entry = Entry(path, text, title_of(text), data, state)
    _ = entry.searchable  # in the thread that reads, not when somebody searches
    return entry


def version_of(entry: Entry) -> str:
    """The digest that a form sends back."""
    return digest(entry.text)


def _stamps(root: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith(".yml") and not name.startswith("."):
                path = os.path.join(folder, name)
                status = os.stat(path)
                yield os.path.relpath(path, root).replace(os.sep, "/"), (status.st_mtime_ns, status.st_size)
