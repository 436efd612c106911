"""The pages before the console: log-in, second step, the password again, joining, leaving, language."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import Connection

from channels.handover import desk
from console.access.gate import LANGUAGE_COOKIE, LOG_IN, PROVE, SECOND
from console.access.roles import Permission
from console.access.routes import Route, Visit
from console.accounts.entering import Entrance
from console.accounts.sessions import Sessions
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.pages.site import Site
from console.pages.words import LANGUAGES
from storage import Transactions

FROM_ONE_ADDRESS, WINDOW = 30, 900.0
_MOST_ADDRESSES = 10_000
SLOW = "محاولات كثيرة من شبكتك. انتظر ربع ساعة ثم حاول مرة أخرى."


class Doors:
    """What somebody sees who is not logged in yet."""

    def __init__(self, database: Transactions, sessions: Sessions, entrance: Entrance, site: Site) -> None:
        self._database, self._sessions, self._entrance, self._site = database, sessions, entrance, site
        self._tries = _Tries()

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
        return self._ask(visit, "login.html", to=_local(visit.request.query.get("to", "")), name="")

    async def _log_in(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        form, to = visit.form, _local(visit.form.get("to", ""))
        try:
            token = await self._entrance.log_in(form.get("name", ""), form.get("password", ""), visit.address)
        except Problem as problem:
            return self._ask(visit, "login.html", problem, to=to, name=form.get("name", "")[:40])
        response = self._ask(visit, "code.html", to=to)
        self._sessions.give(response, token)
        return response

    async def _second_page(self, visit: Visit) -> web.StreamResponse:
        return self._ask(visit, "code.html", to="/")

    async def _second(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        token, to = self._sessions.token_of(visit.request), _local(visit.form.get("to", ""))
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
        return self._ask(visit, "again.html", to=_local(visit.request.query.get("to", "")))

    async def _prove(self, visit: Visit) -> web.StreamResponse:
        self._tries.count(visit.address)
        token, to = self._sessions.token_of(visit.request), _local(visit.form.get("to", ""))
        try:
            await self._entrance.prove(token or "", visit.form.get("password", ""), visit.address)
        except Problem as problem:
            return self._ask(visit, "again.html", problem, to=to)
        raise web.HTTPSeeOther(to)

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

        await self._database.write(leave)
        response = web.HTTPSeeOther(LOG_IN)
        self._sessions.take(response)
        raise response

    async def _language(self, visit: Visit) -> web.StreamResponse:
        language = visit.form.get("language", "")
        response = web.HTTPSeeOther(_local(visit.form.get("to", "")))
        if language in LANGUAGES:
            flags = "Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly"
            response.headers.add("Set-Cookie", f"{LANGUAGE_COOKIE}={language}; {flags}")
        raise response

    def _ask(self, visit: Visit, template: str, problem: Problem | None = None, **values: object) -> web.Response:
        status = problem.status if problem else 200
        return self._site.page(visit, f"accounts/{template}", status, problem=problem, **values)


class _Tries:
    """How often an address tried lately: whoever guesses for many names at once is slowed down too."""

    def __init__(self) -> None:
        self._tried: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, address: str) -> None:
        tried, now = self._tried.setdefault(address, deque()), time.monotonic()
        self._tried.move_to_end(address)
        while len(self._tried) > _MOST_ADDRESSES:
            self._tried.popitem(last=False)
        while tried and now - tried[0] > WINDOW:
            tried.popleft()
        if len(tried) >= FROM_ONE_ADDRESS:
            raise Problem(429, SLOW)
        tried.append(now)


def _local(path: str) -> str:
    """A path of this console, or its first page: nobody is sent to another site."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local and len(path) < 500 else "/"
