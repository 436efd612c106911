"""Everybody's own page: who they are here, their password, and the ministry's account that is linked to them."""

from __future__ import annotations

from aiohttp import web

from console.access.roles import Permission
from console.access.routes import Room, Route, Visit
from console.accounts import staff
from console.accounts.entering import Entrance
from console.accounts.register import ROLES
from console.accounts.sessions import Sessions
from console.errors import Problem
from console.ministries import ministries
from console.pages.site import Site, see_other
from storage import Transactions

OWN = "/account"


class Own:
    """The routes of the page."""

    def __init__(self, database: Transactions, sessions: Sessions, entrance: Entrance, site: Site) -> None:
        self._database, self._sessions, self._entrance, self._site = database, sessions, entrance, site

    def room(self) -> Room:
        """Reached by one's own name, at the top of every page."""
        own = Permission.OWN
        routes = [
            Route("GET", OWN, self._show, own),
            Route("POST", f"{OWN}/password", self._password, own, fresh=True),
            Route("POST", f"{OWN}/unlink", self._unlink, own, fresh=True),
        ]
        return Room("accounts", routes)

    async def _show(self, visit: Visit) -> web.Response:
        return await self._page(visit)

    async def _password(self, visit: Visit) -> web.StreamResponse:
        form = visit.form
        try:
            token = await self._entrance.change_password(
                visit.who, form.get("password", ""), form.get("again", ""), visit.address
            )
        except Problem as problem:
            return await self._page(visit, problem)
        response = see_other(OWN, "saved")
        self._sessions.give(response, token)
        raise response

    async def _unlink(self, visit: Visit) -> web.StreamResponse:
        try:
            await self._entrance.unlink(visit.who, visit.address)
        except Problem as problem:
            return await self._page(visit, problem)
        raise see_other(OWN, "saved")

    async def _page(self, visit: Visit, problem: Problem | None = None) -> web.Response:
        member = await self._database.read(lambda connection: staff.member(connection, visit.who.id))
        names = await self._database.read(ministries)
        values = {"member": member, "roles": ROLES, "ministries": names, "problem": problem}
        return self._site.page(visit, "accounts/own.html", problem.status if problem else 200, **values)
