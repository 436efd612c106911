"""Truth out of answers that people judged: what Dalil is sure of is not for that reason right.

A draw is a random sample of the answered messages of a period whose texts are still kept, each kind with as many as is
its share of them; so the share of right ones among those judged is one of all. The same seed draws the same messages,
judged or not, as long as the period's texts are there: the database puts the messages of each kind in an order that the
seed decides (a universal hash of their numbers, the same on SQLite and PostgreSQL), and gives the first n.
"""

from __future__ import annotations

import html
import random
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from channels.kinds import FACTS
from channels.quality.tables import LONGEST_NOTE, SampleRow, Verdict
from channels.tables import InboxRow, OutboxRow, Outcome
from console.errors import Problem
from console.figures.period import Period
from console.figures.shares import Share
from storage import utc_now

JUDGED_KINDS = (*FACTS, "faq", "list_services", "out_of_scope", "ambiguous")
"""Replies that can be judged by reading them. What an agency said of an application cannot."""
ENOUGH = 100
"""Of fewer judged answers the rate is not given without saying that they are too few."""
_MESSAGE_ID = re.compile(r"[0-9a-f]{32}")
_PRIME = 2**31 - 1
"""Products of two numbers below it fit into 64 bits."""
_TAG = re.compile(r"</?code>")
NOT_THERE = "لم تعد هذه الرسالة في السجل، أو ليس لها جواب."
NO_VERDICT = "اختر حكمًا من الأحكام الأربعة."


@dataclass(frozen=True)
class Sample:
    """One answered message for a reviewer, and what was found of it before."""

    message_id: str
    at: datetime
    channel: str
    kind: str
    service: str | None
    confidence: float | None
    question: str
    answer: str
    verdict: Verdict | None = None
    note: str | None = None
    by: str | None = None


@dataclass(frozen=True)
class Correctness:
    """Judged answers to messages of a period. Partly right is not right; where nobody could say, it does not count."""

    right: Share
    partly: int
    wrong: int
    unclear: int

    @property
    def few(self) -> bool:
        """Whether too few are judged for the rate to say much."""
        return self.right.of < ENOUGH


def draw(
    connection: Connection, period: Period, size: int, seed: int, services: Collection[str] | None = None
) -> list[Sample]:
    """At most `size` samples, in an order that says nothing. services: only messages about these."""
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    wanted = _wanted(period, services)
    sizes = connection.execute(
        select(InboxRow.reply_kind, func.count().label("total")).where(*wanted).group_by(InboxRow.reply_kind)
    )
    quota = quotas({row.reply_kind: row.total for row in sizes}, size)
    if not quota:
        return []
    ranked = connection.execute(_ranked(wanted, chance, max(quota.values())))
    drawn = [row.id for row in ranked if row.place <= quota.get(row.reply_kind, 0)]
    rows = connection.execute(_details(drawn)).all()
    answers = _answers(connection, drawn)
    samples = [_sample(row, answers.get(row.id, "")) for row in rows]
    chance.shuffle(samples)
    return samples


def quotas(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each kind: in proportion, the rest by the largest remainders; all, when there are no more."""
    total = sum(sizes.values())
    if total <= size:
        return dict(sizes)
    exact = {kind: size * count / total for kind, count in sizes.items()}
    given = {kind: int(share) for kind, share in exact.items()}
    left = size - sum(given.values())
    for kind in sorted(exact, key=lambda kind: (given[kind] - exact[kind], kind))[:left]:
        given[kind] += 1
    return {kind: count for kind, count in given.items() if count}


def judge(connection: Connection, message_id: str, verdict: str, note: str, by: str) -> str | None:
    """Keep a reviewer's word on an answer, in place of an earlier one; gives the service it was about.

    Raises:
        Problem: there is no such verdict, or no such answered message whose text is kept.
    """
    if verdict not in {known.value for known in Verdict}:
        raise Problem(400, NO_VERDICT)
    known = select(InboxRow.service).where(
        InboxRow.message_id == message_id, InboxRow.outcome == Outcome.ANSWERED, InboxRow.text.is_not(None)
    )
    wellformed = _MESSAGE_ID.fullmatch(message_id)
    found = connection.execute(known.with_for_update()).one_or_none() if wellformed else None
    if found is None:
        raise Problem(404, NOT_THERE)
    values = {"verdict": verdict, "note": note.strip()[:LONGEST_NOTE] or None, "by": by, "at": utc_now()}
    changed = connection.execute(update(SampleRow).where(SampleRow.message_id == message_id).values(**values))
    if not changed.rowcount:
        connection.execute(insert(SampleRow).values(message_id=message_id, **values))
    service: str | None = found.service
    return service


def correctness(connection: Connection, period: Period) -> Correctness:
    """What reviewers found of answers to the messages of a period."""
    # Few are judged, and none before it came: from the verdicts to their messages, not the other way round.
    query = (
        select(SampleRow.verdict, InboxRow.received_at)
        .join(InboxRow, InboxRow.message_id == SampleRow.message_id)
        .where(SampleRow.at >= period.start)
    )
    found = Counter(row.verdict for row in connection.execute(query) if period.start <= row.received_at < period.end)
    right, partly, wrong = found[Verdict.RIGHT.value], found[Verdict.PARTLY.value], found[Verdict.WRONG.value]
    return Correctness(Share(right, right + partly + wrong), partly, wrong, found[Verdict.UNCLEAR.value])


def _wanted(period: Period, services: Collection[str] | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        InboxRow.received_at >= period.start,
        InboxRow.received_at < period.end,
        InboxRow.text.is_not(None),
        InboxRow.outcome == Outcome.ANSWERED,
        InboxRow.reply_kind.in_(JUDGED_KINDS),
    ]
    return wanted if services is None else [*wanted, InboxRow.service.in_(sorted(services))]


def _ranked(wanted: list[ColumnElement[bool]], chance: random.Random, most: int) -> Any:
    """The messages with their place in their kind, in an order of chance: (a * id + b) mod p, of Carter and Wegman."""
    shuffled = (InboxRow.id % _PRIME * chance.randrange(1, _PRIME) + chance.randrange(_PRIME)) % _PRIME
    place = func.row_number().over(partition_by=InboxRow.reply_kind, order_by=(shuffled, InboxRow.id))
    ranked = select(InboxRow.id, InboxRow.reply_kind, place.label("place")).where(*wanted).subquery()
    return select(ranked).where(ranked.c.place <= most)


def _details(inbox_ids: list[int]) -> Any:
    columns = (
        InboxRow.id,
        InboxRow.message_id,
        InboxRow.received_at,
        InboxRow.channel,
        InboxRow.reply_kind,
        InboxRow.service,
        InboxRow.confidence,
        InboxRow.text,
    )
    joined = select(*columns, SampleRow.verdict, SampleRow.note, SampleRow.by).where(InboxRow.id.in_(inbox_ids))
    return joined.outerjoin(SampleRow, SampleRow.message_id == InboxRow.message_id).order_by(InboxRow.message_id)


def _answers(connection: Connection, inbox_ids: list[int]) -> dict[int, str]:
    """What Dalil said to each, in the words of its channel."""
    query = select(OutboxRow.inbox_id, OutboxRow.body).where(OutboxRow.inbox_id.in_(inbox_ids)).order_by(OutboxRow.id)
    said: dict[int, list[str]] = {}
    for inbox_id, body in connection.execute(query):
        if body:
            said.setdefault(inbox_id, []).append(_words(body))
    return {inbox_id: "\n".join(texts) for inbox_id, texts in said.items()}


def _words(body: Mapping[str, Any]) -> str:
    """The text of a message, whatever its channel; Telegram's is HTML (channels/telegram/render.py)."""
    if "html" in body:
        return html.unescape(_TAG.sub("", str(body["html"])))
    return str(body.get("text", ""))


def _sample(row: Any, answer: str) -> Sample:
    return Sample(
        message_id=row.message_id,
        at=row.received_at,
        channel=row.channel,
        kind=row.reply_kind,
        service=row.service,
        confidence=row.confidence,
        question=row.text,
        answer=answer,
        verdict=Verdict(row.verdict) if row.verdict else None,
        note=row.note,
        by=row.by,
    )
