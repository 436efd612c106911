"""Long messages that a provider hands over in parts: kept until all have come, or long enough.

Kannel and Jasmin join parts themselves, but hand on the lone ones when they have waited in vain.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from channels.contract import InboundMessage
from channels.identity import conversation_id
from channels.sms.providers.base import Joint
from channels.sms.tables import InboundPartRow
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
WAIT = timedelta(minutes=10)
MOST_PARTS = 10
MISSING = " … "
"""Stands where a part never came: better a question with a hole than silence."""


class Joiner:
    """Keeps parts in the database; `accept` takes a message once it is whole, and again after a crash.

    Args:
        key: of the conversation ids.
    """

    def __init__(self, database: Transactions, key: str, accept: Callable[[InboundMessage], Awaitable[None]]) -> None:
        self._database, self._key, self._accept = database, key, accept

    async def add(self, provider: str, message: InboundMessage, joint: Joint) -> None:
        """Store one part; when it was the last one, the whole message is accepted."""
        if joint.total > MOST_PARTS or not 1 <= joint.number <= joint.total:
            await self._accept(message)
            return
        row = {
            "conversation": conversation_id(self._key, message.channel, message.address),
            "provider": provider,
            "reference": joint.reference,
            "total": joint.total,
            "number": joint.number,
            "external_id": message.external_id,
            "address": message.address,
            "text": message.text,
            "received_at": message.received_at,
        }
        await self._database.write(lambda connection: _store(connection, row))
        # In a transaction of its own: of two parts that come at once, at least the later sees both.
        parts = await self._database.read(lambda connection: _of_message(connection, row))
        if len({part.number for part in parts}) == joint.total:
            await self._hand_over(parts, message.copy_within)

    async def sweep(self) -> int:
        """Hand over what has waited long enough, with holes; gives how many messages."""
        waited = await self._database.read(lambda connection: _waited(connection, utc_now() - WAIT))
        for parts in waited:
            logger.warning("sms with missing parts", extra={"provider": parts[0].provider, "parts": len(parts)})
            await self._hand_over(parts)
        return len(waited)

    async def _hand_over(self, parts: Sequence[Any], copy_within: float = 0.0) -> None:
        """Accept first, forget after: a crash in between makes a repetition, which the message log recognises."""
        first = parts[0]
        texts = {part.number: part.text for part in parts}
        text = "".join(texts.get(number, MISSING) for number in range(1, first.total + 1))
        whole = InboundMessage("sms", first.external_id, first.address, text, copy_within=copy_within)
        await self._accept(replace(whole, received_at=min(part.received_at for part in parts)))
        done = delete(InboundPartRow).where(InboundPartRow.id.in_([part.id for part in parts]))
        await self._database.write(lambda connection: connection.execute(done))


def _store(connection: Connection, row: dict[str, Any]) -> None:
    """Add a part, unless the provider repeats it."""
    known = select(InboundPartRow.id).where(InboundPartRow.external_id == row["external_id"])
    if connection.scalar(known) is None:
        connection.execute(insert(InboundPartRow).values(**row))


def _of_message(connection: Connection, row: dict[str, Any]) -> Sequence[Any]:
    same = [getattr(InboundPartRow, name) == row[name] for name in ("conversation", "provider", "reference", "total")]
    query = select(InboundPartRow.__table__).where(*same).order_by(InboundPartRow.number, InboundPartRow.id)
    return connection.execute(query).all()


def _waited(connection: Connection, since: datetime) -> list[Sequence[Any]]:
    """The messages whose first part came before `since`."""
    old = select(InboundPartRow.__table__).where(InboundPartRow.received_at < since).order_by(InboundPartRow.id)
    found: dict[tuple[Any, ...], Sequence[Any]] = {}
    for row in connection.execute(old).all():
        key = (row.conversation, row.provider, row.reference, row.total)
        if key not in found:
            found[key] = _of_message(connection, row._asdict())
    return list(found.values())
