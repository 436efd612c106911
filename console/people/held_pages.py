"""Conversations that colleagues have: whoever manages the desk ends them, or gives them to somebody else.

No word of the citizen's is shown here: to free a conversation nobody has to read it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from channels.handover import queue, records, staff
from channels.handover.errors import AlreadyHeld, NotHeld, UnknownHandover
from channels.handover.records import Handover
from channels.handover.tables import State
from channels.text import clean
from console.access.roles import Permission
from console.access.routes import NOT_ALLOWED, Entry, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.ministries import ministries
from console.pages.site import see_other
from console.people import rules
from console.people.words import CHANNELS, NO_SUCH
from console.services import Services

NO_REASON = "اكتب السبب: يقرؤه من يراجع السجل."
NOT_THEIRS = "لم تعد هذه المحادثة مع {holder}. افتح الصفحة من جديد."
LONGEST_REASON = 300
_MANAGE = Permission.PEOPLE_MANAGE
ENTRY = Entry("محادثات مع الموظفين", "/held", _MANAGE)
_Do = Callable[[Connection, Handover, str], Any]


def routes(services: Services) -> list[Route]:
    """The page and what it does."""
    pages, one = _Pages(services), r"/held/{id:\d{1,12}}"
    acts = ("release", "back", "take")
    return [
        Route("GET", "/held", pages.show, _MANAGE),
        *(Route("POST", f"{one}/{act}", getattr(pages, act), _MANAGE) for act in acts),
    ]


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._list(visit)

    async def _list(self, visit: Visit, problem: Problem | None = None) -> web.StreamResponse:
        def work(connection: Connection) -> dict[str, Any]:
            waiting, me = queue.waiting(connection), visit.who.name
            held = [one for one in waiting if one.handover.state is State.HELD and one.handover.holder != me]
            owned = [(entry, rules.authority_of(connection, entry.handover)) for entry in held]
            theirs = [(entry, whose) for entry, whose in owned if rules.may_manage(visit.who, whose)]
            return {"entries": theirs, "ministries": ministries(connection)}

        values = await self._services.database.read(work)
        status = problem.status if problem else 200
        values |= {"problem": problem, "channels": CHANNELS, "longest": LONGEST_REASON}
        return self._services.site.page(visit, "people/held.html", status, **values)

    async def release(self, visit: Visit) -> web.StreamResponse:
        return await self._act(visit, "people-release-for", lambda c, one, holder: staff.release(c, one.id, holder))

    async def back(self, visit: Visit) -> web.StreamResponse:
        return await self._act(visit, "people-back-for", lambda c, one, holder: staff.hand_back(c, one.id, holder))

    async def take(self, visit: Visit) -> web.StreamResponse:
        """For who also answers citizens."""

        def work(connection: Connection, one: Handover, holder: str) -> None:
            serves = visit.who.may(Permission.PEOPLE_SERVE)
            if not serves or not rules.may_see(visit.who, one, rules.authority_of(connection, one)):
                raise Problem(403, NOT_ALLOWED)
            staff.take_over(connection, one.id, holder, visit.who.name, rules.office_of(connection, visit.who))

        return await self._act(visit, "people-take-over", work, f"/people/{visit.request.match_info['id']}")

    async def _act(self, visit: Visit, action: str, act: _Do, then: str = "/held") -> web.StreamResponse:
        """Do it to the conversation of whoever had it on the page, with its entry in the log, in one transaction."""
        holder = visit.form.get("holder", "")[:64]
        reason = clean(visit.form.get("reason", ""), LONGEST_REASON)[:LONGEST_REASON].strip()

        def work(connection: Connection) -> None:
            one = self._one(connection, visit)
            if not reason:
                raise Problem(400, NO_REASON)
            act(connection, one, holder)
            entry = Act(visit.who.name, action, f"handover/{one.id}", reason, visit.address, {"holder": holder})
            log.append(connection, entry)

        try:
            await self._services.database.write(work)
        except (AlreadyHeld, NotHeld):
            return await self._list(visit, Problem(409, NOT_THEIRS, holder=holder))
        except Problem as problem:
            if problem.status != 400:
                raise
            return await self._list(visit, problem)
        raise see_other(then, "saved")

    def _one(self, connection: Connection, visit: Visit) -> Handover:
        try:
            one = records.get(connection, int(visit.request.match_info["id"]))
        except UnknownHandover as unknown:
            raise Problem(404, NO_SUCH) from unknown
        if not rules.may_manage(visit.who, rules.authority_of(connection, one)):
            raise Problem(403, NOT_ALLOWED)
        return one
