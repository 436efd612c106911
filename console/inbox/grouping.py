"""Messages that ask the same thing, put together by the words that carry meaning.

Two groups are one when they share six of ten of their words' stems (Jaccard). Only groups that share one of their
rarer stems are compared, so that some thousand messages take a moment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from arabic import normalise, stem, words
from bot.data.words import FILLERS

ALIKE = 0.6
_RARE = 3


@dataclass(frozen=True)
class Missed:
    """One message. kind: what Dalil did instead of answering."""

    message_id: str
    channel: str
    text: str
    kind: str
    at: datetime


@dataclass(frozen=True)
class Group:
    """Messages that are alike, the newest first."""

    messages: Sequence[Missed]

    @property
    def texts(self) -> list[str]:
        """The different wordings, the most frequent first."""
        counted = Counter(message.text for message in self.messages)
        return [text for text, _ in counted.most_common()]

    @property
    def id(self) -> str:
        """A message of the group, by which it is found again: the oldest."""
        return self.messages[-1].message_id

    @property
    def channels(self) -> list[str]:
        """Where it was asked."""
        return sorted({message.channel for message in self.messages})


def group(messages: Iterable[Missed]) -> list[Group]:
    """The groups, the largest first; of equal ones the one with the newest message."""
    bags: defaultdict[frozenset[str], list[Missed]] = defaultdict(list)
    for message in messages:
        bags[_bag(message.text)].append(message)
    joined = _joined(bags)
    found = [Group(sorted(members, key=lambda one: one.at, reverse=True)) for members in joined]
    return sorted(found, key=lambda one: (len(one.messages), one.messages[0].at), reverse=True)


@lru_cache(maxsize=20_000)
def _bag(text: str) -> frozenset[str]:
    kept = [word for word in words(text) if word not in FILLERS]
    return frozenset(map(stem, kept)) or frozenset({normalise(text)})


def _joined(bags: dict[frozenset[str], list[Missed]]) -> list[list[Missed]]:
    """Each bag goes to the first group it is like, largest bags first."""
    frequency = Counter(stem_ for bag in bags for stem_ in bag)
    heads: list[frozenset[str]] = []
    groups: list[list[Missed]] = []
    by_stem: defaultdict[str, list[int]] = defaultdict(list)
    for bag, members in sorted(bags.items(), key=lambda item: -len(item[1])):
        rare = sorted(bag, key=lambda one: (frequency[one], one))[:_RARE]
        near = {number for one in rare for number in by_stem[one]}
        found = next((number for number in sorted(near) if _alike(heads[number], bag)), None)
        if found is None:
            found = len(groups)
            heads.append(bag)
            groups.append([])
            for one in bag:
                by_stem[one].append(found)
        groups[found] += members
    return groups


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)
