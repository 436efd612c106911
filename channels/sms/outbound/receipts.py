"""Receipts in the database, many at a time: two for each part make them most of what comes in.

A receipt never takes a part back, nor out of a final state, in whatever order receipts come. Who changes parts of a
message holds its row in the outbox: two receipts of one message at once, at two gateways, see each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select, update

from channels.sms.outbound.progress import worst_of
from channels.sms.providers.base import Receipt
from channels.sms.tables import PartRow
from channels.tables import FINAL, OutboxRow, OutboxState
from storage import utc_now


@dataclass(frozen=True)
class News:
    """A receipt, and the provider that gives it."""

    provider: str
    receipt: Receipt


@dataclass(frozen=True)
class _Part:
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


@dataclass(frozen=True)
class _Named:
    """The parts of one message that a receipt is about: all, one of a number, or those that the provider calls so."""

    message_id: str
    number: int | None = None
    name: str | None = None

    def means(self, part: _Part, provider: str) -> bool:
        """Whether this part is one of them."""
        by_number = self.number is None or part.number == self.number
        return part.provider == provider and by_number and (self.name is None or part.provider_id == self.name)


def receive_all(connection: Connection, news: Sequence[News]) -> list[bool]:
    """Keep what receipts say; for each, whether it names a part that its provider has."""
    named = _named(connection, news)
    parts = _parts(connection, {one.message_id for one in named if one})
    known, ahead = [], set()
    for one, item in zip(named, news, strict=True):
        mine = [part for part in parts[one.message_id] if one.means(part, item.provider)] if one else []
        known.append(bool(mine))
        if one and any(_is_behind(part, item.receipt) for part in mine):
            ahead.add(one.message_id)
    if ahead:  # of most receipts what they say is known already
        _keep(connection, ahead, [pair for pair in zip(named, news, strict=True) if pair[0]])
    return known


def _keep(connection: Connection, ahead: set[str], news: Iterable[tuple[_Named | None, News]]) -> None:
    states = {row.message_id: row.state for row in connection.execute(_LOCK, {"of": sorted(ahead)})}
    parts = _parts(connection, ahead)
    for one, item in news:
        if one and one.message_id in ahead:
            parts[one.message_id] = [_told(part, one, item) for part in parts[one.message_id]]
    changed = [part for found in parts.values() for part in found if part.changed]
    if changed:
        connection.execute(_NEWS, [_values(part) for part in changed])
    onward = [step for message, found in parts.items() if (step := _onward(message, states.get(message), found))]
    if onward:
        connection.execute(_ADVANCE, onward)


def _told(part: _Part, named: _Named, news: News) -> _Part:
    if not named.means(part, news.provider) or not _is_behind(part, news.receipt):
        return part
    state = OutboxState(news.receipt.state.value)
    done = utc_now() if state.rank == FINAL else None
    return replace(part, state=state, code=news.receipt.code, done_at=done, changed=True)


def _is_behind(part: _Part, receipt: Receipt) -> bool:
    return part.state.rank < OutboxState(receipt.state.value).rank


def _values(part: _Part) -> dict[str, Any]:
    return {"me": part.id, "to": part.state, "word": part.code, "done": part.done_at}


def _onward(message: str, known: str | None, parts: Sequence[_Part]) -> dict[str, Any] | None:
    """Where the message is then, if that is further than it was known to be."""
    worst = worst_of(part.state for part in parts)
    if worst is None or known is None or OutboxState(known).rank >= worst.rank:
        return None
    why = next(part for part in parts if part.state is worst)
    reason = (why.error, why.code) if worst is not OutboxState.DELIVERED else (None, None)
    done = utc_now() if worst.rank == FINAL else None
    return {"of": message, "to": worst, "why": reason[0], "word": reason[1], "done": done}


def _named(connection: Connection, news: Sequence[News]) -> list[_Named | None]:
    """Which parts each receipt is about: the submission that we named, else what the provider calls it."""
    names = {item.receipt.provider_id for item in news if item.receipt.submission_id is None}
    rows = connection.execute(_BY_NAME, {"names": sorted(filter(None, names))}).all() if any(names) else []
    # A provider that uses a name again means its latest message.
    latest = {(row.provider, row.provider_id): row.message_id for row in rows}
    return [_of(item, latest) for item in news]


def _of(news: News, latest: dict[tuple[str, str], str]) -> _Named | None:
    receipt = news.receipt
    if receipt.submission_id is None:
        name = receipt.provider_id or ""
        message = latest.get((news.provider, name))
        return _Named(message, name=name) if message is not None else None
    message_id, _, number = receipt.submission_id.partition("-")
    if not number:
        return _Named(message_id)
    is_number = number.isascii() and number.isdecimal() and len(number) < 5
    return _Named(message_id, int(number)) if is_number else None


def _parts(connection: Connection, messages: set[str]) -> defaultdict[str, list[_Part]]:
    found: defaultdict[str, list[_Part]] = defaultdict(list)
    for row in connection.execute(_PARTS, {"of": sorted(messages)}).all() if messages else ():
        state = OutboxState(row.state)
        found[row.message_id].append(
            _Part(row.id, row.message_id, row.number, row.provider, row.provider_id, state, row.error, row.code)
        )
    return found


# Statements are made once: building one costs more than running it.
_these: BindParameter[Any] = bindparam("of", expanding=True)
_LOCK = (
    select(OutboxRow.message_id, OutboxRow.state)
    .where(OutboxRow.message_id.in_(_these))
    .order_by(OutboxRow.message_id)  # everywhere the same, so that no two transactions wait for each other
    .with_for_update()
)
_PARTS = select(
    PartRow.id,
    PartRow.message_id,
    PartRow.number,
    PartRow.provider,
    PartRow.provider_id,
    PartRow.state,
    PartRow.error,
    PartRow.code,
).where(PartRow.message_id.in_(_these))
_BY_NAME = (
    select(PartRow.provider, PartRow.provider_id, PartRow.message_id)
    .where(PartRow.provider_id.in_(bindparam("names", expanding=True)))
    .order_by(PartRow.id)
)
_part, _message = PartRow.__table__, OutboxRow.__table__
# Not the ORM's updates: many at once, by their own keys.
_NEWS = (
    update(_part)  # type: ignore[arg-type]
    .where(_part.c.id == bindparam("me"))
    .values(state=bindparam("to"), code=bindparam("word"), done_at=bindparam("done"))
)
_ADVANCE = (
    update(_message)  # type: ignore[arg-type]
    .where(_message.c.message_id == bindparam("of"))
    .values(state=bindparam("to"), error=bindparam("why"), code=bindparam("word"), done_at=bindparam("done"))
)
