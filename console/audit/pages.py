"""The audit log for who may read it: newest first, by person and act, as CSV, and verified on demand."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from sqlalchemy import ColumnElement, Connection, RowMapping, select

from console.access.roles import Permission
from console.access.routes import Entry, Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.audit.tables import AuditRow
from console.pages.csv import attachment
from console.services import Services

PAGE = 50
_MOST_EXPORTED = 100_000


def room(services: Services) -> Room:
    """The room of the audit log."""
    pages = _Pages(services)
    read = Permission.AUDIT_READ
    routes = [
        Route("GET", "/audit", pages.show, read),
        Route("POST", "/audit/verify", pages.verify, read),
        Route("GET", "/audit/audit.csv", pages.export, read, fresh=True),
    ]
    return Room("audit", routes, [Entry("سجل الأعمال", "/audit", read)])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, None)

    async def verify(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, await self._services.database.read(log.verify))

    async def _page(self, visit: Visit, verdict: log.Verdict | None) -> web.StreamResponse:
        query = visit.request.query
        chosen = {name: query.get(name, "")[:40] for name in ("actor", "action")}
        before = int(query["before"]) if query.get("before", "").isdecimal() and len(query["before"]) < 16 else None
        rows = await self._services.database.read(lambda connection: entries(connection, chosen, before, PAGE + 1))
        older = rows[PAGE - 1]["id"] if len(rows) > PAGE else None
        values = {"entries": rows[:PAGE], "chosen": chosen, "older": older, "verdict": verdict}
        return self._services.site.page(visit, "audit/audit.html", **values)

    async def export(self, visit: Visit) -> web.StreamResponse:
        def work(connection: Connection) -> list[RowMapping]:
            log.append(connection, Act(visit.who.name, "audit-export", address=visit.address))
            return entries(connection, {}, None, _MOST_EXPORTED)

        rows = await self._services.database.write(work)
        columns = ("id", "at", "actor", "action", "subject", "reason", "address", "detail", "hash")
        return attachment("dalil-audit.csv", columns, ([row[name] for name in columns] for row in rows))


def entries(connection: Connection, chosen: Mapping[str, str], before: int | None, most: int) -> list[RowMapping]:
    """The newest entries, `before` a number, of an actor or an action."""
    wanted: list[ColumnElement[bool]] = []
    if before is not None:
        wanted.append(AuditRow.id < before)
    if chosen.get("actor"):
        wanted.append(AuditRow.actor == chosen["actor"])
    if chosen.get("action"):
        wanted.append(AuditRow.action == chosen["action"])
    query = select(AuditRow.__table__).where(*wanted).order_by(AuditRow.id.desc()).limit(most)
    return list(connection.execute(query).mappings())
