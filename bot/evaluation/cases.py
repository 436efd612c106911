"""Labelled messages: what a citizen writes, and what the reply must say it is.

A file is a YAML list. An entry is one message:

    - {text: "كم رسوم الجواز", kind: fees, service: passport, register: msa}

or a conversation, whose turns share the fields beside it:

    - register: msa
      conversation:
        - {text: "كم رسوم الجواز", kind: fees, service: passport}
        - {text: "ووين", kind: location, service: passport}

`text`, `kind`, `service` (null where none is meant) and `register` must be there; the other fields of `Case` may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.engine.messages import CHANNELS, Question
from bot.evaluation.errors import BadCases


@dataclass(frozen=True)
class Case:
    """One message and its label.

    `topic` is the name of the file unless the entry has its own. `options` are the services to offer when `kind` is
    ambiguous; `also` the further questions of the message; `accept` other kinds that a fair judge would let pass;
    `faq` the topic to answer when `kind` is faq, by the name of its file in nlu_data/faq;
    `conversation` and `turn` (from 0) place a message of a conversation, and are "" and 0 for one that stands alone.
    """

    text: str
    kind: str
    service: str | None
    topic: str
    register: str
    channel: str = "web"
    reference: str | None = None
    options: tuple[str, ...] = ()
    also: tuple[Question, ...] = ()
    accept: tuple[str, ...] = ()
    faq: str | None = None
    conversation: str = ""
    turn: int = 0


_REQUIRED = ("text", "kind", "service", "register")
_ALLOWED = {field.name for field in fields(Case)} - {"conversation", "turn"}
_TEXTS = ("text", "kind", "register", "topic", "channel")
_TEXTS_OR_NULL = ("service", "reference", "faq")
_LISTS = ("options", "accept")


def load_cases(folder: Path) -> list[Case]:
    """Every case of the folder's files at any depth, the turns of a conversation one after another.

    Raises:
        BadCases: with the file and the entry that is wrong.
    """
    if not folder.is_dir():
        raise BadCases(f"{folder}: no such folder")
    return [case for path in sorted(folder.rglob("*.yml")) for case in _cases(path, folder)]


def _cases(path: Path, folder: Path) -> Iterator[Case]:
    # With its path, not its stem alone: two files of one name may lie at different depths.
    name = path.relative_to(folder).with_suffix("").as_posix()
    for number, entry in enumerate(_entries(path), start=1):
        place = f"{path}: entry {number}"
        if not isinstance(entry, dict):
            raise BadCases(f"{place}: not of the form {{text: …, kind: …, service: …, register: …}}")
        if "conversation" not in entry:
            yield Case(**_read(place, {"topic": path.stem, **entry}))
            continue
        shared = {"topic": path.stem, **entry}
        for turn, said in enumerate(_turns(place, shared.pop("conversation"))):
            read = _read(f"{place}, turn {turn + 1}", {**shared, **said})
            yield Case(**read, conversation=f"{name}-{number}", turn=turn)


def _entries(path: Path) -> list[Any]:
    try:
        entries = YAML(typ="safe").load(path)
    except MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f": line {error.problem_mark.line + 1}"
        raise BadCases(f"{path}{line}: not YAML: {' '.join(str(error.problem or error).split())}") from error
    except (YAMLError, UnicodeError) as error:
        raise BadCases(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(entries, list | None):
        raise BadCases(f"{path}: not a list of entries")
    return entries or []


def _turns(place: str, turns: Any) -> list[dict[str, Any]]:
    if not isinstance(turns, list) or not turns or not all(isinstance(said, dict) for said in turns):
        raise BadCases(f"{place}: conversation must be a list of messages")
    return turns


def _read(place: str, entry: dict[str, Any]) -> dict[str, Any]:
    """The fields of a Case, of their types."""
    if missing := [name for name in _REQUIRED if name not in entry]:
        raise BadCases(f"{place}: lacks {', '.join(missing)}")
    if unknown := [str(name) for name in entry if name not in _ALLOWED]:
        raise BadCases(f"{place}: unknown field {', '.join(unknown)}")
    for name, value in entry.items():
        if name in (*_TEXTS, *_TEXTS_OR_NULL) and not _is_text(value, or_null=name in _TEXTS_OR_NULL):
            raise BadCases(f"{place}: {name} must be a text (in quotes when it looks like a number)")
    if entry.get("channel", "web") not in CHANNELS:
        raise BadCases(f"{place}: channel must be one of {', '.join(CHANNELS)}")
    lists = {name: _texts(place, name, entry[name]) for name in _LISTS if name in entry}
    return {**entry, **lists, "also": tuple(_also(place, entry.get("also", [])))}


def _is_text(value: Any, *, or_null: bool = False) -> bool:
    return (isinstance(value, str) and value.strip() != "") or (or_null and value is None)


def _texts(place: str, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(map(_is_text, value)):
        raise BadCases(f"{place}: {name} must be a list of texts")
    return tuple(value)


def _also(place: str, questions: Any) -> Iterator[Question]:
    for question in questions if isinstance(questions, list) else [None]:
        if not isinstance(question, dict) or set(question) != {"kind", "service"}:
            raise BadCases(f"{place}: also must be a list of {{kind: …, service: …}}")
        if not _is_text(question["kind"]) or not _is_text(question["service"], or_null=True):
            raise BadCases(f"{place}: also: kind and service must be texts")
        yield Question(**question)
