"""Cases and replies for the tests of measuring."""

from __future__ import annotations

from typing import Any

from bot.evaluation.answering import Answered
from bot.evaluation.cases import Case
from bot.evaluation.judging import Judged, judge


def case(text: str = "كم رسوم الجواز", kind: str = "fees", service: str | None = "passport", **fields: Any) -> Case:
    return Case(text, kind, service, **{"topic": "fees", "register": "msa", **fields})


def reply(kind: str = "fees", service: str | None = "passport", **fields: Any) -> dict[str, Any]:
    empty = {"options": [], "reference": None, "confidence": 0.9, "messages": [{"text": "…", "choices": []}]}
    return {"kind": kind, "service": service, **empty, **fields}


def judged(asked: Case, said: dict[str, Any], sentence: str | None = None) -> Judged:
    return judge(Answered(asked, asked.text if sentence is None else sentence, said, wall=2.0, cpu=1.0))


def right(text: str, **fields: Any) -> Judged:
    return judged(case(text, **fields), reply())


def wrong(text: str, **fields: Any) -> Judged:
    """Fees of a passport were asked, hours came."""
    return judged(case(text, **fields), reply("hours"))
