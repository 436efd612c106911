"""One file of training data, read and written so that whatever is not changed stays as it was typed.

ruamel.yaml's round trip keeps comments, order and quotes; a test writes every file of nlu_data unchanged.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from console.errors import Problem

BROKEN = "الملف ليس YAML سليمًا، فلا يمكن تحريره هنا. يصلحه المطور في المستودع."
_DASH = "- "


@dataclass(frozen=True)
class Section:
    """The example sentences of one intent, perhaps of one service."""

    place: int
    intent: str
    service: str | None
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """One text of a topic's answer.

    channel: "" for all. jurisdiction: SAN, ADE or BOTH. grade: A, B or C. published: "2025", "2025-11" or a date.
    It is said from `valid_from` to `valid_until`, both included; None has no end.
    """

    text: str
    channel: str = ""
    source: str = ""
    url: str = ""
    published: str = ""
    grade: str = "B"
    jurisdiction: str = "BOTH"
    valid_from: date | None = None
    valid_until: date | None = None


class Document:
    """The text of a file and its parts; changes are made in the parts and read from `text`."""

    def __init__(self, text: str) -> None:
        try:
            self._value: Any = _yaml().load(text)
        except (YAMLError, ValueError, RecursionError) as error:
            raise Problem(409, BROKEN) from error
        if not isinstance(self._value, CommentedMap) or not isinstance(self._value.get("nlu"), list):
            raise Problem(409, BROKEN)

    @property
    def text(self) -> str:
        """The file as it would be written."""
        file = io.StringIO()
        _yaml().dump(self._value, file)
        return str(file.getvalue())

    @property
    def sections(self) -> list[Section]:
        """The blocks of sentences, in their order."""
        return [
            Section(place, str(item["intent"]), _service(item), tuple(sentences(item["examples"])))
            for place, item in enumerate(self._value["nlu"])
            if isinstance(item, dict) and "intent" in item and isinstance(item.get("examples"), str)
        ]

    def set_examples(self, place: int, examples: Sequence[str]) -> None:
        """Write the sentences of a block."""
        self._value["nlu"][place]["examples"] = LiteralScalarString("".join(f"{_DASH}{one}\n" for one in examples))

    def metadata(self, place: int = 0) -> dict[str, Any]:
        """What a block says of itself beside its sentences (owner and review date of a topic)."""
        return dict(self._value["nlu"][place].get("metadata") or {})

    def set_metadata(self, values: dict[str, Any], place: int = 0) -> None:
        """Write it, after the intent's name; empty values are left out."""
        item = self._value["nlu"][place]
        kept = {name: value for name, value in values.items() if value not in ("", None)}
        if kept == dict(item.get("metadata") or {}):
            return
        item.pop("metadata", None)
        if kept:
            mapping = CommentedMap(kept)
            mapping.fa.set_flow_style()
            item.insert(1, "metadata", mapping)

    @property
    def answers(self) -> list[Answer]:
        """The texts of the topic's answer; none in a file without answers."""
        return [_answer(item) for item in self._responses() or ()]

    def set_answers(self, answers: Sequence[Answer]) -> None:
        """Write them: one that is there in the same place is changed, so that its comments and order stay."""
        items = self._responses()
        if items is None and not answers:
            return
        if items is None:
            name = f"utter_{self._value['nlu'][0]['intent']}"
            self._value.setdefault("responses", CommentedMap())[name] = items = []
        before = [_answer(item) for item in items]
        for place, answer in enumerate(answers):
            if place >= len(items):
                items.append(CommentedMap())
            if place >= len(before) or before[place] != answer:
                _write(items[place], answer)
        del items[len(answers) :]

    def _responses(self) -> Any:
        responses = self._value.get("responses")
        name = f"utter_{self._value['nlu'][0].get('intent')}"
        return responses.get(name) if isinstance(responses, dict) else None


def new_topic(intent: str, title: str) -> Document:
    """A file for a topic that has no sentences and no answers yet."""
    said = " ".join(title.split())
    return Document(f'version: "3.1"\n# {said}\nnlu:\n- intent: {intent}\n  examples: |\n    - ؟\n')


def sentences(block: str) -> list[str]:
    """The sentences of an `examples` block."""
    return [line[len(_DASH) :].strip() for line in block.splitlines() if line.startswith(_DASH)]


def _yaml() -> Any:
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=2, offset=0)
    yaml.representer.add_representer(type(None), _null)
    return yaml


def _null(dumper: Any, _value: None) -> Any:
    """Written out, as all files have it; ruamel.yaml leaves it empty."""
    return dumper.represent_scalar("tag:yaml.org,2002:null", "null")


def _service(item: dict[str, Any]) -> str | None:
    metadata = item.get("metadata")
    service = metadata.get("service") if isinstance(metadata, dict) else None
    return service if isinstance(service, str) else None


def _answer(item: Any) -> Answer:
    about = item.get("metadata") or {}
    return Answer(
        text=str(item.get("text", "")).rstrip("\n"),
        channel=str(item.get("channel") or ""),
        source=str(about.get("source") or ""),
        url=str(about.get("url") or ""),
        published=str(about.get("published") or ""),
        grade=str(about.get("grade") or ""),
        jurisdiction=str(about.get("jurisdiction") or "BOTH"),
        valid_from=_date(about.get("valid_from")),
        valid_until=_date(about.get("valid_until")),
    )


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _write(item: Any, answer: Answer) -> None:
    item["text"] = LiteralScalarString(answer.text)
    if answer.channel:
        item["channel"] = answer.channel
    else:
        item.pop("channel", None)
    about = item.setdefault("metadata", CommentedMap())
    given: dict[str, Any] = {"source": answer.source, "url": answer.url or None, "published": answer.published or None}
    about.update(given | {"grade": answer.grade, "jurisdiction": answer.jurisdiction})
    for name in ("valid_from", "valid_until"):
        if (value := getattr(answer, name)) is not None:
            about[name] = value
        else:
            about.pop(name, None)
