"""The queue, and one conversation with its reply box; both refresh themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from channels.handover import canned, desk, queue, records, staff, thread
from channels.handover.errors import AlreadyHeld, NotHeld, ReplyRefused, UnknownHandover
from channels.handover.measure import LONGEST, Measure, measure
from channels.handover.records import Handover
from channels.handover.tables import State
from console.access.roles import Permission
from console.access.routes import NOT_ALLOWED, Entry, Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.ministries import ministries
from console.pages.site import see_other
from console.people import held_pages, rules
from console.people.words import CHANNELS, NO_SUCH, REASONS, SENT, STATES, WHO
from console.services import Services

TAKEN = "سبقك إلى هذه المحادثة زميلك {holder}."
OVER = "لم تعد هذه المحادثة معك: {state}."
TOO_LONG = "ردك أطول مما يُرسل في هذه القناة. اختصره ثم أرسله."
EMPTY = "اكتب ردك أولًا."


def room(services: Services) -> Room:
    """The room of the queue, and of the conversations that somebody has."""
    pages = _Pages(services)
    serve, one = Permission.PEOPLE_SERVE, r"/people/{id:\d{1,12}}"
    acts = ("take", "reply", "release", "back", "close", "assign", "numbers", "measure")
    routes = [Route("GET", "/people", pages.show, serve), Route("GET", one, pages.open, serve)]
    routes += [Route("POST", f"{one}/{act}", getattr(pages, act), serve) for act in acts]
    routes += held_pages.routes(services)
    return Room("people", routes, [Entry("طلبات التحدث إلى موظف", "/people", serve), held_pages.ENTRY])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, visit: Visit) -> web.StreamResponse:
        """The queue. That it is open is how citizens are told whether anybody is there."""

        def work(connection: Connection) -> dict[str, Any]:
            desk.present(connection, visit.who.name)
            entries = [(entry, rules.authority_of(connection, entry.handover)) for entry in queue.waiting(connection)]
            seen = [(entry, whose) for entry, whose in entries if rules.may_see(visit.who, entry.handover, whose)]
            return {"entries": seen, "desk": desk.desk(connection), "ministries": ministries(connection)}

        values = await self._services.database.write(work)
        template = "people/queue_part.html" if "poll" in visit.request.query else "people/queue.html"
        return self._services.site.page(visit, template, **values, **_WORDS)

    async def open(self, visit: Visit) -> web.StreamResponse:
        return await self._thread(visit)

    async def take(self, visit: Visit) -> web.StreamResponse:
        def work(connection: Connection, mine: Handover) -> None:
            staff.take(connection, mine.id, visit.who.name, rules.office_of(connection, visit.who))

        await self._act(visit, "people-take", work)
        raise see_other(f"/people/{visit.request.match_info['id']}")

    async def reply(self, visit: Visit) -> web.StreamResponse:
        typed, key = visit.form.get("text", ""), visit.form.get("key", "")[:32]

        def work(connection: Connection, mine: Handover) -> None:
            staff.reply(connection, mine.id, visit.who.name, typed, (key and f"{mine.id}-{key}") or None)

        try:
            await self._act(visit, "people-reply", work)
        except ReplyRefused:
            return await self._thread(visit, typed=typed, fault=TOO_LONG if typed.strip() else EMPTY)
        raise see_other(f"/people/{visit.request.match_info['id']}", "sent")

    async def release(self, visit: Visit) -> web.StreamResponse:
        await self._act(visit, "people-release", lambda c, mine: staff.release(c, mine.id, visit.who.name))
        raise see_other("/people", "saved")

    async def back(self, visit: Visit) -> web.StreamResponse:
        await self._act(visit, "people-back", lambda c, mine: staff.hand_back(c, mine.id, visit.who.name))
        raise see_other("/people", "saved")

    async def close(self, visit: Visit) -> web.StreamResponse:
        await self._act(visit, "people-close", lambda c, mine: staff.close(c, mine.id))
        raise see_other("/people", "saved")

    async def assign(self, visit: Visit) -> web.StreamResponse:
        """For another authority's staff: a conversation that is held goes back to the queue with it."""
        authority = visit.form.get("ministry", "") or None

        def work(connection: Connection, mine: Handover) -> None:
            if authority is not None and authority not in ministries(connection):
                raise Problem(400, NO_SUCH)
            if mine.state is State.HELD:
                staff.hand_back(connection, mine.id, visit.who.name)
            staff.assign(connection, mine.id, authority)

        await self._act(visit, "people-assign", work, {"to": authority})
        raise see_other("/people", "saved")

    async def numbers(self, visit: Visit) -> web.StreamResponse:
        """The thread with the citizen's numbers, for who holds it; the log says who looked."""

        def work(connection: Connection, mine: Handover) -> None:
            if mine.holder != visit.who.name or not mine.open:
                raise NotHeld(mine.state, mine.reason)

        await self._act(visit, "people-numbers", work)
        return await self._thread(visit, numbers=True)

    async def measure(self, visit: Visit) -> web.StreamResponse:
        """How long what is typed so far would be."""
        mine = await self._services.database.read(lambda connection: _mine(connection, visit))
        found = measure(mine.channel, mine.office or "", visit.form.get("text", ""))
        return self._services.site.page(visit, "people/measure_part.html", measure=found, longest=LONGEST)

    async def _act(
        self, visit: Visit, action: str, act: Callable[[Connection, Handover], Any], detail: Any = None
    ) -> None:
        """Do it, with its entry in the log, in one transaction; what the handover refuses is said in words."""

        def work(connection: Connection) -> None:
            mine = _mine(connection, visit)
            act(connection, mine)
            desk.present(connection, visit.who.name)
            log.append(connection, Act(visit.who.name, action, f"handover/{mine.id}", "", visit.address, detail or {}))

        try:
            await self._services.database.write(work)
        except AlreadyHeld as refused:
            raise Problem(409, TAKEN, holder=refused.holder) from refused
        except NotHeld as refused:
            raise Problem(409, OVER, state=STATES[refused.state]) from refused

    async def _thread(
        self, visit: Visit, *, typed: str = "", fault: str = "", numbers: bool = False
    ) -> web.StreamResponse:
        query = visit.request.query
        chosen, before = query.get("canned", ""), thread.place(query.get("before", ""))

        def work(connection: Connection) -> dict[str, Any]:
            mine = _mine(connection, visit)
            desk.present(connection, visit.who.name)
            texts = canned.answers(connection, rules.authority_of(connection, mine))
            begun = typed or next((one.text for one in texts if str(one.id) == chosen), "")
            read = thread.thread(connection, mine.id, numbers=numbers, before=before)
            return {"thread": read, "canned": texts, "typed": begun, "ministries": ministries(connection)}

        values = await self._services.database.write(work)
        template = "people/thread_part.html" if "poll" in query else "people/thread.html"
        mine = values["thread"].handover
        found: Measure = measure(mine.channel, mine.office or "", values["typed"])
        values |= {"before": before, "fault": fault, "key": uuid.uuid4().hex, "measure": found}
        values |= {"longest": LONGEST, "numbers": numbers}
        return self._services.site.page(visit, template, 400 if fault else 200, **values, **_WORDS)


def _mine(connection: Connection, visit: Visit) -> Handover:
    """The request of the address, if it is this person's to work on."""
    try:
        mine = records.get(connection, int(visit.request.match_info["id"]))
    except UnknownHandover as unknown:
        raise Problem(404, NO_SUCH) from unknown
    if not rules.may_see(visit.who, mine, rules.authority_of(connection, mine)):
        raise Problem(403, NOT_ALLOWED)
    return mine


_WORDS: dict[str, Any] = {"channels": CHANNELS, "states": STATES, "reasons": REASONS, "names": WHO, "sent": SENT}
