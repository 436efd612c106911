"""Publishing and withdrawing notices: functions of a connection, for whoever decides, in the transaction of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from channels.notices import limits
from channels.notices.limits import CHANNELS, LONGEST_NAME, Fault, Kind, What
from channels.notices.tables import NoticeRow, NoticeToldRow
from storage import utc_now

MOST_DAYS = 31
_TOLD_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Draft:
    """A notice as somebody wrote it. Times are aware; `channels` are names out of limits.CHANNELS."""

    text: str
    kind: Kind
    channels: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True)
class Notice:
    """A published notice."""

    id: int
    kind: Kind
    text: str
    channels: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    author: str
    reason: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def runs(self, now: datetime) -> bool:
        """Whether it is shown at this time."""
        return self.withdrawn_at is None and self.starts_at <= now < self.ends_at

    def over(self, now: datetime) -> bool:
        """Whether it will not be shown any more."""
        return self.withdrawn_at is not None or self.ends_at <= now


def faults(draft: Draft, now: datetime | None = None) -> list[Fault]:
    """All that is wrong with a draft; empty when it can be published."""
    now = now or utc_now()
    chosen = _chosen(draft)
    found = limits.of_text(limits.cleaned(draft.text), draft.kind, chosen) + limits.of_reason(limits.line(draft.reason))
    if not chosen or len(chosen) != len(set(draft.channels)):
        found.append(Fault(What.NO_CHANNEL))
    if draft.ends_at <= draft.starts_at:
        found.append(Fault(What.ENDS_FIRST))
    elif draft.ends_at <= now:
        found.append(Fault(What.OVER))
    elif (days := draft.ends_at - draft.starts_at) > timedelta(days=MOST_DAYS):
        found.append(Fault(What.TOO_MANY_DAYS, "", days.days, MOST_DAYS))
    return found


def publish(connection: Connection, draft: Draft, author: str) -> Notice:
    """Publish a notice; every gateway shows it from its start on, within two seconds.

    Raises:
        NoticeRefused: it has faults.
    """
    limits.refuse(faults(draft))
    values = {
        "kind": draft.kind.value,
        "text": limits.cleaned(draft.text),
        "channels": list(_chosen(draft)),
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "author": author[:LONGEST_NAME],
        "reason": limits.line(draft.reason),
        "created_at": utc_now(),
    }
    row = connection.execute(insert(NoticeRow).values(**values).returning(NoticeRow.id)).scalar_one()
    return read(connection, row) or _lost(row)


def withdraw(connection: Connection, notice_id: int, by: str) -> Notice | None:
    """End a notice, or keep one from starting; None when there is none that is not over."""
    now = utc_now()
    mine = update(NoticeRow).where(NoticeRow.id == notice_id, NoticeRow.withdrawn_at.is_(None), NoticeRow.ends_at > now)
    ended = connection.execute(mine.values(withdrawn_at=now, withdrawn_by=by[:LONGEST_NAME])).rowcount == 1
    return read(connection, notice_id) if ended else None


def read(connection: Connection, notice_id: int) -> Notice | None:
    """One notice."""
    row = connection.execute(select(NoticeRow.__table__).where(NoticeRow.id == notice_id)).one_or_none()
    return _notice(row) if row else None


def ahead(connection: Connection, now: datetime | None = None) -> list[Notice]:
    """The notices that run or will, the one that begins first first."""
    query = select(NoticeRow.__table__).where(NoticeRow.withdrawn_at.is_(None), NoticeRow.ends_at > (now or utc_now()))
    return [_notice(row) for row in connection.execute(query.order_by(NoticeRow.starts_at, NoticeRow.id)).all()]


def running(connection: Connection, now: datetime | None = None) -> list[Notice]:
    """The notices that are shown now."""
    now = now or utc_now()
    return [notice for notice in ahead(connection, now) if notice.runs(now)]


def listed(connection: Connection, limit: int = 100) -> list[Notice]:
    """The notices last published, newest first, whatever became of them."""
    query = select(NoticeRow.__table__).order_by(NoticeRow.id.desc()).limit(limit)
    return [_notice(row) for row in connection.execute(query).all()]


def forget_told(connection: Connection) -> None:
    """Forget who was told of what is over for some time."""
    over = select(NoticeRow.id).where(NoticeRow.ends_at < utc_now() - _TOLD_FOR)
    connection.execute(delete(NoticeToldRow).where(NoticeToldRow.notice_id.in_(over)))


def _notice(row: Any) -> Notice:
    fields = dict(row._mapping)
    return Notice(**(fields | {"kind": Kind(row.kind), "channels": tuple(row.channels)}))


def _chosen(draft: Draft) -> tuple[str, ...]:
    return tuple(name for name in CHANNELS if name in draft.channels)


def _lost(row: int) -> Notice:
    raise LookupError(f"notice {row} is not there in its own transaction")
