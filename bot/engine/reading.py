"""What a message is, beside what Dalil offered and asked before: a choice, a correction, or words to understand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.components.commands import command
from bot.engine import choices
from bot.engine.choices import Option
from bot.engine.corrections import correction

_AND = "و"


@dataclass(frozen=True)
class Waiting:
    """What stands before the citizen.

    offered: the choices shown last, in order. kinds, options: for which questions Dalil asked which of these services
    is meant, as the actions remember it (actions/memory.py). open: it was not answered yet.
    """

    offered: Sequence[Option] = ()
    kinds: Sequence[str] = ()
    options: Sequence[str] = ()
    open: bool = False

    @classmethod
    def of(cls, offered: Sequence[Option] | None, asked: dict[str, Any] | None) -> Waiting:
        """From the slots `choices` and `asked`."""
        asked = asked or {}
        return cls(offered or (), asked.get("kinds") or (), asked.get("options") or (), bool(asked.get("open")))

    @property
    def which(self) -> bool:
        """Whether the choices shown are the services that Dalil asked about."""
        shown = [choices.service_of(option) for option in self.offered]
        return self.open and bool(shown) and shown == list(self.options)


@dataclass(frozen=True)
class Reading:
    """How a message is read. text: what is to be understood of it; option: the choice that it takes instead.

    service: the offered service that its question is about. corrects: it says what was meant instead.
    """

    text: str
    option: Option | None = None
    service: str | None = None
    corrects: bool = False


def read(text: str, choice: str | None, waiting: Waiting) -> Reading:
    """Read a message: a pressed button, a command, a correction, a choice in words, or any other words."""
    pressed = choices.taken(waiting.offered, text, choice)
    if pressed or choice is not None or command(text):
        return Reading(text, pressed)
    meant = correction(text)
    said = meant or text
    option = choices.taken(waiting.offered, said, None, which=waiting.which)
    if meant is not None or said.startswith(_AND):
        option = _of_the_list(said.removeprefix(_AND), waiting) or option
    if option is None and waiting.which and not choices.is_list(said):
        about = choices.within(waiting.offered, said)
        if about:
            return Reading(about[1], service=choices.service_of(about[0]), corrects=meant is not None)
    return Reading(said, option, corrects=meant is not None)


def _of_the_list(said: str, waiting: Waiting) -> Option | None:
    """Another place of the list that Dalil asked about, maybe off the screen by now ("لا، الثالث", "والرابع؟")."""
    asked = [choices.standing_for(kind, service) for kind in waiting.kinds[:1] for service in waiting.options]
    return choices.at(asked, choices.place_of(said))
