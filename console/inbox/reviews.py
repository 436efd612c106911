"""Reading what was missed out of the gateway's log, and noting what was decided about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, literal_column, select

from channels.quality.tables import RatingRow
from channels.tables import InboxRow
from channels.text import masked
from console.audit import log
from console.audit.log import Act
from console.inbox.grouping import Group, Missed, group
from console.inbox.tables import GapRow, ReviewRow
from console.knowledge.tables import TestSentenceRow
from storage import utc_now

BAD = "bad"
MISSES = ("out_of_scope", "ambiguous", "unavailable", BAD)
MOST_READ = 5000
_LITERALS: list[ColumnElement[str]] = [literal_column(f"'{kind}'") for kind in MISSES[:3]]


def missed(connection: Connection, kinds: Sequence[str] = MISSES) -> list[Missed]:
    """The newest messages that Dalil did not answer, or whose answer did not help, and nobody has decided about.

    Texts are without long numbers. `bad` is the kind of an answer that a citizen rated so.
    """
    reviewed = select(ReviewRow.message_id).where(ReviewRow.message_id == InboxRow.message_id).exists()
    columns = (InboxRow.message_id, InboxRow.channel, InboxRow.text, InboxRow.reply_kind, InboxRow.received_at)
    open_ = select(*columns).where(InboxRow.text.is_not(None), InboxRow.done_at.is_not(None), ~reviewed)
    newest = open_.order_by(InboxRow.id.desc()).limit(MOST_READ)
    # The words of the partial index, then what was asked for.
    unanswered = newest.where(InboxRow.reply_kind.in_(_LITERALS), InboxRow.reply_kind.in_(kinds))
    found = [_missed(row, row.reply_kind) for row in connection.execute(unanswered)]
    if BAD in kinds:
        rated = newest.join(RatingRow, RatingRow.message_id == InboxRow.message_id).where(RatingRow.good.is_(False))
        found += [_missed(row, BAD) for row in connection.execute(rated)]
    return list({message.message_id: message for message in found}.values())


def _missed(row: Row[Any], kind: str) -> Missed:
    return Missed(row.message_id, row.channel, masked(row.text), kind, row.received_at)


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
