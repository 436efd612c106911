"""Sending again what got stuck, on an operator's word: the only way back from a state that otherwise moves forward.

Parts that a provider has, or a citizen, are never submitted again. A message that is replayed is in the queue, and no
longer among the stuck ones: a second replay finds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from channels.outbox import VALID
from channels.sms.tables import PartRow
from channels.tables import OutboxRow, OutboxState
from storage import utc_now

STUCK = (OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.UNKNOWN)


def replay(
    connection: Connection, states: Sequence[OutboxState], since: datetime, only: Sequence[str] = ()
) -> list[str]:
    """Queue the stuck messages again; gives their ids.

    Args:
        states: which of `STUCK`. An unknown message may have gone out: its citizen may then read it twice.
        since: only messages written since then; those whose text is erased already are left alone.
        only: ids of messages, if not all.
    """
    stuck = select(OutboxRow.message_id).where(
        OutboxRow.channel == "sms",
        OutboxRow.state.in_([state.value for state in states if state in STUCK]),
        OutboxRow.created_at >= since,
        OutboxRow.body.is_not(None),
    )
    if only:
        stuck = stuck.where(OutboxRow.message_id.in_(only))
    found = list(connection.scalars(stuck.order_by(OutboxRow.id).with_for_update()))
    if found:
        _queue_parts(connection, found)
        now = utc_now()
        again = {"state": OutboxState.QUEUED, "due_at": now, "expires_at": now + VALID, "lease": None, "done_at": None}
        connection.execute(update(OutboxRow).where(OutboxRow.message_id.in_(found)).values(**again))
    return found


def _queue_parts(connection: Connection, messages: Sequence[str]) -> None:
    mine = update(PartRow).where(PartRow.message_id.in_(messages), PartRow.state.in_([state.value for state in STUCK]))
    connection.execute(mine.values(state=OutboxState.QUEUED, done_at=None))
