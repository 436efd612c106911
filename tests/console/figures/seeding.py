"""A message log written by hand, one call a message; and a large one that is the same every time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from channels.kinds import FACTS
from channels.quality.counting import start_of
from channels.quality.tables import RatingRow, SampleRow
from channels.sms.tables import PartRow
from channels.tables import Contact, InboxRow, OutboxRow

_FIELDS: dict[str, Any] = {
    "conversation": "c", "task": "message", "text": "سؤال", "choice": None, "more": False, "state": "done",
    "lease": None, "attempts": 1, "choices": None, "service": None, "confidence": 0.9,
}  # fmt: skip


def moment(day: str, clock: str = "12:00") -> datetime:
    """A time by Yemen's clock."""
    hours, minutes = clock.split(":")
    return start_of(date.fromisoformat(day)) + timedelta(hours=int(hours), minutes=int(minutes))


class Log:
    """Writes messages, ratings, verdicts and parts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        now = moment("2026-01-01")
        contact = {"id": "c", "channel": "web", "started_at": now, "last_message_at": now, "opted_out": False}
        connection.execute(insert(Contact).values(**contact))

    def message(self, at: datetime, kind: str | None = "fees", channel: str = "web", **fields: Any) -> str:
        """One message, answered after `seconds`; gives its message id. kind: None is a fallback."""
        seconds = fields.pop("seconds", 1.0)
        message_id = fields.pop("message_id", None) or uuid.uuid4().hex
        outcome = fields.pop("outcome", "answered" if kind else "fallback")
        row = _FIELDS | {"message_id": message_id, "external_id": message_id, "channel": channel, "reply_kind": kind}
        row |= {"received_at": at, "due_at": at, "outcome": outcome, "done_at": at + timedelta(seconds=seconds)}
        self._connection.execute(insert(InboxRow).values(**(row | fields)))
        return message_id

    def open(self, at: datetime, **fields: Any) -> str:
        """A message that still waits."""
        return self.message(at, None, outcome=None, state="received", done_at=None, **fields)

    def rate(self, message_id: str, good: bool, at: datetime) -> None:
        self._connection.execute(insert(RatingRow).values(message_id=message_id, good=good, at=at))

    def verdict(self, message_id: str, verdict: str, at: datetime | None = None) -> None:
        row = {"message_id": message_id, "verdict": verdict, "by": "r", "at": at or moment("2026-03-09")}
        self._connection.execute(insert(SampleRow).values(**row))

    def part(self, at: datetime, cost: float) -> None:
        """One part of an SMS, of a message of its own."""
        message_id = uuid.uuid4().hex
        self._connection.execute(insert(OutboxRow).values(**_outbox(message_id, at)))
        self._connection.execute(insert(PartRow).values(**_part(message_id, at, cost)))


def _outbox(message_id: str, at: datetime) -> dict[str, Any]:
    return {
        "message_id": message_id, "conversation": "c", "channel": "sms", "push": False, "created_at": at,
        "state": "delivered", "due_at": at, "attempts": 1,
    }  # fmt: skip


def _part(message_id: str, at: datetime, cost: float) -> dict[str, Any]:
    return {
        "message_id": message_id, "number": 1, "total": 1, "provider": "p", "state": "delivered", "cost": cost,
        "created_at": at, "submitted_at": at,
    }  # fmt: skip


_KINDS = [*FACTS] * 8 + ["faq"] * 8 + ["status"] * 10 + ["out_of_scope"] * 6 + ["ambiguous"] * 5 + ["greeting"] * 4
_KINDS += ["thanks", "human", "unavailable", "lost_reference", "follow", "list_services"]
_SERVICES = [f"service-{number}" for number in range(55)]
_CHANNELS = ["sms"] * 5 + ["telegram"] * 3 + ["web"] * 2


def fill(connection: Connection, messages: int, first: date, days: int) -> None:
    """So many messages, evenly over the days; 5 % rated, half a per cent judged, two parts of SMS for each of SMS."""
    Log(connection)
    chance = random.Random(11)
    begins, step = start_of(first), timedelta(days=days) / messages
    times = [begins + step * number for number in range(messages)]
    rows = list(_rows(chance, times))
    for start in range(0, messages, 10_000):
        connection.execute(insert(InboxRow), rows[start : start + 10_000])
    answered = [row for row in rows if row["reply_kind"] in FACTS]
    rated = chance.sample(answered, messages // 20)
    given = [
        {
            "message_id": row["message_id"],
            "good": chance.random() < 0.7,
            "at": row["received_at"] + timedelta(minutes=2),
        }
        for row in rated
    ]
    connection.execute(insert(RatingRow), given)
    judged = chance.sample(answered, messages // 200)
    verdicts = [
        {"message_id": row["message_id"], "verdict": chance.choice(["right"] * 8 + ["wrong", "partly"]), "note": None,
         "by": "r", "at": row["received_at"] + timedelta(days=1)}
        for row in judged
    ]  # fmt: skip
    connection.execute(insert(SampleRow), verdicts)
    for start in range(0, messages, 10_000):
        sms = [row for row in rows[start : start + 10_000] if row["channel"] == "sms"]
        sent = [(uuid.UUID(int=chance.getrandbits(128)).hex, row["received_at"]) for row in sms for _ in range(2)]
        connection.execute(insert(OutboxRow), [_outbox(*one) for one in sent])
        connection.execute(insert(PartRow), [_part(*one, 8.5) for one in sent])


def _rows(chance: random.Random, times: list[datetime]) -> Iterator[dict[str, Any]]:
    for at in times:
        kind: str | None = chance.choice(_KINDS)
        fails = chance.random() < 0.01
        message_id = uuid.UUID(int=chance.getrandbits(128)).hex
        waited = timedelta(seconds=chance.lognormvariate(-1, 0.8))
        yield _FIELDS | {
            "message_id": message_id,
            "external_id": message_id,
            "channel": chance.choice(_CHANNELS),
            "reply_kind": None if fails else kind,
            "outcome": "fallback" if fails else "answered",
            "service": chance.choice(_SERVICES) if kind in FACTS and not fails else None,
            "received_at": at,
            "due_at": at,
            "done_at": at + waited,
        }
