"""The parts of one file of training data: its labels, sentences and answers, each with its line, and faults of form."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.data.faults import Fault
from integrations.catalogue.walk import Path
from integrations.catalogue.yaml_lines import Parsed

# Rasa's own; what is not ours to check here is passed over.
_TOP = frozenset(
    "version nlu responses rules stories intents entities slots forms actions e2e_actions session_config config".split()
)
_ITEM = frozenset({"intent", "metadata", "examples"})
_OTHER_ITEMS = frozenset({"synonym", "regex", "lookup"})
_EXAMPLE = frozenset({"text", "metadata"})
_BLOCK = re.compile(r"""\s*(?:-\s+)?["']?examples["']?\s*:\s*\|[-+1-9]*\s*(?:#.*)?""")
_DASH = "- "


@dataclass(frozen=True)
class Example:
    """A sentence and what it is taught as; `line` is 0 and `file` empty when it stands in no file yet."""

    text: str
    intent: str
    service: str | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Answer:
    """One text of a response."""

    name: str
    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Label:
    """An intent, and perhaps a service, as a block of sentences names them."""

    intent: str
    service: str | None
    file: str
    line: int
    service_line: int


Part = Example | Answer | Label | Fault


class Source(NamedTuple):
    """A file that YAML could read, with its lines as they are written."""

    file: str
    parsed: Parsed
    lines: list[str]

    def fault(self, code: str, path: Path, **values: str | int) -> Fault:
        """A fault at the line of a path."""
        return Fault(code, self.file, self.parsed.line(path), values)


def parts(source: Source) -> Iterator[Part]:
    """Everything in a file, in its order."""
    value = source.parsed.value
    if value is None:
        return
    if not isinstance(value, dict):
        yield source.fault("wrong-shape", (), key="the file", wanted="a mapping with `nlu:`")
        return
    yield from _unknown(source, value, (), _TOP)
    for index, item in _items(source, value, "nlu"):
        if isinstance(item, dict):
            yield from _item(source, item, ("nlu", index))
        else:
            yield source.fault("wrong-shape", ("nlu", index), key="an item of nlu", wanted="a mapping with `intent:`")
    yield from _shape(source, value, "nlu", list, "a list")
    yield from _responses(source, value)


def _items(source: Source, value: dict[str, Any], key: str) -> Iterator[tuple[int, Any]]:
    items = value.get(key)
    if isinstance(items, list):
        yield from enumerate(items)


def _shape(source: Source, value: dict[str, Any], key: str, wanted: type, words: str) -> Iterator[Fault]:
    if value.get(key) is not None and not isinstance(value[key], wanted):
        yield source.fault("wrong-shape", (key,), key=key, wanted=words)


def _unknown(source: Source, value: dict[str, Any], path: Path, known: frozenset[str]) -> Iterator[Fault]:
    for key in value:
        if key not in known:
            yield source.fault("key-unknown", (*path, key), key=key)


def _item(source: Source, item: dict[str, Any], path: Path) -> Iterator[Part]:
    if _OTHER_ITEMS & item.keys():
        return
    yield from _unknown(source, item, path, _ITEM)
    intent = item.get("intent")
    if not isinstance(intent, str) or not intent:
        yield source.fault("wrong-shape", (*path, "intent"), key="intent", wanted="the name of an intent")
        return
    service = yield from _service(source, item, path)
    yield _label(source, intent, service, path)
    examples = item.get("examples")
    if isinstance(examples, list):
        for index, example in enumerate(examples):
            yield from _long_form(source, example, intent, service, (*path, "examples", index))
    elif isinstance(examples, str) and examples:
        yield from _block(source, examples, intent, service, (*path, "examples"))
    else:
        yield source.fault("wrong-shape", (*path, "examples"), key="examples", wanted="`|` and a sentence on each line")


def _label(source: Source, intent: str, service: str | None, path: Path) -> Label:
    line = source.parsed.line((*path, "intent"))
    return Label(intent, service, source.file, line, source.parsed.line((*path, "metadata", "service")))


def _service(source: Source, item: dict[str, Any], path: Path) -> Generator[Fault, None, str | None]:
    """Yields faults of an item's metadata; returns the service that it names."""
    metadata = item.get("metadata")
    if metadata is None:
        return None
    service = metadata.get("service") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(service, str | None):
        yield source.fault(
            "wrong-shape", (*path, "metadata"), key="metadata", wanted="a mapping such as {service: id-card}"
        )
        return None
    return service


def _block(source: Source, examples: str, intent: str, service: str | None, path: Path) -> Iterator[Part]:
    """Sentences of an `examples: |` block: the line of each is known only because such a block keeps its lines."""
    header = source.parsed.line(path)
    if not _BLOCK.fullmatch(source.lines[header - 1]):
        yield source.fault("wrong-shape", path, key="examples", wanted="`|` and a sentence on each line")
        return
    for line, text in enumerate(examples.removesuffix("\n").split("\n"), header + 1):
        if text.startswith(_DASH) or text == _DASH.rstrip():
            yield Example(text[len(_DASH) :].strip(), intent, service, source.file, line)
        else:
            yield Fault("no-dash", source.file, line)


def _long_form(source: Source, item: object, intent: str, service: str | None, path: Path) -> Iterator[Part]:
    """One `- text: ...` entry; its own metadata wins."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        yield source.fault("wrong-shape", path, key="an example", wanted="a mapping with `text:`")
        return
    yield from _unknown(source, item, path, _EXAMPLE)
    own = yield from _service(source, item, path)
    if own is not None:
        yield _label(source, intent, own, path)
    text = item["text"].strip().removeprefix(_DASH)
    yield Example(text, intent, own or service, source.file, source.parsed.line((*path, "text")))


def _responses(source: Source, value: dict[str, Any]) -> Iterator[Part]:
    yield from _shape(source, value, "responses", dict, "a mapping of answers")
    responses = value.get("responses")
    for name, texts in responses.items() if isinstance(responses, dict) else ():
        path: Path = ("responses", name)
        if not isinstance(texts, list) or not texts:
            yield source.fault("wrong-shape", path, key=name, wanted="a list of texts")
            continue
        for index, variant in enumerate(texts):
            text = variant.get("text") if isinstance(variant, dict) else None
            if isinstance(text, str):
                yield Answer(name, text, source.file, source.parsed.line((*path, index, "text")))
            else:
                yield source.fault("wrong-shape", (*path, index), key=f"a text of {name}", wanted="`text:` and words")
