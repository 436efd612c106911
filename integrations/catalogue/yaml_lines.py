"""YAML to plain values with the line of every key and item, so that each fault can name its line.

Only what catalogue files need is read: mappings, lists and scalars. Anchors, aliases and tags are refused (an alias
bomb of a few lines can fill the memory), as are depth and size beyond what a person writes. Every plain scalar but
true, false and null stays a text: the document's types decide, so that the telephone 01234567 keeps its zero and
the date 2025 needs no quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from integrations.catalogue.walk import Path

MAX_DEPTH = 12
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN = {"true": True, "True": True, "false": False, "False": False, "null": None, "~": None, "": None}


class YamlFault(Exception):
    """The text cannot be read as YAML any further: a line (from 1) and what is wrong there."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass
class Parsed:
    """A file's values, the line of every path in them, and the faults that did not stop the reading."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest part above it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str) -> Parsed:
    """Read one YAML document.

    Raises:
        YamlFault: the text is not YAML, or uses what is refused.
    """
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise YamlFault(line, f"character U+{ord(control[0]):04X} is not allowed")
    parsed = Parsed()
    try:
        parsed.value = _document(YAML(typ="safe").parse(text), parsed)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlFault(mark.line + 1 if mark else 1, f"not YAML: {error.problem or error.context}") from None
    return parsed


def _line(event: Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _document(events: Iterator[Event], parsed: Parsed) -> Any:
    value = None
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise YamlFault(_line(event), "a file holds one document: remove the `---`")
            value = _node(next(events), events, (), parsed)
        elif isinstance(event, StreamEndEvent):
            break
    return value


def _node(event: Event, events: Iterator[Event], path: Path, parsed: Parsed) -> Any:
    line = _line(event)
    parsed.lines.setdefault(path, line)
    assert isinstance(event, NodeEvent)  # noqa: S101 - the parser gives nothing else here
    if isinstance(event, AliasEvent) or event.anchor:
        raise YamlFault(line, "anchors and aliases (& and *) are not allowed: write the value out")
    if getattr(event, "tag", None):
        raise YamlFault(line, "tags (!) are not allowed")
    if len(path) > MAX_DEPTH:
        raise YamlFault(line, "nested too deeply")
    if isinstance(event, ScalarEvent):
        return _PLAIN.get(event.value, event.value) if not event.style else event.value
    if isinstance(event, SequenceStartEvent):
        return _sequence(events, path, parsed)
    return _mapping(events, path, parsed)


def _sequence(events: Iterator[Event], path: Path, parsed: Parsed) -> list[Any]:
    items: list[Any] = []
    for event in events:
        if isinstance(event, SequenceEndEvent):
            break
        items.append(_node(event, events, (*path, len(items)), parsed))
    return items


def _mapping(events: Iterator[Event], path: Path, parsed: Parsed) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for event in events:
        if isinstance(event, MappingEndEvent):
            break
        line = _line(event)
        if not isinstance(event, ScalarEvent) or event.anchor or event.tag:
            raise YamlFault(line, "a key must be a plain word")
        if event.value in values:
            parsed.faults.append((line, f"{event.value}: given twice"))
        parsed.lines.setdefault((*path, event.value), line)
        values[event.value] = _node(next(events), events, (*path, event.value), parsed)
    return values
