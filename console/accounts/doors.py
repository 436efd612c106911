"""The pages before the console: log-in, second step, the password again, joining, leaving, language."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import Connection

from channels.handover import desk
from console.access.gate import LANGUAGE_COOKIE, LOG_IN, PROVE, SECOND
from console.access.roles import Permission
from console.access.routes import Route, Visit
from console.accounts import staff
from console.accounts.entering import Entrance
from console.accounts.sessions import Sessions
from console.accounts.tries import Tries
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.pages.site import Site, local
from console.pages.words import LANGUAGES
from storage import Transactions


class Doors:
    """What somebody sees who is not logged in yet."""

    def __init__(
        self, database: Transactions, sessions: Sessions, entrance: Entrance, site: Site, tries: Tries
    ) -> None:
        self._database, self._sessions, self._entrance, self._site = database, sessions, entrance, site
        self._tries = tries

    def routes(self) -> Sequence[Route]:
        """All of them."""
        return [
            Route("GET", LOG_IN, self._log_in_page, None),
            Route("POST", LOG_IN, self._log_in, None),
            Route("GET", SECOND, self._second_page, None),
            Route("POST", SECOND, self._second, None),
            Route("GET", PROVE, self._prove_page, Permission.OWN),
            Route("POST", PROVE, self._prove, Permission.OWN),
            Route("GET", "/join/{token}", self._join_page, None),
            Route("POST", "/join/{token}", self._join, None),
            Route("POST", "/leave", self._leave, Permission.OWN),
            Route("POST", "/language", self._language, None),
        ]

    async def _log_in_page(self, visit: Visit) -> web.StreamResponse:
        query = visit.request.query
        return self._ask(visit, "login.html", to=local(query.get("to", "")), name="", left="left" in query)

    async def _log_in(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        form, to = visit.form, local(visit.form.get("to", ""))
        try:
            token = await self._entrance.log_in(form.get("name", ""), form.get("password", ""), visit.address)
        except Problem as problem:
            return self._ask(visit, "login.html", problem, to=to, name=form.get("name", "")[:40], left=False)
        response = self._ask(visit, "code.html", to=to)
        self._sessions.give(response, token)
        return response

    async def _second_page(self, visit: Visit) -> web.StreamResponse:
        return self._ask(visit, "code.html", to="/")

    async def _second(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        token, to = self._sessions.token_of(visit.request), local(visit.form.get("to", ""))
        if token is None:
            raise web.HTTPSeeOther(LOG_IN)
        try:
            entered = await self._entrance.second(token, visit.form.get("code", "")[:40], visit.address)
        except Problem as problem:
            return self._ask(visit, "code.html", problem, to=to)
        response = web.HTTPSeeOther(to)
        self._sessions.give(response, entered)
        raise response

    async def _prove_page(self, visit: Visit) -> web.StreamResponse:
        return await self._ask_again(visit, local(visit.request.query.get("to", "")))

    async def _prove(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        token, to = self._sessions.token_of(visit.request), local(visit.form.get("to", ""))
        try:
            await self._entrance.prove(token or "", visit.form.get("password", ""), visit.address)
        except Problem as problem:
            return await self._ask_again(visit, to, problem)
        raise web.HTTPSeeOther(to)

    async def _ask_again(self, visit: Visit, to: str, problem: Problem | None = None) -> web.Response:
        member = await self._member(visit)
        return self._ask(visit, "again.html", problem, to=to, member=member)

    async def _member(self, visit: Visit) -> staff.Member | None:
        return await self._database.read(lambda connection: staff.member(connection, visit.who.id))

    async def _join_page(self, visit: Visit) -> web.StreamResponse:
        joining = await self._entrance.joining(visit.request.match_info["token"])
        return self._ask(visit, "join.html", joining=joining)

    async def _join(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        form, token = visit.form, visit.request.match_info["token"]
        password, again, code = (form.get(name, "") for name in ("password", "again", "code"))
        try:
            codes = await self._entrance.join(token, password, again, code, visit.address)
        except Problem as problem:
            if problem.status == 410:
                raise
            return self._ask(visit, "join.html", problem, joining=await self._entrance.joining(token))
        return self._site.page(visit, "accounts/codes.html", codes=codes)

    async def _leave(self, visit: Visit) -> web.StreamResponse:
        token, name = self._sessions.token_of(visit.request) or "", visit.who.name

        def leave(connection: Connection) -> None:
            self._sessions.end(connection, token)
            desk.absent(connection, name)
            log.append(connection, Act(name, "log-out", address=visit.address))

        member = await self._member(visit)
        await self._database.write(leave)
        response = web.HTTPSeeOther(f"{LOG_IN}?left" if member and member.account else LOG_IN)
        self._sessions.take(response)
        raise response

    async def _language(self, visit: Visit) -> web.StreamResponse:
        language = visit.form.get("language", "")
        response = web.HTTPSeeOther(local(visit.form.get("to", "")))
        if language in LANGUAGES:
            flags = "Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly"
            response.headers.add("Set-Cookie", f"{LANGUAGE_COOKIE}={language}; {flags}")
        raise response

    def _ask(self, visit: Visit, template: str, problem: Problem | None = None, **values: object) -> web.Response:
        status = problem.status if problem else 200
        return self._site.page(visit, f"accounts/{template}", status, problem=problem, **values)
