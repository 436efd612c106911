"""The server of the page: everything behind the log-in but what says that it runs."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from channels.serving import DATABASE_AWAY, harden
from channels.sms.operating.page import chart, problems, words
from channels.sms.operating.page.login import Login
from channels.sms.operating.page.overview import overview
from channels.sms.operating.page.problems import Problem
from channels.sms.operating.trace import message_of, trace
from channels.sms.routing import switches
from channels.web import policy
from channels.web.assets import Assets
from channels.web.page import environment
from settings import Settings
from storage import Transactions, utc_now

logger = logging.getLogger(__name__)
HEALTH = "/health/ready"
_OPERATOR = web.RequestKey("operator", str)
_BODY_LIMIT = 8 * 1024
_FOLDER = Path(__file__).parent
# Unlike the citizens' page: forms then say where they come from in every browser (login.py).
_HEADERS = policy.headers("'none'") | {"Referrer-Policy": "same-origin", "Vary": "Authorization, Accept-Encoding"}
_HTTP = {404: problems.NOT_HERE, 413: problems.TOO_LARGE}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def create_app(
    settings: Settings, providers: Sequence[str], clock: Callable[[], float] = time.monotonic
) -> web.Application:
    """The page as one application; `providers` are the names in the configuration file."""
    database = Transactions(settings.database_url)
    page = _Page(providers, database, Login(settings, clock))
    app = web.Application(client_max_size=_BODY_LIMIT, middlewares=[page.answer])
    app.add_routes(page.routes())

    async def run(_app: web.Application) -> AsyncIterator[None]:
        yield
        await database.close()

    app.cleanup_ctx.append(run)
    app.on_response_prepare.append(harden)
    return app


class _Page:
    def __init__(self, providers: Sequence[str], database: Transactions, login: Login) -> None:
        self._providers, self._database, self._login = providers, database, login
        self._assets = Assets(_FOLDER / "static")
        self._templates = environment(self._assets, _FOLDER / "templates")
        self._templates.filters |= {"moment": words.moment, "age": words.age, "amount": words.amount}
        self._templates.filters["bars"] = chart.bars
        self._templates.globals |= {"states": words.STATES, "limit": switches.LONGEST_REASON, "row": chart.ROW}

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [
            web.get(HEALTH, self._health),
            web.get("/", self._overview),
            web.get("/message", self._message),
            web.post("/providers/{name}/stop", self._stop),
            web.post("/providers/{name}/resume", self._resume),
            *self._assets.routes(),
        ]

    @web.middleware
    async def answer(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Only operators get further; whatever goes wrong is a page in Arabic."""
        try:
            if request.path != HEALTH:
                request[_OPERATOR] = self._login.operator(request)
            return await handler(request)
        except Problem as problem:
            return self._problem(problem.status, problem.text, problem.headers)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            allowed = {name: value for name, value in error.headers.items() if name == "Allow"}
            return self._problem(error.status, _HTTP.get(error.status, problems.NOT_HERE), allowed)
        except DATABASE_AWAY:
            logger.exception("database away")
            return self._problem(503, problems.DATABASE_AWAY, {"Retry-After": "10"})
        except Exception:
            logger.exception("request failed")
            return self._problem(500, problems.BROKEN)

    async def _health(self, _request: web.Request) -> web.Response:
        """For who watches the process; the database may be away, as the page itself says then."""
        return web.json_response({"status": "ready"})

    async def _overview(self, request: web.Request) -> web.Response:
        now = utc_now()
        seen = await self._database.read(lambda connection: overview(connection, self._providers, now))
        return self._page("overview.html", seen=seen, csrf=self._login.token(request[_OPERATOR]))

    async def _message(self, request: web.Request) -> web.Response:
        message_id = message_of(request.query.get("id", ""))
        if message_id is None:
            raise Problem(400, problems.BAD_ID)
        way = await self._database.read(lambda connection: trace(connection, message_id))
        if way is None:
            raise Problem(404, problems.UNKNOWN_ID)
        return self._page("message.html", id=message_id, way=way)

    async def _stop(self, request: web.Request) -> web.Response:
        form, name, by = await self._form(request), request.match_info["name"], request[_OPERATOR]
        if name not in self._providers:
            raise Problem(404, problems.UNKNOWN_PROVIDER)
        reason = words.one_line(form.get("reason", ""), switches.LONGEST_REASON)
        if not reason:
            raise Problem(400, problems.NO_REASON)
        if len(reason) > switches.LONGEST_REASON:
            raise Problem(400, problems.LONG_REASON)
        await self._database.write(lambda connection: switches.stop(connection, name, reason, by))
        logger.warning("provider stopped", extra={"provider": name, "by": by})
        raise web.HTTPSeeOther(f"/#provider-{quote(name)}")

    async def _resume(self, request: web.Request) -> web.Response:
        """Also of one that the configuration file names no more: its stop would stay for ever."""
        await self._form(request)
        name, by = request.match_info["name"], request[_OPERATOR]
        known = {*self._providers, *await self._database.read(switches.stopped)}
        if name not in known:
            raise Problem(404, problems.UNKNOWN_PROVIDER)
        await self._database.write(lambda connection: switches.resume(connection, name))
        logger.warning("provider used again", extra={"provider": name, "by": by})
        raise web.HTTPSeeOther(f"/#provider-{quote(name)}")

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        """The fields of a form that our own page sent."""
        fields = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        self._login.check_form(request, request[_OPERATOR], fields.get("csrf", ""))
        return fields

    def _problem(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> web.Response:
        response = self._page("problem.html", problem=text)
        response.set_status(status)
        response.headers.update(headers or {})
        return response

    def _page(self, template: str, **values: Any) -> web.Response:
        body = self._templates.get_template(template).render(**values)
        response = web.Response(text=body, content_type="text/html", headers=_HEADERS)
        response.enable_compression()
        return response
