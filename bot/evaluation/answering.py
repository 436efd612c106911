"""Every case answered as a citizen would be, with what each message cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.engine.messages import Request
from bot.evaluation.cases import Case

# The first message of a process pays for what is made on first use; citizens meet that once a start.
_WARM_UP = Request("warm-up", "warm-up", "web", "مساعدة")
_BETWEEN_TURNS = " / "


class Answers(Protocol):
    """What answers: `bot.ask.Asking`."""

    async def reply(self, request: Request) -> dict[str, Any]:
        """The JSON of the reply to one message."""


@dataclass(frozen=True)
class Answered:
    """A case with the reply's JSON.

    `sentence` is the message after the earlier turns of its conversation: it means the same case whatever else is
    added to its file. `wall` and `cpu` are milliseconds; `cpu` is that of every thread of this process.
    """

    case: Case
    sentence: str
    reply: dict[str, Any]
    wall: float
    cpu: float


async def answer(asking: Answers, cases: Sequence[Case], step: Callable[[], None] = lambda: None) -> list[Answered]:
    """Answer the cases in order; `step` is called after each. The turns of a conversation must be neighbours."""
    await asking.reply(_WARM_UP)
    answered = []
    conversation, sentence = 0, ""
    for number, case in enumerate(cases):
        conversation += case.turn == 0
        sentence = case.text if case.turn == 0 else sentence + _BETWEEN_TURNS + case.text
        request = Request(f"m-{number}", f"c-{conversation}", case.channel, case.text)
        wall, cpu = time.perf_counter(), time.process_time()
        reply = await asking.reply(request)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        answered.append(Answered(case, sentence, reply, wall * 1000, cpu * 1000))
        step()
    return answered
