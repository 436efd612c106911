"""Reading what was missed out of the gateway's log, and noting what was decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, insert, literal_column, select

from channels.tables import InboxRow
from channels.text import masked
from console.audit import log
from console.audit.log import Act
from console.inbox.grouping import Group, Missed, group
from console.inbox.tables import GapRow, ReviewRow
from console.knowledge.tables import TestSentenceRow
from storage import utc_now

MISSES = ("out_of_scope", "ambiguous", "unavailable", "bad")
MOST_READ = 5000
_LITERALS: list[ColumnElement[str]] = [literal_column(f"'{kind}'") for kind in MISSES]


def missed(connection: Connection, kinds: Sequence[str] = MISSES) -> list[Missed]:
    """The newest messages that Dalil did not answer and nobody has decided about; texts without long numbers."""
    reviewed = select(ReviewRow.message_id).where(ReviewRow.message_id == InboxRow.message_id).exists()
    rows = connection.execute(
        select(InboxRow.message_id, InboxRow.channel, InboxRow.text, InboxRow.reply_kind, InboxRow.received_at)
        .where(InboxRow.text.is_not(None), InboxRow.reply_kind.in_(_LITERALS), ~reviewed)
        .where(InboxRow.reply_kind.in_(kinds), InboxRow.done_at.is_not(None))
        .order_by(InboxRow.id.desc())
        .limit(MOST_READ)
    )
    return [Missed(row.message_id, row.channel, masked(row.text), row.reply_kind, row.received_at) for row in rows]


def group_of(connection: Connection, message_id: str) -> Group | None:
    """The group that has a message; None when it was decided about meanwhile."""
    groups = group(missed(connection))
    return next((one for one in groups if any(message.message_id == message_id for message in one.messages)), None)


def decide(connection: Connection, found: Group, decision: str, subject: str, act: Act) -> None:
    """Note that all messages of a group need nobody any more."""
    now = utc_now()
    rows = [
        {"message_id": message.message_id, "decision": decision, "subject": subject, "by": act.actor, "at": now}
        for message in found.messages
    ]
    connection.execute(insert(ReviewRow), rows)
    log.append(connection, act)


def add_tests(
    connection: Connection, texts: Iterable[str], kind: str, service: str | None, topic: str, by: str
) -> None:
    """Every wording is a test sentence from now on; one that is there already is not there twice."""
    known = set(connection.scalars(select(TestSentenceRow.text)))
    for text in dict.fromkeys(texts):
        if text not in known:
            row = {"text": text, "kind": kind, "service": service, "topic": topic, "by": by, "at": utc_now()}
            connection.execute(insert(TestSentenceRow).values(**row))


def add_gap(connection: Connection, service: str, text: str, source: str, by: str) -> None:
    """Something that the catalogue lacks."""
    row = {"service": service, "text": text, "source": source, "by": by, "at": utc_now(), "state": "open"}
    connection.execute(insert(GapRow).values(**row, decided_by="", decision=""))
