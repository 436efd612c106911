"""Logging in and joining: what is checked, counted, kept and written into the audit log. Pages are in pages.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, update

from console.access.roles import Person
from console.accounts import second_step, staff
from console.accounts.passwords import Passwords, fault_of
from console.accounts.second_step import Vault
from console.accounts.sessions import Sessions
from console.accounts.tables import StaffRow
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from settings import Settings
from storage import Transactions

WRONG = "اسم الدخول أو كلمة السر غير صحيح."
WRONG_CODE = "الرمز غير صحيح، أو استُعمل من قبل. انتظر الرمز التالي."
NO_INVITATION = "انتهت هذه الدعوة أو استُعملت. اطلب دعوة جديدة من مدير اللوحة."
NEVER_HAD_ONE = "ليست لك كلمة سر هنا. اطلب دعوة جديدة من مدير اللوحة واختر فيها واحدة."
NOT_THE_SAME = "الكلمتان مختلفتان. اكتب كلمة السر نفسها مرتين."
KEY_CHANGED = "تغيّر مفتاح اللوحة، فلم تعد رموزك تُقرأ. اطلب دعوة جديدة من مدير اللوحة."


@dataclass(frozen=True)
class Joining:
    """An invitation as its page shows it. `secret` is base32, for who cannot scan the picture."""

    name: str
    shown: str
    secret: str
    picture: str


class Entrance:
    """Everything that gives somebody a session."""

    def __init__(self, settings: Settings, database: Transactions, sessions: Sessions, passwords: Passwords) -> None:
        self._database, self._sessions, self._passwords = database, sessions, passwords
        self.vault = Vault(settings.console_key)

    async def log_in(self, name: str, password: str, address: str) -> str:
        """The cookie of a session whose second step is still to be done.

        Raises:
            Problem: wrong, or too many wrong ones before.
        """
        name = name.strip().lower()[:40]
        row = await self._counted(name, address)
        right = await self._passwords.check(password, row.password if row else None)
        if row is None or not right:
            await self._failed(name if row else "", "password", address)
            raise Problem(403, WRONG)
        new = await self._passwords.hash(password) if self._passwords.is_old(row.password) else None

        def enter(connection: Connection) -> str:
            if new is not None:
                connection.execute(update(StaffRow).where(StaffRow.id == row.id).values(password=new))
            return self._sessions.begin(connection, row.id, second=False)

        return await self._database.write(enter)

    async def second(self, token: str, code: str, address: str) -> str:
        """A new cookie for a session whose second step is done with this code.

        Raises:
            Problem: the session is over, the code is wrong, or too many were.
        """
        session = await self._database.read(lambda connection: self._sessions.read(connection, token))
        if session is None:
            raise Problem(403, WRONG)
        row = await self._counted(session.person.name, address)
        if row is None:
            raise Problem(403, WRONG)
        secret = self.vault.open(row.totp_secret or "")
        step = second_step.step_of(secret, code, row.totp_step) if secret else None

        def enter(connection: Connection) -> tuple[str, str] | None:
            if step is not None and staff.use_step(connection, row.id, step):
                way = "code"
            elif staff.use_recovery(connection, row.id, code):
                way = "recovery"
            else:
                return None
            staff.succeeded(connection, row.id)
            self._sessions.end(connection, token)
            log.append(connection, Act(row.name, "log-in", address=address, detail={"second": way}))
            return self._sessions.begin(connection, row.id, second=True), way

        entered = await self._database.write(enter)
        if entered is None:
            await self._failed(row.name, "code", address)
            raise Problem(403, WRONG_CODE if secret else KEY_CHANGED)
        return entered[0]

    async def prove(self, token: str, password: str, address: str) -> None:
        """Note that whoever holds this session gave the password again. Raises Problem as `log_in` does."""
        session = await self._database.read(lambda connection: self._sessions.read(connection, token))
        if session is None or not session.second:
            raise Problem(403, WRONG)
        row = await self._counted(session.person.name, address)
        if row is None or not await self._passwords.check(password, row.password):
            await self._failed(session.person.name, "password", address)
            raise Problem(403, WRONG)

        def note(connection: Connection) -> None:
            staff.succeeded(connection, row.id)
            self._sessions.prove(connection, token)

        await self._database.write(note)

    async def joining(self, token: str) -> Joining:
        """What the page of an invitation shows. Raises Problem when it holds no more."""
        row = await self._database.read(lambda connection: staff.invited(connection, token))
        secret = self.vault.open(row.totp_secret) if row else None
        if row is None or secret is None:
            raise Problem(410, NO_INVITATION)
        return Joining(row.name, row.shown, secret, second_step.picture(secret, row.name))

    async def join(self, token: str, password: str, again: str, code: str, address: str) -> list[str]:
        """Use an invitation; gives the recovery codes, which are shown this once.

        Raises:
            Problem: what has to be typed anew, or the invitation holds no more.
        """
        joining = await self.joining(token)
        if password != again:
            raise Problem(400, NOT_THE_SAME)
        if fault := fault_of(password, joining.name):
            raise Problem(400, fault[0], **fault[1])
        step = second_step.step_of(joining.secret, code, 0)
        if step is None:
            raise Problem(400, WRONG_CODE)
        kept, recovery = await self._passwords.hash(password), second_step.new_recovery_codes()

        def work(connection: Connection) -> bool:
            staff_id = staff.join(connection, token, kept, step, recovery)
            if staff_id is None:
                return False
            self._sessions.end_all(connection, staff_id)
            log.append(connection, Act(joining.name, "join", address=address))
            return True

        if not await self._database.write(work):
            raise Problem(410, NO_INVITATION)
        return recovery

    async def change_password(self, person: Person, password: str, again: str, address: str) -> str:
        """From now on it is this one, and the other sessions end; gives the cookie of a new session.

        Raises:
            Problem: what has to be typed anew, or they never had one.
        """
        if password != again:
            raise Problem(400, NOT_THE_SAME)
        if fault := fault_of(password, person.name):
            raise Problem(400, fault[0], **fault[1])
        kept = await self._passwords.hash(password)

        def work(connection: Connection) -> str:
            mine = update(StaffRow).where(StaffRow.id == person.id, StaffRow.password.is_not(None))
            if not connection.execute(mine.values(password=kept)).rowcount:
                raise Problem(409, NEVER_HAD_ONE)
            self._sessions.end_all(connection, person.id)
            log.append(connection, Act(person.name, "password", person.name, address=address))
            return self._sessions.begin(connection, person.id, second=True)

        return await self._database.write(work)

    async def unlink(self, person: Person, address: str) -> None:
        """The ministry's account opens nothing any more. Raises Problem for who has no password beside it."""

        def work(connection: Connection) -> None:
            mine = update(StaffRow).where(StaffRow.id == person.id, StaffRow.password.is_not(None))
            if not connection.execute(mine.values(sso_issuer=None, sso_subject=None)).rowcount:
                raise Problem(409, NEVER_HAD_ONE)
            log.append(connection, Act(person.name, "account-unlink", person.name, address=address))

        await self._database.write(work)

    async def _counted(self, name: str, address: str) -> Row[Any] | None:
        try:
            return await self._database.write(lambda connection: staff.attempt(connection, name))
        except Problem:
            await self._failed(name, "locked", address)
            raise

    async def _failed(self, name: str, what: str, address: str) -> None:
        """An unknown name is not written down: people type their password there."""
        act = Act(name or "?", "log-in-failed", address=address, detail={"what": what})
        await self._database.write(lambda connection: log.append(connection, act))
