"""The way of one message and of its parts; never its text or its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from channels.sms.tables import PartRow
from channels.tables import OutboxRow

_ID = re.compile(r"([0-9a-f]{32})(-[0-9]{1,4})?")
_MESSAGE = (
    OutboxRow.state,
    OutboxRow.error,
    OutboxRow.code,
    OutboxRow.attempts,
    OutboxRow.created_at,
    OutboxRow.due_at,
    OutboxRow.expires_at,
    OutboxRow.sent_at,
    OutboxRow.done_at,
    OutboxRow.cost,
)
_PART = (
    PartRow.number,
    PartRow.total,
    PartRow.state,
    PartRow.provider,
    PartRow.provider_id,
    PartRow.error,
    PartRow.code,
    PartRow.cost,
    PartRow.submitted_at,
    PartRow.accepted_at,
    PartRow.done_at,
)


@dataclass(frozen=True)
class Way:
    """What is known of a message and of each part that was submitted, by the names of the columns."""

    message: RowMapping
    parts: Sequence[RowMapping]


def message_of(given: str) -> str | None:
    """The id of the message that an id of a message, or of a part of one (`ID-2`), is about; None for anything else."""
    found = _ID.fullmatch(given.strip().lower())
    return found.group(1) if found else None


def trace(connection: Connection, message_id: str) -> Way | None:
    """The way of the SMS with this id, if there is one."""
    query = select(*_MESSAGE).where(OutboxRow.channel == "sms", OutboxRow.message_id == message_id)
    message = connection.execute(query).mappings().first()
    if message is None:
        return None
    parts = select(*_PART).where(PartRow.message_id == message_id).order_by(PartRow.number)
    return Way(message, connection.execute(parts).mappings().all())
