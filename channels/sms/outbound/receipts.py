"""Receipts in the database, many at a time: two for each part make them most of what comes in.

A receipt never takes a part back, nor out of a final state, in whatever order receipts come. Who changes parts of a
message holds its row in the outbox: two receipts of one message at once, at two gateways, see each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from channels.sms.outbound.progress import LedgerPart, advance_all, lock, parts_of
from channels.sms.providers.base import Receipt
from channels.sms.tables import PartRow
from channels.tables import FINAL, OutboxState
from storage import utc_now


@dataclass(frozen=True)
class News:
    """A receipt, and the provider that gives it."""

    provider: str
    receipt: Receipt


@dataclass(frozen=True)
class _Named:
    """The parts of one message that a receipt is about: all, one of a number, or those that the provider calls so."""

    message_id: str
    number: int | None = None
    name: str | None = None

    def means(self, part: LedgerPart, provider: str) -> bool:
        """Whether this part is one of them."""
        by_number = self.number is None or part.number == self.number
        return part.provider == provider and by_number and (self.name is None or part.provider_id == self.name)


def receive_all(connection: Connection, news: Sequence[News]) -> list[bool]:
    """Keep what receipts say; for each, whether it names a part that its provider has."""
    named = _named(connection, news)
    parts = parts_of(connection, {one.message_id for one in named if one})
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
    states = lock(connection, ahead)
    parts = parts_of(connection, ahead)
    for one, item in news:
        if one and one.message_id in ahead:
            parts[one.message_id] = [_told(part, one, item) for part in parts[one.message_id]]
    changed = [part for found in parts.values() for part in found if part.changed]
    if changed:
        connection.execute(_NEWS, [_values(part) for part in changed])
    advance_all(connection, parts, states)


def _told(part: LedgerPart, named: _Named, news: News) -> LedgerPart:
    if not named.means(part, news.provider) or not _is_behind(part, news.receipt):
        return part
    state = OutboxState(news.receipt.state.value)
    done = utc_now() if state.rank == FINAL else None
    return replace(part, state=state, code=news.receipt.code, done_at=done, changed=True)


def _is_behind(part: LedgerPart, receipt: Receipt) -> bool:
    return part.state.rank < OutboxState(receipt.state.value).rank


def _values(part: LedgerPart) -> dict[str, Any]:
    return {"me": part.id, "to": part.state, "word": part.code, "done": part.done_at}


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


# Statements are made once: building one costs more than running it.
_BY_NAME = (
    select(PartRow.provider, PartRow.provider_id, PartRow.message_id)
    .where(PartRow.provider_id.in_(bindparam("names", expanding=True)))
    .order_by(PartRow.id)
)
_part = PartRow.__table__
# Not the ORM's update: many at once, by their own keys.
_NEWS = (
    update(_part)  # type: ignore[arg-type]
    .where(_part.c.id == bindparam("me"))
    .values(state=bindparam("to"), code=bindparam("word"), done_at=bindparam("done"))
)
