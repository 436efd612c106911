"""The one mechanism that every request passes: who asks, whether they may, and whether our own page sent the form."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from channels.serving import DATABASE_AWAY
from channels.web.policy import visitor
from console.access.routes import NOT_ALLOWED, Route, Visit
from console.accounts.sessions import Session, Sessions
from console.errors import Problem
from console.pages.site import Site
from console.pages.words import LANGUAGES
from settings import Settings
from storage import Transactions

logger = logging.getLogger(__name__)
LOG_IN, SECOND, PROVE = "/login", "/login/code", "/login/again"
LANGUAGE_COOKIE = "dalil-language"
FORM_LIMIT, UPLOAD_LIMIT = 256 * 1024, 4 * 1024 * 1024
FORGED = "لم يصل الطلب من هذه الصفحة نفسها، فلم نقبله. افتح الصفحة من جديد ثم أعد المحاولة."
TOO_LARGE = "ما أرسلته أكبر مما تقبله اللوحة."
NOT_HERE = "لا توجد صفحة بهذا العنوان."
DATABASE = "قاعدة البيانات لا تجيب الآن، ولم يُحفظ شيء. حاول بعد قليل."
BROKEN = "حدث خلل في اللوحة، وسُجّل في ملف السجل."
_HTTP = {404: NOT_HERE, 405: NOT_HERE, 413: TOO_LARGE}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Wraps the routes' handlers, and turns whatever goes wrong into a page that says so."""

    def __init__(self, settings: Settings, database: Transactions, sessions: Sessions, site: Site) -> None:
        self._proxies = settings.trusted_proxies
        self._database, self._sessions, self._site = database, sessions, site

    def guard(self, route: Route) -> web.RouteDef:
        """The route with its permission in front."""

        async def handle(request: web.Request) -> web.StreamResponse:
            visit = await self._admit(request, route)
            return await route.handler(visit)

        return web.route(route.method, route.path, handle)

    async def _admit(self, request: web.Request, route: Route) -> Visit:
        visit, session = self._stranger(request), None
        if route.permission is not None:
            session = await self._session(request, route)
            csrf = self._sessions.csrf(session.token)
            visit = replace(visit, person=session.person, csrf=csrf)
            if not session.person.may(route.permission):
                raise Problem(403, NOT_ALLOWED)
        if route.method != "GET":
            visit = await read_form(visit)
            if not route.signed:
                self._check_origin(visit, session)
        if route.fresh and session is not None and not session.fresh:
            raise _go(request, f"{PROVE}?to={quote(_back(request))}")
        return visit

    async def _session(self, request: web.Request, route: Route) -> Session:
        token = self._sessions.token_of(request)
        session = await self._read(token)
        if session is None:
            raise _go(request, f"{LOG_IN}?to={quote(_back(request))}")
        if not session.second:
            raise _go(request, SECOND)
        # A page that refreshes itself does not keep somebody logged in who has left the desk.
        if session.stale and "poll" not in request.query:
            await self._database.write(lambda connection: self._sessions.see(connection, session.token))
        return session

    async def _read(self, token: str | None) -> Session | None:
        if token is None:
            return None
        return await self._database.read(lambda connection: self._sessions.read(connection, token))

    def _check_origin(self, visit: Visit, session: Session | None) -> None:
        token = session.token if session else None
        if not self._sessions.is_ours(visit.request, token, visit.form.get("csrf", "")):
            raise Problem(403, FORGED)

    def _stranger(self, request: web.Request) -> Visit:
        language = request.cookies.get(LANGUAGE_COOKIE, "")
        known = language if language in LANGUAGES else LANGUAGES[0]
        return Visit(request, None, known, visitor(request, self._proxies))

    @web.middleware
    async def answer(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """A middleware: no stack trace reaches anybody."""
        try:
            return await handler(request)
        except Problem as problem:
            return await self._problem(request, problem)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return await self._problem(request, Problem(error.status, _HTTP.get(error.status, NOT_HERE)))
        except DATABASE_AWAY:
            logger.exception("database away", extra={"route": _route(request)})
            return self._site.problem(self._stranger(request), Problem(503, DATABASE, {"Retry-After": "5"}))
        except Exception:
            logger.exception("request failed", extra={"route": _route(request)})
            return await self._problem(request, Problem(500, BROKEN))

    async def _problem(self, request: web.Request, problem: Problem) -> web.StreamResponse:
        """With the menu of whoever asked, where that can be known."""
        visit = self._stranger(request)
        session = await self._read(self._sessions.token_of(request))
        if session is not None and session.second:
            visit = replace(visit, person=session.person, csrf=self._sessions.csrf(session.token))
        return self._site.problem(visit, problem)


async def read_form(visit: Visit) -> Visit:
    """With the fields of its form; uploads and long forms have limits of their own."""
    limit = UPLOAD_LIMIT if visit.request.content_type == "multipart/form-data" else FORM_LIMIT
    if (visit.request.content_length or 0) > limit:
        raise Problem(413, TOO_LARGE)
    try:
        posted = await visit.request.post()
    except ValueError as error:
        raise Problem(400, FORGED) from error
    form: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for name, value in posted.items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        elif isinstance(value, str):
            form.setdefault(name, value)
            lists.setdefault(name, []).append(value)
    return replace(visit, form=form, lists=lists, files=files)


def _go(request: web.Request, path: str) -> web.HTTPException:
    """The whole page goes there, also when htmx asked for a part of it only."""
    if "HX-Request" in request.headers:
        return web.HTTPNoContent(headers={"HX-Redirect": path})
    return web.HTTPSeeOther(path)


def _back(request: web.Request) -> str:
    """Where to go on after logging in: a page, never what a form or a part of a page did."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.path_qs
    return urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"


def _route(request: web.Request) -> Any:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"
