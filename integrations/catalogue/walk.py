"""Walks over document parts: every fact of a service, every text of a part, each with its path in the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pydantic import BaseModel

from integrations.catalogue.document import Cost, Duration, Fact, PublicService, ServiceChannel

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices from the top of a document down to a part, as in the YAML file."""

Sourced: TypeAlias = Fact | Cost | Duration | ServiceChannel

LISTS = ("eligibility", "requirements", "evidence", "steps", "costs")
"""Fields of a service that are null or a list with `complete`."""
SEQUENCES = ("durations", "channels", "rules", "notes")
"""Fields of a service that are plain sequences of facts."""


def facts(service: PublicService) -> Iterator[tuple[Path, Sourced]]:
    """Every sourced fact of a service, with its path below the service."""
    if service.status_fact is not None:
        yield ("status_fact",), service.status_fact
    for field in LISTS:
        stated = getattr(service, field)
        for index, item in enumerate(stated.items if stated is not None else ()):
            yield (field, "items", index), item
    for field in SEQUENCES:
        for index, item in enumerate(getattr(service, field)):
            yield (field, index), item


def strings(part: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text below a part, with its path."""
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from strings(getattr(part, name), (*path, name))
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from strings(item, (*path, index))
