"""Conversations as their files tell them; the form is explained in README.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.engine.messages import CHANNELS

NONE = "none"
_CONVERSATION = frozenset({"name", "channel", "understanding", "now", "turns"})
_TURN = frozenset({"citizen", "press", "times", "dalil"})
_EXPECTED = frozenset({"kind", "service", "options", "also", "reference", "choices", "says", "never_says"})


class Unreadable(ValueError):
    """A conversation is not written as README.md says."""


@dataclass(frozen=True)
class Turn:
    """What the citizen does, and what is expected of the reply.

    citizen: the message, sent `times` times over as one text. press: the place of the button that is pressed.
    """

    citizen: str | None
    press: int | None
    dalil: Mapping[str, Any]
    times: int = 1

    def said(self) -> str:
        """The message, short enough to be shown."""
        if self.citizen is None:
            return f"[زر {self.press}]"
        return self.citizen if self.times == 1 else f"{self.citizen} × {self.times}"


@dataclass(frozen=True)
class Conversation:
    """A conversation. pending: the classifier does not understand it yet, and `now` tells what it gives."""

    topic: str
    name: str
    channel: str
    turns: tuple[Turn, ...]
    pending: bool = False
    now: str = field(default="", compare=False)


def read_all(folder: Path) -> list[Conversation]:
    """The conversations of all files of a folder.

    Raises:
        Unreadable: naming the file, the conversation and what is wrong.
    """
    found = [conversation for path in sorted(folder.glob("*.yml")) for conversation in read(path)]
    names = [f"{conversation.topic}: {conversation.name}" for conversation in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Unreadable(f"أسماء مكررة: {'، '.join(sorted(twice))}")
    return found


def read(path: Path) -> Iterator[Conversation]:
    """The conversations of one file; raises as `read_all` does."""
    for item in yaml.safe_load(path.read_text("utf-8")):
        where = f"{path.name}: {item.get('name', '؟')}"
        _only(item, _CONVERSATION, where)
        channel = item.get("channel", "web")
        if channel not in CHANNELS or item.get("understanding", "pending") != "pending":
            raise Unreadable(f"{where}: channel: {'، '.join(CHANNELS)}؛ understanding: pending")
        turns = tuple(_turn(turn, f"{where}، الدور {number}") for number, turn in enumerate(item["turns"], start=1))
        pending = "understanding" in item
        if pending != ("now" in item):
            raise Unreadable(f"{where}: اكتب now مع understanding")
        yield Conversation(path.stem, item["name"], channel, turns, pending, item.get("now", ""))


def _turn(turn: Mapping[str, Any], where: str) -> Turn:
    _only(turn, _TURN, where)
    _only(turn.get("dalil") or {}, _EXPECTED, where)
    if ("citizen" in turn) == ("press" in turn) or not turn.get("dalil"):
        raise Unreadable(f"{where}: لكل دور citizen أو press، ثم dalil")
    text = turn.get("citizen")
    return Turn(None if text is None else str(text), turn.get("press"), turn["dalil"], turn.get("times", 1))


def _only(item: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = set(item) - known
    if unknown:
        raise Unreadable(f"{where}: كلمات غير معروفة: {'، '.join(sorted(unknown))}")
