"""Which member of staff an account of the provider is, and what they get for it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from console.accounts import second_step, staff
from console.accounts.entering import NO_INVITATION, WRONG_CODE, Entrance
from console.accounts.sessions import Sessions
from console.accounts.tables import StaffRow
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.single_sign_on.tokens import LEEWAY_SECONDS, Account
from settings import Settings
from storage import Transactions

NOT_LINKED = "عرفنا حسابك، لكنه غير مربوط بأحد في هذه اللوحة. اطلب دعوة من مدير اللوحة."
ANOTHERS = "هذا الحساب مربوط بموظف آخر."
NOT_YOURS = "هذا حساب شخص آخر. ادخل بالحساب المربوط بك."
NOT_NOW = "لم يثبت أنك أدخلت بيانات حسابك الآن. حاول مرة أخرى."
OVER = "انتهت جلستك. ادخل إلى اللوحة ثم حاول مرة أخرى."
NO_SECOND = "حسابك لم يثبت خطوة ثانية، ولم تُعدّ واحدة هنا. اطلب دعوة جديدة من مدير اللوحة."
JUST_NOW_SECONDS = 120


@dataclass(frozen=True)
class Entered:
    """A session's cookie. `second`: its second step is done."""

    token: str
    second: bool


class Accounts:
    """What an account that came back from the provider is good for; every failure is in the audit log."""

    def __init__(self, settings: Settings, database: Transactions, sessions: Sessions, entrance: Entrance) -> None:
        self._issuer = settings.sso_issuer
        self._enough = frozenset(filter(None, settings.sso_second_step.split(",")))
        self._database, self._sessions, self._entrance = database, sessions, entrance

    def is_enough(self, account: Account) -> bool:
        """Whether the provider proved a second step."""
        return bool(self._enough & account.methods)

    async def enter(self, account: Account, address: str) -> Entered:
        """A session for the account's owner, whose second step is still to be done unless the provider did it.

        Raises:
            Problem: it is nobody's here.
        """
        row = await self._database.read(lambda connection: self._owner(connection, account.subject))
        if row is None or row.disabled_at is not None:
            await self.failed(row.name if row else "", "account", address)
            raise Problem(403, NOT_LINKED)
        second = self.is_enough(account)
        if not second and row.totp_secret is None:
            await self.failed(row.name, "no second step", address)
            raise Problem(403, NO_SECOND)

        def work(connection: Connection) -> str:
            act = "log-in" if second else "log-in-first"
            log.append(connection, Act(row.name, act, address=address, detail={"by": "account"}))
            fresh = second and _is_of_now(account)
            return self._sessions.begin(connection, row.id, second=second, fresh=fresh)

        return Entered(await self._database.write(work), second)

    async def prove(self, account: Account, token: str, address: str) -> None:
        """Note that whoever holds this session has just proved who they are. Raises Problem when they have not."""
        name = await self._name(token)
        row = await self._database.read(lambda connection: self._owner(connection, account.subject))
        if row is None or row.name != name:
            await self.failed(name, "account", address)
            raise Problem(403, NOT_YOURS)
        if not _is_of_now(account):
            await self.failed(name, "not now", address)
            raise Problem(403, NOT_NOW)
        await self._database.write(lambda connection: self._sessions.prove(connection, token))

    async def link(self, account: Account, token: str, address: str) -> None:
        """From now on it is the account of whoever holds this session. Raises Problem when it is another's."""
        name = await self._name(token)

        def work(connection: Connection) -> None:
            session = self._sessions.read(connection, token)
            if session is None or not session.fresh:
                raise Problem(403, OVER)
            self._give(connection, session.person.id, account.subject)
            log.append(connection, Act(name, "account-link", name, address=address))

        await self._database.write(work)

    async def join(self, token: str, subject: str, address: str, code: str | None) -> list[str]:
        """Use an invitation with an account in place of a password; gives the recovery codes, which are shown once.

        code: of the second step that the invitation's page has set up; None when the provider has done its own.

        Raises:
            Problem: the code is wrong, the account another's, or the invitation holds no more.
        """
        joining = await self._entrance.joining(token)
        step = None if code is None else second_step.step_of(joining.secret, code, 0)
        if code is not None and step is None:
            raise Problem(400, WRONG_CODE)
        recovery = [] if step is None else second_step.new_recovery_codes()

        def work(connection: Connection) -> None:
            staff_id = staff.join(connection, token, None, step, recovery)
            if staff_id is None:
                raise Problem(410, NO_INVITATION)
            self._give(connection, staff_id, subject)
            self._sessions.end_all(connection, staff_id)
            log.append(connection, Act(joining.name, "join", address=address, detail={"by": "account"}))

        await self._database.write(work)
        return recovery

    async def ended(self, subject: str, address: str) -> None:
        """End the sessions of the account's owner: the provider has logged them out, or let them in no more."""

        def work(connection: Connection) -> None:
            row = self._owner(connection, subject)
            if row is not None:
                self._sessions.end_all(connection, row.id)
                log.append(connection, Act(row.name, "log-out", address=address, detail={"by": "provider"}))

        await self._database.write(work)

    async def failed(self, name: str, what: str, address: str) -> None:
        """Write it down; an account that is nobody's here is not named."""
        act = Act(name or "?", "log-in-failed", address=address, detail={"what": what, "by": "account"})
        await self._database.write(lambda connection: log.append(connection, act))

    def _owner(self, connection: Connection, subject: str) -> Row[Any] | None:
        mine = select(StaffRow.__table__).where(StaffRow.sso_issuer == self._issuer, StaffRow.sso_subject == subject)
        return connection.execute(mine).one_or_none()

    def _give(self, connection: Connection, staff_id: int, subject: str) -> None:
        owner = self._owner(connection, subject)
        if owner is not None and owner.id != staff_id:
            raise Problem(409, ANOTHERS)
        values = {"sso_issuer": self._issuer, "sso_subject": subject}
        connection.execute(update(StaffRow).where(StaffRow.id == staff_id).values(**values))

    async def _name(self, token: str) -> str:
        session = await self._database.read(lambda connection: self._sessions.read(connection, token))
        if session is None or not session.second:
            raise Problem(403, OVER)
        return session.person.name


def _is_of_now(account: Account) -> bool:
    now = time.time()
    return account.at is not None and now - JUST_NOW_SECONDS <= account.at <= now + LEEWAY_SECONDS
