"""What Dalil remembers within a conversation: the service spoken of, the last question, and what it asked back.

Slots: `service` and `question` (a kind); `asked`, what Dalil asked back; `choices`, which the engine keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.answer import Answer
from actions.rendering.answers import KINDS


@dataclass(frozen=True)
class Asked:
    """Which of `options` is meant, or, without any, which service at all: asked for questions of `kinds`.

    open: the citizen has not said it yet. Once said, it is kept for a correction ("لا، الثالث").
    """

    kinds: Sequence[str]
    options: Sequence[str] = ()
    open: bool = True


@dataclass(frozen=True)
class Memory:
    """What is remembered. question: the kind that was asked last."""

    service: str | None = None
    question: str | None = None
    asked: Asked | None = None

    @classmethod
    def of(cls, tracker: Tracker) -> Memory:
        """What the conversation's slots hold."""
        asked = tracker.get_slot("asked")
        question = tracker.get_slot("question")
        return cls(
            service=tracker.get_slot("service"),
            question=question if question in KINDS else None,
            asked=Asked(tuple(asked["kinds"]), tuple(asked["options"]), asked["open"]) if asked else None,
        )

    def waits_for(self, kind: str) -> bool:
        """Whether Dalil asked something back to answer a question of this kind."""
        return self.asked is not None and self.asked.open and kind in self.asked.kinds

    @property
    def open_options(self) -> tuple[str, ...]:
        """The services that Dalil waits for one of."""
        return tuple(self.asked.options) if self.asked and self.asked.open else ()

    def kinds_meant(self, *, goes_on: bool) -> Sequence[str]:
        """What a message asks that only names a service: what is open, or what it goes on with ("والجواز؟")."""
        if self.question and self.service and goes_on:
            return (self.question,)
        if self.asked and self.asked.open:
            return self.asked.kinds
        return (self.question if self.question and not self.service else "overview",)

    def kinds_chosen(self, kind: str, service: str) -> Sequence[str]:
        """What a choice asks: all that Dalil asked back for, when it is one of the services it asked about."""
        asked = self.asked
        return asked.kinds if asked and service in asked.options and kind == asked.kinds[0] else (kind,)

    def after(self, kind: str, answer: Answer, *, asked_in_full: bool) -> Memory:
        """What is remembered after `answer` to a question of `kind`, whose kind the message said itself or not."""
        if answer.asks:
            # What was spoken of before is not meant where there are options: "وكم المدة؟" is now about these.
            service = None if answer.options else self.service
            return Memory(service, kind, Asked((kind,), tuple(answer.options)))
        if answer.service is None:
            return replace(self, question=kind)
        asked = self.asked
        if asked and asked.open and not (asked_in_full and self._is_interrupted_by(kind, answer.service)):
            asked = replace(asked, open=False)
        return Memory(answer.service, kind, asked)

    def _is_interrupted_by(self, kind: str, service: str) -> bool:
        """Whether what Dalil asked stays open although a question was answered in between."""
        if self.asked is None:
            return False
        return service not in self.asked.options if self.asked.options else kind not in self.asked.kinds

    def asking_also(self, kind: str) -> Memory:
        """The same, when one more question of the message is open for the same reason."""
        if self.asked is None or kind in self.asked.kinds:
            return self
        return replace(self, question=kind, asked=replace(self.asked, kinds=(*self.asked.kinds, kind)))

    def slots(self, tracker: Tracker) -> list[Any]:
        """The events that make the conversation remember this; choices of what is settled go."""
        asked = None
        if self.asked:
            asked = {"kinds": list(self.asked.kinds), "options": list(self.asked.options), "open": self.asked.open}
        choices = tracker.get_slot("choices") if self.open_options else None
        kept = {"asked": asked, "choices": choices}
        changed = {name: value for name, value in kept.items() if value != tracker.get_slot(name)}
        values = {"service": self.service, "question": self.question, **changed}
        return [SlotSet(name, value) for name, value in values.items()]


NOTHING = Memory()


def asking(tracker: Tracker, kinds: Sequence[str], options: Sequence[str] = ()) -> list[Any]:
    """Events after Dalil asked which of `options`, or the name of which service, questions of `kinds` are about."""
    return replace(Memory.of(tracker), asked=Asked(tuple(kinds), tuple(options))).slots(tracker)


def about_service(service: str) -> list[Any]:
    """Events after which a question without a service is about this one."""
    return [SlotSet("service", service)]
