"""Forgetting what staff wrote. What the citizen wrote is in the inbox and goes with it (channels/erasure)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from channels.handover import records
from channels.handover.tables import LineRow, Reason, State


def erase(connection: Connection, conversation: str) -> None:
    """End the conversation's request and clear its lines; what was unsaid is never said."""
    records.lock(connection, conversation)
    if (mine := records.open_of(connection, conversation)) is not None:
        records.end(connection, mine, State.CLOSED, Reason.FORGOTTEN)
    connection.execute(update(LineRow).where(LineRow.conversation == conversation).values(text=None))


def retire(connection: Connection, before: datetime, batch: int) -> int:
    """Clear some lines that are older than that; gives how many."""
    old = select(LineRow.id).where(LineRow.at < before, LineRow.text.is_not(None)).limit(batch)
    lines = list(connection.scalars(old).all())
    connection.execute(update(LineRow).where(LineRow.id.in_(lines)).values(text=None))
    return len(lines)
