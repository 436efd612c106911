"""The pages of the register of staff, for administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web
from sqlalchemy import Connection

from channels.text import clean
from console.access.roles import EVERYWHERE, Grant, Permission, Role
from console.access.routes import Entry, Room, Route, Visit
from console.accounts import staff
from console.accounts.second_step import Vault, new_secret
from console.accounts.sessions import Sessions
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.ministries import ministries
from console.pages.site import see_other
from console.services import Services

ROLES = {
    Role.EDITOR: "محرر",
    Role.REVIEWER: "مراجع",
    Role.AGENT: "موظف الرد",
    Role.AUDITOR: "مدقق",
    Role.ADMIN: "مدير اللوحة",
}
NO_NAME = "اكتب اسم الموظف كما يعرفه زملاؤه."
NOT_YOURSELF = "لا يغيّر أحد صلاحياته بنفسه ولا يوقف حسابه. اطلب ذلك من مدير آخر."
NO_SUCH = "لا يوجد موظف بهذا الرقم."


def room(services: Services) -> Room:
    """The room of the register."""
    pages = _Pages(services)
    manage = Permission.STAFF_MANAGE
    routes = [
        Route("GET", "/staff", pages.show, manage),
        Route("POST", "/staff", pages.add, manage, fresh=True),
        Route("POST", r"/staff/{id:\d{1,9}}/grants", pages.grant, manage, fresh=True),
        Route("POST", r"/staff/{id:\d{1,9}}/invite", pages.invite, manage, fresh=True),
        Route("POST", r"/staff/{id:\d{1,9}}/disable", pages.disable, manage, fresh=True),
        Route("POST", r"/staff/{id:\d{1,9}}/enable", pages.enable, manage, fresh=True),
    ]
    return Room("accounts", routes, [Entry("الموظفون", "/staff", manage)])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._vault = Vault(services.settings.console_key)
        self._sessions = Sessions(services.settings)

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit)

    async def add(self, visit: Visit) -> web.StreamResponse:
        name, shown = visit.form.get("name", "").strip().lower(), clean(visit.form.get("shown", ""), 80)[:80]
        if not shown:
            raise Problem(400, NO_NAME)
        grants = _grants(visit.lists.get("role", ()), visit.form.get("ministry", EVERYWHERE))

        def work(connection: Connection) -> str:
            staff_id = staff.add(connection, name, shown, grants)
            log.append(connection, _act(visit, "staff-add", name, {"grants": _written(grants)}))
            return staff.invite(connection, staff_id, self._vault.seal(new_secret()))

        token = await self._services.database.write(work)
        return await self._page(visit, link=self._link(token), invited=name)

    async def grant(self, visit: Visit) -> web.StreamResponse:
        grants = _grants(visit.lists.get("role", ()), visit.form.get("ministry", EVERYWHERE))

        def work(connection: Connection) -> None:
            member = self._other(connection, visit)
            staff.set_grants(connection, member.id, grants)
            self._sessions.end_all(connection, member.id)
            detail = {"grants": _written(grants), "before": _written(member.grants)}
            log.append(connection, _act(visit, "staff-grants", member.name, detail))

        await self._services.database.write(work)
        raise see_other("/staff", "saved")

    async def invite(self, visit: Visit) -> web.StreamResponse:
        """A new invitation, for who has lost password or telephone; the old ones work until it is used."""

        def work(connection: Connection) -> tuple[str, str]:
            member = _member(connection, visit)
            log.append(connection, _act(visit, "staff-invite", member.name))
            return staff.invite(connection, member.id, self._vault.seal(new_secret())), member.name

        token, name = await self._services.database.write(work)
        return await self._page(visit, link=self._link(token), invited=name)

    async def disable(self, visit: Visit) -> web.StreamResponse:
        def work(connection: Connection) -> None:
            member = self._other(connection, visit)
            staff.disable(connection, member.id)
            self._sessions.end_all(connection, member.id)
            log.append(connection, _act(visit, "staff-disable", member.name))

        await self._services.database.write(work)
        raise see_other("/staff", "saved")

    async def enable(self, visit: Visit) -> web.StreamResponse:
        def work(connection: Connection) -> None:
            member = self._other(connection, visit)
            staff.disable(connection, member.id, back=True)
            log.append(connection, _act(visit, "staff-enable", member.name))

        await self._services.database.write(work)
        raise see_other("/staff", "saved")

    def _other(self, connection: Connection, visit: Visit) -> staff.Member:
        member = _member(connection, visit)
        if member.id == visit.who.id:
            raise Problem(403, NOT_YOURSELF)
        return member

    def _link(self, token: str) -> str:
        return f"{self._services.settings.console_url.rstrip('/')}/join/{token}"

    async def _page(self, visit: Visit, *, link: str = "", invited: str = "") -> web.StreamResponse:
        members = await self._services.database.read(staff.members)
        names = await self._services.database.read(ministries)
        values = {"members": members, "roles": ROLES, "ministries": names, "link": link, "invited": invited}
        return self._services.site.page(visit, "accounts/staff.html", **values)


def _member(connection: Connection, visit: Visit) -> staff.Member:
    member = staff.member(connection, int(visit.request.match_info["id"]))
    if member is None:
        raise Problem(404, NO_SUCH)
    return member


def _grants(roles: Sequence[str], ministry: str) -> list[Grant]:
    known = {role.value: role for role in Role}
    scope = ministry[:80] or EVERYWHERE
    return [Grant(known[name], EVERYWHERE if name == Role.ADMIN.value else scope) for name in roles if name in known]


def _written(grants: Sequence[Grant]) -> list[str]:
    return [f"{grant.role.value}@{grant.ministry}" for grant in sorted(grants)]


def _act(visit: Visit, action: str, subject: str, detail: Mapping[str, object] | None = None) -> Act:
    reason = clean(visit.form.get("reason", ""), 300)[:300]
    return Act(visit.who.name, action, subject, reason, visit.address, detail or {})
