"""The register of staff: who there is, what they may, how they are invited and how their tries are counted."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from console.access.roles import Grant, Role
from console.accounts.second_step import recovery_digest
from console.accounts.sessions import grants_of
from console.accounts.tables import GrantRow, InvitationRow, RecoveryRow, StaffRow
from console.errors import Problem
from storage import utc_now

NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
INVITATION = timedelta(hours=24)
TRIES, LOCK = 5, timedelta(minutes=15)
BAD_NAME = "اسم الدخول من حروف لاتينية صغيرة وأرقام، ويبدأ بحرف."
NAME_TAKEN = "اسم الدخول هذا لشخص آخر."
LAST_ADMIN = "هذا آخر مدير للوحة. عيّن مديرًا آخر أولًا."
LOCKED = "محاولات كثيرة خاطئة. انتظر {minutes} دقيقة ثم حاول مرة أخرى."


@dataclass(frozen=True)
class Member:
    """One line of the register. `password` and `account`: what they can log in with, their own or the ministry's."""

    id: int
    name: str
    shown: str
    grants: Sequence[Grant]
    password: bool
    account: bool
    disabled_at: datetime | None

    @property
    def joined(self) -> bool:
        """Whether they have used an invitation."""
        return self.password or self.account


def members(connection: Connection) -> list[Member]:
    """Everybody, by name."""
    rows = connection.execute(select(StaffRow.__table__).order_by(StaffRow.name)).all()
    return [_member(connection, row) for row in rows]


def member(connection: Connection, staff_id: int) -> Member | None:
    """One of them."""
    row = connection.execute(select(StaffRow.__table__).where(StaffRow.id == staff_id)).one_or_none()
    return _member(connection, row) if row else None


def _member(connection: Connection, row: Row[Any]) -> Member:
    grants = sorted(grants_of(connection, row.id))
    password, account = row.password is not None, row.sso_subject is not None
    return Member(row.id, row.name, row.shown, grants, password, account, row.disabled_at)


def add(connection: Connection, name: str, shown: str, grants: Iterable[Grant]) -> int:
    """Somebody new, who can log in once they have used an invitation.

    Raises:
        Problem: the name is malformed or taken.
    """
    if not NAME.fullmatch(name):
        raise Problem(400, BAD_NAME)
    if connection.scalar(select(StaffRow.id).where(StaffRow.name == name)) is not None:
        raise Problem(409, NAME_TAKEN)
    row = {"name": name, "shown": shown, "totp_step": 0, "failures": 0, "created_at": utc_now()}
    staff_id = int(connection.execute(insert(StaffRow).values(**row).returning(StaffRow.id)).scalar_one())
    set_grants(connection, staff_id, grants)
    return staff_id


def set_grants(connection: Connection, staff_id: int, grants: Iterable[Grant]) -> None:
    """What somebody may from now on.

    Raises:
        Problem: nobody would be left to administer.
    """
    before = _admins(connection)
    connection.execute(delete(GrantRow).where(GrantRow.staff_id == staff_id))
    for grant in sorted(set(grants)):
        row = {"staff_id": staff_id, "role": grant.role.value, "ministry": grant.ministry}
        connection.execute(insert(GrantRow).values(**row))
    if before and not _admins(connection):
        raise Problem(409, LAST_ADMIN)


def disable(connection: Connection, staff_id: int, *, back: bool = False) -> None:
    """Let somebody in no more, or again; what they did stays under their name. Raises as `set_grants`."""
    when = None if back else utc_now()
    connection.execute(update(StaffRow).where(StaffRow.id == staff_id).values(disabled_at=when))
    if not back and not _admins(connection):
        raise Problem(409, LAST_ADMIN)


def _admins(connection: Connection, *, joined: bool = False) -> int:
    admins = (
        select(func.count(func.distinct(StaffRow.id)))
        .join(GrantRow, GrantRow.staff_id == StaffRow.id)
        .where(GrantRow.role == Role.ADMIN.value, StaffRow.disabled_at.is_(None))
    )
    if joined:
        admins = admins.where(or_(StaffRow.password.is_not(None), StaffRow.sso_subject.is_not(None)))
    return int(connection.scalar(admins) or 0)


def has_admin(connection: Connection) -> bool:
    """Whether an administrator has joined."""
    return _admins(connection, joined=True) > 0


def invite(connection: Connection, staff_id: int, sealed_secret: str) -> str:
    """A link's secret part, for 24 hours; earlier invitations of the same person are void."""
    token = secrets.token_urlsafe(32)
    connection.execute(delete(InvitationRow).where(InvitationRow.staff_id == staff_id))
    row = {"digest": digest(token), "staff_id": staff_id, "totp_secret": sealed_secret}
    connection.execute(insert(InvitationRow).values(**row, expires_at=utc_now() + INVITATION))
    return token


def invited(connection: Connection, token: str) -> Row[Any] | None:
    """staff_id, name, shown and totp_secret of an invitation that still holds."""
    return connection.execute(
        select(InvitationRow.staff_id, InvitationRow.totp_secret, StaffRow.name, StaffRow.shown)
        .join(StaffRow, StaffRow.id == InvitationRow.staff_id)
        .where(InvitationRow.digest == digest(token), InvitationRow.expires_at > utc_now())
        .where(StaffRow.disabled_at.is_(None))
    ).one_or_none()


def join(
    connection: Connection, token: str, password: str | None, step: int | None, recovery: Iterable[str] = ()
) -> int | None:
    """Use an invitation: the password's hash, the second step's secret and recovery codes are from now on theirs.

    password: None for who logs in with the ministry's account. step: None for whose second step is the ministry's.
    Gives the person's id; None when the invitation holds no more (used at the same moment in another window).
    """
    row = invited(connection, token)
    if row is None:
        return None
    connection.execute(delete(InvitationRow).where(InvitationRow.digest == digest(token)))
    new = {"password": password, "totp_step": step or 0, "totp_secret": None if step is None else row.totp_secret}
    mine = update(StaffRow).where(StaffRow.id == row.staff_id)
    connection.execute(mine.values(**new, failures=0, locked_until=None))
    connection.execute(delete(RecoveryRow).where(RecoveryRow.staff_id == row.staff_id))
    for code in recovery:
        connection.execute(insert(RecoveryRow).values(staff_id=row.staff_id, digest=recovery_digest(code)))
    return int(row.staff_id)


def attempt(connection: Connection, name: str) -> Row[Any] | None:
    """Count a try before anything is looked at, so that guesses made at once gain nothing; the row of the person.

    Raises:
        Problem: too many were wrong; for a while none is looked at.
    """
    row = connection.execute(select(StaffRow.__table__).where(StaffRow.name == name).with_for_update()).one_or_none()
    if row is None or row.disabled_at is not None:
        return None
    now = utc_now()
    if row.locked_until is not None and row.locked_until > now:
        raise Problem(429, LOCKED, minutes=int((row.locked_until - now).total_seconds() // 60) + 1)
    failures = 1 if row.locked_until is not None else row.failures + 1
    locked = now + LOCK if failures >= TRIES else None
    mine = update(StaffRow).where(StaffRow.id == row.id)
    connection.execute(mine.values(failures=failures, locked_until=locked))
    return row


def succeeded(connection: Connection, staff_id: int) -> None:
    """Forget the counted tries."""
    mine = update(StaffRow).where(StaffRow.id == staff_id)
    connection.execute(mine.values(failures=0, locked_until=None))


def use_step(connection: Connection, staff_id: int, step: int) -> bool:
    """Whether a time step was not used before; it is used from then on, also by a request at this very moment."""
    mine = update(StaffRow).where(StaffRow.id == staff_id, StaffRow.totp_step < step)
    return bool(connection.execute(mine.values(totp_step=step)).rowcount)


def use_recovery(connection: Connection, staff_id: int, code: str) -> bool:
    """Whether it is one of their recovery codes; it is none from then on."""
    mine = delete(RecoveryRow).where(RecoveryRow.staff_id == staff_id, RecoveryRow.digest == recovery_digest(code))
    return bool(connection.execute(mine).rowcount)


def digest(token: str) -> str:
    """What is kept of an invitation."""
    return hashlib.sha256(f"invitation|{token}".encode()).hexdigest()
