"""Fourteen days of SMS, the same every time: most of one provider, some of a second, little of a third."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from channels.sms.tables import PartRow
from channels.tables import Address, Contact, OutboxRow

TEXT = "نص-سري-لا-يظهر"
NUMBER = "+967771234567"
PROVIDERS = {"yemen-mobile": 0.7, "sabafon": 0.299, "spare": 0.001}
_ENDS = ["delivered"] * 90 + ["accepted"] * 6 + ["failed"] * 2 + ["unknown", "expired"]
_CODES = {"failed": ["EC:11", "EC:1", "UNDELIV"], "unknown": ["504"], "expired": ["EXPIRED"]}


def seed(connection: Connection, parts: int, now: datetime, waiting: int = 3) -> None:
    """Write `parts` parts, each of a message of its own, evenly over the days until `now`; `waiting` have none yet."""
    chance = random.Random(7)
    contact = {"id": "c", "channel": "sms", "started_at": now, "last_message_at": now, "opted_out": False}
    connection.execute(insert(Contact).values(**contact))
    connection.execute(insert(Address).values(conversation="c", address=NUMBER))
    step = timedelta(days=14) / parts
    written = [now - step * (parts - 1 - number) for number in range(parts)]
    rows = [_part(chance, number, at) for number, at in enumerate(written)]
    messages = [_message(row["message_id"], row["created_at"], row["state"]) for row in rows]
    messages += [_message(f"{parts + one:032x}", now - timedelta(minutes=one), "queued") for one in range(waiting)]
    connection.execute(insert(OutboxRow), messages)
    connection.execute(insert(PartRow), rows)


def _part(chance: random.Random, number: int, at: datetime) -> dict[str, Any]:
    [provider] = chance.choices(list(PROVIDERS), list(PROVIDERS.values()))
    state = chance.choice(_ENDS)
    accepted = at + timedelta(seconds=chance.lognormvariate(-0.7, 0.6)) if state in ("delivered", "accepted") else None
    done = at + timedelta(seconds=chance.lognormvariate(2, 0.8)) if state != "accepted" else None
    return {
        "message_id": f"{number:032x}",
        "number": 1,
        "total": 1,
        "provider": provider,
        "state": state,
        "provider_id": f"mt-{number}",
        "error": "rejected" if state in _CODES else None,
        "code": chance.choice(_CODES.get(state, [None])),
        "cost": 8.5,
        "created_at": at,
        "submitted_at": at,
        "accepted_at": accepted,
        "done_at": done,
    }


def _message(message_id: str, at: datetime, state: str) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "conversation": "c",
        "channel": "sms",
        "push": False,
        "body": {"text": TEXT},
        "created_at": at,
        "state": state,
        "due_at": at,
        "attempts": 1,
        "error": None,
    }
