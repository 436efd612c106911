"""The form of one sentence: length, commands, square brackets and the entities that they mark."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

from bot.data.blocks import Example
from bot.data.faults import Fault

MOST_WORDS = 60
MOST_CHARACTERS = 400

# [words](entity), [words](entity:value), [words]{"entity": ...}, [words][{"entity": ...}, ...]
_ENTITY = re.compile(r"\[([^\[\]]+)\](?:\(([^()]+)\)|\{([^{}]+)\}|\[(\{[^\[\]]*\})\])")


def plain(text: str) -> str:
    """The words that a citizen would type: annotations of entities taken off."""
    return _ENTITY.sub(r"\1", text) if "[" in text else text


def check(example: Example, entities: Collection[str]) -> Iterator[Fault]:
    """What is wrong with the form of a sentence."""
    text = example.text
    if not text:
        yield Fault("empty", example.file, example.line)
        return
    if text.startswith("/"):
        yield Fault("slash", example.file, example.line)
    if "[" in text or "]" in text:
        yield from _brackets(example, entities)
    words = len(text.split())
    if words > MOST_WORDS or len(text) > MOST_CHARACTERS:
        yield Fault("too-long", example.file, example.line, {"words": words, "characters": len(text)})


def _brackets(example: Example, entities: Collection[str]) -> Iterator[Fault]:
    marked = [_names(found) for found in _ENTITY.finditer(example.text)]
    rest = _ENTITY.sub("", example.text)
    if "[" in rest or "]" in rest or not all(marked):
        yield Fault("brackets", example.file, example.line)
    for names in marked:
        for name in names:
            if name not in entities:
                yield Fault("unknown-entity", example.file, example.line, {"entity": name})


def _names(found: re.Match[str]) -> list[str]:
    """The entities that one annotation names; none when it cannot be read."""
    _words, simple, one, several = found.groups()
    if simple:
        return [simple.partition(":")[0].strip()]
    try:
        entries = json.loads(f"[{{{one}}}]" if one else f"[{several}]")
    except (ValueError, RecursionError):
        return []
    names = [entry.get("entity") if isinstance(entry, dict) else None for entry in entries]
    return [name for name in names if isinstance(name, str)] if all(isinstance(name, str) for name in names) else []
