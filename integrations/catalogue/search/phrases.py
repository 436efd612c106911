"""What a service is called, as the search sees it: phrases made of slots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from arabic import words
from integrations.catalogue.model import PublicService

# Words that only join others; they are not slots.
_JOINING = frozenset("في من علي عن الي او و مع لدي عند او/".split())
_OR = "او"
_PARENTHESIS = re.compile(r"[(（]([^)）]*)[)）]")

NAME_SHARE = 1.0
# A keyword hints at a service, it does not name it: alone it is just enough to ask back.
KEYWORD_SHARE = 0.5


@dataclass(frozen=True)
class Phrase:
    """A name as slots; a slot holds the words that fill it equally well (فاقد أو تالف)."""

    slots: tuple[tuple[str, ...], ...]
    share: float


def phrases_of(service: PublicService) -> Iterator[Phrase]:
    """The service's name, other names and keywords, the official name first."""
    for name in (service.name, *service.also):
        yield from _phrase(name, NAME_SHARE)
    for keyword in service.keywords:
        yield from _phrase(keyword, KEYWORD_SHARE)


def beside(service: PublicService) -> list[str]:
    """Words that speak for a service without naming it: in brackets beside a name."""
    names = (service.name, *service.also, *service.keywords)
    return [word for name in names for inner in _PARENTHESIS.findall(name) for word in _content(inner)]


def around(service: PublicService) -> list[str]:
    """Words that a message about the service may well hold."""
    return _content(service.description)


def authority(service: PublicService) -> list[str]:
    """The words of its authority's name; alone they ask for the authority, not for the service."""
    return _content(service.authority.name)


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in _JOINING and not word.isdigit()]


def _phrase(name: str, share: float) -> Iterator[Phrase]:
    slots: list[list[str]] = []
    alternative = False
    for word in words(_PARENTHESIS.sub(" ", name)):
        if word in _JOINING or word.isdigit():
            alternative = bool(slots) and (word == _OR)
            continue
        if alternative:
            slots[-1].append(word)
        else:
            slots.append([word])
        alternative = False
    if slots:
        yield Phrase(tuple(tuple(slot) for slot in slots), share)
