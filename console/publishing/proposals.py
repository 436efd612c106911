"""Proposals in the database: every change of state is one guarded update with its entry in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, insert, or_, select, update

from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.knowledge import drafts
from console.publishing.tables import ProposalFileRow, ProposalRow, State
from storage import utc_now

NOTHING = "اختر تعديلًا واحدًا على الأقل."
NO_REASON = "اكتب سبب التغيير، ليعرفه المراجع ومن يأتي بعدكم."
MOVED_ON = "تغيّرت حالة هذا الاقتراح وأنت تقرأ. افتح الصفحة من جديد."
OWN = "لا يعتمد أحد ما كتبه أو اقترحه بنفسه. يعتمده مراجع آخر."
CLASHES = "الملف {path} تغيّر في المستودع أيضًا. افتحه واحفظه بعد المقارنة."
NO_SUCH = "لا يوجد اقتراح بهذا الرقم."
NOT_LAST = "لا يُتراجع إلا عن آخر نشر."


SCHEDULE = "@schedule"
"""The author of what the schedule proposes: no log-in name has such a sign."""
_KEPT = 5
"""Publications whose models are kept."""


@dataclass(frozen=True)
class File:
    """A file of a proposal, see ProposalFileRow."""

    path: str
    before: str
    after: str


def propose(
    connection: Connection, root: Path, paths: Iterable[str], reason: str, who: str, address: str, train_at: datetime
) -> int:
    """A proposal of the drafts of these files, as they are now.

    Raises:
        Problem: nothing chosen, no reason, or a draft that clashes with the repository.
    """
    if not reason:
        raise Problem(400, NO_REASON)
    chosen = _drafted(connection, root, paths)
    if not chosen:
        raise Problem(400, NOTHING)
    if clash := next((state for state in chosen if state.clash), None):
        raise Problem(409, CLASHES, path=clash.path)
    return _make(connection, root, chosen, Act(who, "propose", "", reason, address), train_at)


def propose_scheduled(connection: Connection, root: Path, paths: Iterable[str], reason: str) -> int:
    """A proposal that nobody in particular made, to be trained now; without drafts it is of the data as they are."""
    chosen = [state for state in _drafted(connection, root, paths) if not state.clash]
    return _make(connection, root, chosen, Act(SCHEDULE, "propose", "", reason), utc_now())


def _drafted(connection: Connection, root: Path, paths: Iterable[str]) -> list[drafts.State]:
    states = [drafts.state(connection, root, path) for path in sorted(set(paths))]
    return [state for state in states if state.draft is not None]


def _make(connection: Connection, root: Path, chosen: list[drafts.State], act: Act, train_at: datetime) -> int:
    wrote = {author for state in chosen if state.draft for author in state.draft.authors}
    new = {"state": State.WAITING, "reason": act.reason, "author": act.actor, "authors": sorted(wrote)}
    when = {"created_at": utc_now(), "train_at": train_at, "done": 0, "total": 0}
    empty: dict[str, Any] = dict.fromkeys(("step", "model", "against", "data", "reviewer", "decision"), "")
    row = insert(ProposalRow).values(**new, **when, **empty).returning(ProposalRow.id)
    number = int(connection.execute(row).scalar_one())
    for state in chosen:
        file = {"path": state.path, "before": drafts.read_file(root, state.path), "after": state.text}
        connection.execute(insert(ProposalFileRow).values(proposal_id=number, **file))
    detail = {"files": [state.path for state in chosen]}
    log.append(connection, replace(act, subject=f"proposal/{number}", detail=detail))
    return number


def unproposed(connection: Connection, root: Path) -> list[str]:
    """The files whose drafts are in no proposal as they are now; without those that clash with the repository."""
    rows = select(ProposalFileRow.path, ProposalFileRow.after).order_by(ProposalFileRow.proposal_id)
    drafted = list(drafts.drafts(connection))
    proposed = {row.path: row.after for row in connection.execute(rows.where(ProposalFileRow.path.in_(drafted)))}
    states = [drafts.state(connection, root, path) for path in drafted]
    return [one.path for one in states if not one.clash and proposed.get(one.path) != one.text]


def is_trained_over(connection: Connection, data: str) -> bool:
    """Whether there is a proposal that was trained over, or refused for, exactly these files."""
    return bool(connection.scalar(select(exists().where(ProposalRow.data == data))))


def may_approve(row: Row[Any], who: str) -> bool:
    """Whether somebody neither proposed it nor wrote any of it."""
    return who != row.author and who not in row.authors


def get(connection: Connection, number: int) -> Row[Any]:
    """One proposal. Raises Problem when there is none."""
    row = connection.execute(select(ProposalRow.__table__).where(ProposalRow.id == number)).one_or_none()
    if row is None:
        raise Problem(404, NO_SUCH)
    return row


def newest(connection: Connection, most: int = 50) -> list[Row[Any]]:
    """The newest proposals, without their reports."""
    columns = [column for column in ProposalRow.__table__.columns if column.name != "report"]
    return list(connection.execute(select(*columns).order_by(ProposalRow.id.desc()).limit(most)))


def files(connection: Connection, number: int) -> list[File]:
    """The files of a proposal, by path."""
    rows = select(ProposalFileRow.path, ProposalFileRow.before, ProposalFileRow.after)
    mine = rows.where(ProposalFileRow.proposal_id == number).order_by(ProposalFileRow.path)
    return [File(*row) for row in connection.execute(mine)]


def due(connection: Connection) -> int | None:
    """Take the next proposal that is to be trained: it is TRAINING from now on."""
    now = utc_now()
    number = connection.scalar(select(ProposalRow.id).where(_is_due(now)).order_by(ProposalRow.id).limit(1))
    if number is None or not _move(connection, number, {State.WAITING}, State.TRAINING, started_at=now, report=None):
        return None
    return int(number)


def is_work(connection: Connection) -> bool:
    """Whether something is to be trained, published or undone, or was being trained when a console died."""
    going_on = ProposalRow.state.in_((State.TRAINING, State.PUBLISHING, State.ROLLING_BACK))
    work = exists().where(or_(going_on, _is_due(utc_now())))
    return bool(connection.scalar(select(work)))


def begin_anew(connection: Connection) -> None:
    """What was being trained by a console that died waits again."""
    stuck = update(ProposalRow).where(ProposalRow.state == State.TRAINING)
    connection.execute(stuck.values(state=State.WAITING, step="", done=0, total=0))


def progress(connection: Connection, number: int, step: str, done: int = 0, total: int = 0) -> None:
    """How far the training is."""
    mine = update(ProposalRow).where(ProposalRow.id == number, ProposalRow.state == State.TRAINING)
    connection.execute(mine.values(step=step, done=done, total=total))


def tested(connection: Connection, number: int, state: State, values: Mapping[str, Any]) -> None:
    """The training is over: TESTED, REFUSED or FAILED."""
    if _move(connection, number, {State.TRAINING}, state, step="", **values):
        log.append(connection, _act(number, f"proposal-{state.value}", "console", "", "", {}))


def decide(connection: Connection, number: int, state: State, who: str, reason: str, address: str) -> None:
    """PUBLISHING by a reviewer, WITHDRAWN by anyone who may propose or approve, WAITING to train again.

    Raises:
        Problem: it is no longer in a state for it, no reason was given, or they approve what they proposed.
    """
    row = get(connection, number)
    if state is State.PUBLISHING and not may_approve(row, who):
        raise Problem(403, OWN)
    if not reason and state is not State.WAITING:
        raise Problem(400, NO_REASON)
    allowed = {
        State.PUBLISHING: {State.TESTED},
        State.WITHDRAWN: {State.WAITING, State.TESTED, State.REFUSED, State.FAILED},
        State.WAITING: {State.TESTED, State.REFUSED, State.FAILED},
    }[state]
    decided: dict[str, Any] = {"reviewer": who, "decision": reason, "decided_at": utc_now()}
    if state is State.WAITING:
        decided = {"train_at": utc_now(), "done": 0, "total": 0}
    if not _move(connection, number, allowed, state, **decided):
        raise Problem(409, MOVED_ON)
    action = {State.PUBLISHING: "approve", State.WITHDRAWN: "withdraw", State.WAITING: "train-again"}[state]
    log.append(connection, _act(number, action, who, reason, address, {}))


def published(connection: Connection, number: int) -> None:
    """All of it is done."""
    if _move(connection, number, {State.PUBLISHING}, State.PUBLISHED, published_at=utc_now()):
        log.append(connection, _act(number, "published", "console", "", "", {}))


def last_published(connection: Connection) -> int | None:
    """The proposal that citizens hear now, when it is one that can be rolled back."""
    states = (State.PUBLISHED, State.PUBLISHING, State.ROLLING_BACK)
    live = select(ProposalRow.id).where(ProposalRow.state.in_(states))
    return connection.scalar(live.order_by(ProposalRow.published_at.desc().nulls_first()).limit(1))


def rolled_back(connection: Connection, number: int) -> None:
    """All of it is undone."""
    if _move(connection, number, {State.ROLLING_BACK}, State.ROLLED_BACK, rolled_back_at=utc_now()):
        log.append(connection, _act(number, "rolled-back", "console", "", "", {}))


def in_state(connection: Connection, state: State) -> list[int]:
    """The proposals that are in a state, the oldest first."""
    rows = select(ProposalRow.id).where(ProposalRow.state == state.value).order_by(ProposalRow.id)
    return list(connection.scalars(rows))


def models_in_use(connection: Connection) -> set[str]:
    """Models that may still be published, and those of the newest publications with what they can be rolled back to."""
    states = (State.WAITING, State.TRAINING, State.TESTED, State.REFUSED, State.PUBLISHING)
    columns = select(ProposalRow.model, ProposalRow.against)
    open_ = connection.execute(columns.where(ProposalRow.state.in_(states)))
    done = columns.where(ProposalRow.published_at.is_not(None)).order_by(ProposalRow.published_at.desc())
    return {name for row in [*open_, *connection.execute(done.limit(_KEPT))] for name in row if name}


def roll_back(connection: Connection, number: int, who: str, reason: str, address: str) -> None:
    """PUBLISHED becomes ROLLING_BACK. Raises Problem."""
    if not reason:
        raise Problem(400, NO_REASON)
    if last_published(connection) != number:
        raise Problem(409, NOT_LAST)
    if not _move(connection, number, {State.PUBLISHED}, State.ROLLING_BACK):
        raise Problem(409, MOVED_ON)
    log.append(connection, _act(number, "roll-back", who, reason, address, {}))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(ProposalRow.state == State.WAITING, ProposalRow.train_at <= now)


def _move(connection: Connection, number: int, before: set[State], after: State, **values: Any) -> bool:
    states = [state.value for state in before]
    mine = update(ProposalRow).where(ProposalRow.id == number, ProposalRow.state.in_(states))
    return bool(connection.execute(mine.values(state=after.value, **values)).rowcount)


def _act(number: int, action: str, who: str, reason: str, address: str, detail: Mapping[str, Any]) -> Act:
    return Act(who, action, f"proposal/{number}", reason, address, detail)
