"""How far messages are, by how far their parts are; for many messages at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select, update

from channels.sms.tables import PartRow
from channels.tables import FINAL, OutboxRow, OutboxState
from storage import utc_now

WAITING = (OutboxState.QUEUED, OutboxState.SENDING)
_WORST_FIRST = (OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.UNKNOWN, OutboxState.ACCEPTED)


def worst_of(parts: Iterable[OutboxState]) -> OutboxState | None:
    """The state of the message: delivered only when all its parts are, and None while one waits, or there is none."""
    states = set(parts)
    if not states or states & set(WAITING):
        return None
    return next((state for state in _WORST_FIRST if state in states), OutboxState.DELIVERED)


@dataclass(frozen=True)
class LedgerPart:
    """A row of the ledger. `changed`: a receipt has."""

    id: int
    message_id: str
    number: int
    provider: str
    provider_id: str | None
    state: OutboxState
    error: str | None
    code: str | None
    done_at: datetime | None = None
    changed: bool = False


def lock(connection: Connection, messages: Collection[str]) -> dict[str, str]:
    """Hold the messages, so that nobody else changes their parts; their states."""
    return {row.message_id: row.state for row in connection.execute(_LOCK, {"of": sorted(messages)})}


def parts_of(connection: Connection, messages: Collection[str]) -> defaultdict[str, list[LedgerPart]]:
    """The parts of each message, in order."""
    found: defaultdict[str, list[LedgerPart]] = defaultdict(list)
    for row in connection.execute(_PARTS, {"of": sorted(messages)}).all() if messages else ():
        state = OutboxState(row.state)
        found[row.message_id].append(
            LedgerPart(row.id, row.message_id, row.number, row.provider, row.provider_id, state, row.error, row.code)
        )
    return found


def advance_all(connection: Connection, parts: Mapping[str, Sequence[LedgerPart]], states: Mapping[str, str]) -> None:
    """Take each message, which is held and in this state, as far as its parts are."""
    onward = [step for message, found in parts.items() if (step := _onward(message, states.get(message), found))]
    if onward:
        connection.execute(_ADVANCE, onward)


def _onward(message: str, known: str | None, parts: Sequence[LedgerPart]) -> dict[str, Any] | None:
    """Where the message is then, if that is further than it was known to be."""
    worst = worst_of(part.state for part in parts)
    if worst is None or known is None or OutboxState(known).rank >= worst.rank:
        return None
    why = next(part for part in parts if part.state is worst)
    reason = (why.error, why.code) if worst is not OutboxState.DELIVERED else (None, None)
    done = utc_now() if worst.rank == FINAL else None
    return {"of": message, "to": worst, "why": reason[0], "word": reason[1], "done": done}


# Statements are made once: building one costs more than running it.
_these: BindParameter[Any] = bindparam("of", expanding=True)
_LOCK = (
    select(OutboxRow.message_id, OutboxRow.state)
    .where(OutboxRow.message_id.in_(_these))
    .order_by(OutboxRow.message_id)  # everywhere the same, so that no two transactions wait for each other
    .with_for_update()
)
_PARTS = (
    select(
        PartRow.id,
        PartRow.message_id,
        PartRow.number,
        PartRow.provider,
        PartRow.provider_id,
        PartRow.state,
        PartRow.error,
        PartRow.code,
    )
    .where(PartRow.message_id.in_(_these))
    .order_by(PartRow.number)
)
_message = OutboxRow.__table__
# Not the ORM's update: many at once, by their own key.
_ADVANCE = (
    update(_message)  # type: ignore[arg-type]
    .where(_message.c.message_id == bindparam("of"))
    .values(state=bindparam("to"), error=bindparam("why"), code=bindparam("word"), done_at=bindparam("done"))
)
