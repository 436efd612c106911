"""The pages of the catalogue: services with what they lack, one service with every fact, and what was reported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from aiohttp import web
from sqlalchemy import Connection

from arabic import normalise
from channels.text import clean
from console.access.roles import Permission
from console.access.routes import Entry, Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.catalogue import gaps
from console.catalogue.overview import STALE_YEARS, Line, line_of
from console.errors import Problem
from console.inbox import reviews
from console.pages.csv import attachment
from console.pages.site import see_other
from console.services import Services
from integrations.catalogue.repository import SqlCatalogue
from settings.quiet import YEMEN
from storage import SyncDatabase

NO_SERVICE = "لا توجد في الدليل خدمة بهذا المعرّف."
NO_TEXT = "اكتب ما هو الصحيح."
NO_SOURCE = "اكتب أين هو مكتوب: عنوان صفحة رسمية، أو رقم قانون وتاريخه."
SIDES = {"SAN": "صنعاء", "ADE": "عدن", "BOTH": "الجهتان", "ABROAD": "البعثات في الخارج"}
STATES = {"open": "ينتظر", "done": "صُحح في الدليل", "refused": "الدليل صحيح"}
FILTERS = {"gaps": "فيها نقص", "weak": "فيها ما لم يُتحقق منه", "stale": "مصدرها قديم"}
_COLUMNS = ("id", "service", "text", "source", "by", "at", "state", "decided_by", "decision")


def room(services: Services) -> Room:
    """The room of the catalogue."""
    pages = _Pages(services)
    read, propose = Permission.CATALOGUE_READ, Permission.CATALOGUE_PROPOSE
    one = r"/catalogue/{id:[a-z0-9-]{2,80}}"
    routes = [
        Route("GET", "/catalogue", pages.show, read),
        Route("GET", "/catalogue/gaps", pages.gaps, read),
        Route("GET", "/catalogue/gaps.csv", pages.export, read),
        Route("POST", r"/catalogue/gaps/{id:\d{1,9}}/{state:done|refused}", pages.decide, propose),
        Route("GET", one, pages.open, read),
        Route("POST", one, pages.propose, propose),
    ]
    return Room("catalogue", routes, [Entry("دليل الخدمات", "/catalogue", read)])


class _Catalogue:
    """Every service, read again when the catalogue's version changes."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._version = -1
        self._lines: dict[str, Line] = {}

    async def lines(self) -> dict[str, Line]:
        """By identifier, in the catalogue's order."""
        return await asyncio.to_thread(self._read)

    def _read(self) -> dict[str, Line]:
        database = SyncDatabase(self._url)
        try:
            catalogue = SqlCatalogue(database)
            if (version := catalogue.version()) != self._version:
                self._lines = {service.id: line_of(service) for service in catalogue.services()}
                self._version = version
        finally:
            database.close()
        return self._lines


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services, self._catalogue = services, _Catalogue(services.settings.database_url)

    async def show(self, visit: Visit) -> web.StreamResponse:
        query, today = visit.request.query, datetime.now(YEMEN).date()
        wanted, only, authority = (query.get(name, "")[:100] for name in ("q", "only", "authority"))
        lines = (await self._catalogue.lines()).values()
        chosen = [
            line
            for line in lines
            if normalise(wanted) in line.searchable
            and (not authority or line.service.authority.id == authority)
            and _is_of(line, only, today)
        ]
        authorities = {line.service.authority.id: line.service.authority.name for line in lines}
        values = {"lines": chosen, "wanted": wanted, "only": only, "authority": authority, "authorities": authorities}
        return self._services.site.page(
            visit, "catalogue/list.html", **values, today=today, years=STALE_YEARS, filters=FILTERS
        )

    async def open(self, visit: Visit) -> web.StreamResponse:
        return self._page(visit, await self._line(visit))

    def _page(self, visit: Visit, line: Line, problem: Problem | None = None) -> web.Response:
        status = problem.status if problem else 200
        form = {name: visit.form.get(name, "") for name in ("text", "source")}
        return self._services.site.page(
            visit, "catalogue/service.html", status, line=line, problem=problem, form=form, sides=SIDES
        )

    async def _line(self, visit: Visit) -> Line:
        line = (await self._catalogue.lines()).get(visit.request.match_info["id"])
        if line is None:
            raise Problem(404, NO_SERVICE)
        return line

    async def propose(self, visit: Visit) -> web.StreamResponse:
        line = await self._line(visit)
        visit.require(Permission.CATALOGUE_PROPOSE, line.service.authority.id)
        text, source = (clean(visit.form.get(name, ""), 1000)[:1000] for name in ("text", "source"))
        if not text or not source:
            return self._page(visit, line, Problem(400, NO_SOURCE if text else NO_TEXT))

        def work(connection: Connection) -> None:
            reviews.add_gap(connection, line.service.id, text, source, visit.who.name)
            log.append(connection, Act(visit.who.name, "gap-report", line.service.id, address=visit.address))

        await self._services.database.write(work)
        raise see_other("/catalogue/gaps", "sent")

    async def gaps(self, visit: Visit) -> web.StreamResponse:
        return await self._gaps(visit)

    async def _gaps(self, visit: Visit, problem: Problem | None = None) -> web.StreamResponse:
        rows = await self._services.database.read(gaps.gaps)
        names = {id_: line.service.name for id_, line in (await self._catalogue.lines()).items()}
        values = {"rows": rows, "names": names, "states": STATES, "problem": problem}
        return self._services.site.page(visit, "catalogue/gaps.html", problem.status if problem else 200, **values)

    async def decide(self, visit: Visit) -> web.StreamResponse:
        number, state = int(visit.request.match_info["id"]), visit.request.match_info["state"]
        reason = clean(visit.form.get("reason", ""), 300)[:300]
        try:
            await self._services.database.write(
                lambda connection: gaps.decide(connection, number, state, reason, visit.who.name, visit.address)
            )
        except Problem as problem:
            if problem.status == 404:
                raise
            return await self._gaps(visit, problem)
        raise see_other("/catalogue/gaps", "saved")

    async def export(self, _visit: Visit) -> web.StreamResponse:
        rows = await self._services.database.read(gaps.gaps)
        return attachment("dalil-gaps.csv", _COLUMNS, (_cells(row) for row in rows))


def _is_of(line: Line, only: str, today: date) -> bool:
    return {"gaps": bool(line.gaps), "weak": line.weak > 0, "stale": line.is_stale(today)}.get(only, True)


def _cells(row: object) -> Sequence[object]:
    return [getattr(row, name) for name in _COLUMNS]
