"""The desk: hours, holidays, the office's name, and canned answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from channels.handover import canned, desk
from channels.handover.canned import Canned
from channels.handover.errors import WrongAnswer, WrongHours
from channels.handover.hours import USUAL, Holiday
from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Entry, Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.ministries import ministries
from console.pages.site import see_other
from console.pages.words import WEEK
from console.people import rules
from console.services import Services
from storage import utc_now

WRONG_HOURS = "راجع ساعات يوم {day}: تُكتب هكذا 08:00-12:00، ولا تتداخل فترتان."
OVERLAP = "تتداخل فترتان من الدوام."
WRONG_HOLIDAY = "اكتب اسم الإجازة وأول يوم وآخر يوم، ولا تشترك إجازتان في يوم."
WRONG_OFFICE = "اكتب اسم المكتب كما يراه المواطن، في ٤٠ حرفًا أو أقل."
WRONG_CANNED = "اكتب عنوانًا ونصًّا لا يزيد على ٢٠٠٠ حرف."
_MANAGE = Permission.PEOPLE_MANAGE


def room(services: Services) -> Room:
    """The room of the desk."""
    pages = _Pages(services)
    routes = [
        Route("GET", "/desk", pages.show, _MANAGE),
        Route("POST", "/desk", pages.office, _MANAGE),
        Route("POST", "/desk/hours", pages.hours, _MANAGE),
        Route("POST", "/desk/holidays", pages.add_holiday, _MANAGE),
        Route("POST", r"/desk/holidays/{id:\d{1,9}}/remove", pages.remove_holiday, _MANAGE),
        Route("POST", "/desk/canned", pages.save_canned, _MANAGE),
        Route("POST", r"/desk/canned/{id:\d{1,9}}/remove", pages.remove_canned, _MANAGE),
    ]
    return Room("people", routes, [Entry("دوام المكتب والردود الجاهزة", "/desk", _MANAGE)])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, visit: Visit) -> web.StreamResponse:
        def work(connection: Connection) -> dict[str, Any]:
            found = desk.desk(connection)
            shifts = found.timetable.shifts or USUAL
            texts = [one for one in canned.answers(connection) if visit.who.may(_MANAGE, one.authority or EVERYWHERE)]
            return {
                "desk": found,
                "open": found.timetable.open_at(utc_now()),
                "week": [(day, name, rules.written(shifts, day)) for day, name in WEEK.items()],
                "canned": texts,
                "ministries": ministries(connection),
                "office_longest": desk.OFFICE_LONGEST,
            }

        return self._services.site.page(visit, "people/desk.html", **await self._services.database.read(work))

    async def office(self, visit: Visit) -> web.StreamResponse:
        enabled, name = "enabled" in visit.form, visit.form.get("office", "")

        def work(connection: Connection) -> None:
            try:
                desk.set_desk(connection, visit.who.name, enabled=enabled, office=name)
            except WrongHours as wrong:
                raise Problem(400, WRONG_OFFICE) from wrong

        await self._whole(visit, "desk-set", work, {"enabled": enabled})
        raise see_other("/desk", "saved")

    async def hours(self, visit: Visit) -> web.StreamResponse:
        shifts = []
        for day, name in WEEK.items():
            try:
                shifts += rules.read(day, visit.form.get(f"day{day}", "")[:200])
            except WrongHours as wrong:
                raise Problem(400, WRONG_HOURS, day=name) from wrong

        def work(connection: Connection) -> None:
            try:
                desk.set_hours(connection, shifts)
            except WrongHours as wrong:
                raise Problem(400, OVERLAP) from wrong

        week = {str(day): rules.written(tuple(shifts), day) for day in WEEK}
        await self._whole(visit, "desk-hours", work, week)
        raise see_other("/desk", "saved")

    async def add_holiday(self, visit: Visit) -> web.StreamResponse:
        def work(connection: Connection) -> None:
            try:
                first = date.fromisoformat(visit.form.get("first", ""))
                last = date.fromisoformat(visit.form.get("last", "") or visit.form.get("first", ""))
                desk.add_holiday(connection, Holiday(first, last, visit.form.get("name", "")))
            except (ValueError, WrongHours) as wrong:
                raise Problem(400, WRONG_HOLIDAY) from wrong

        days = {name: visit.form.get(name, "")[:10] for name in ("first", "last")}
        await self._whole(visit, "holiday-add", work, days)
        raise see_other("/desk", "saved")

    async def remove_holiday(self, visit: Visit) -> web.StreamResponse:
        number = int(visit.request.match_info["id"])
        await self._whole(visit, "holiday-remove", lambda c: desk.remove_holiday(c, number), {"id": number})
        raise see_other("/desk", "removed")

    async def save_canned(self, visit: Visit) -> web.StreamResponse:
        number, authority = visit.form.get("id", ""), visit.form.get("ministry", "") or None
        known = int(number) if number.isdecimal() and len(number) < 10 else None
        wanted = Canned(visit.form.get("title", ""), visit.form.get("text", ""), authority, known)
        visit.require(_MANAGE, authority or EVERYWHERE)

        def work(connection: Connection) -> None:
            self._may_change(connection, visit, known)
            try:
                canned.save(connection, wanted, visit.who.name)
            except WrongAnswer as wrong:
                raise Problem(400, WRONG_CANNED) from wrong

        await self._write(visit, "canned-save", work, {"title": wanted.title[:80]})
        raise see_other("/desk", "saved")

    async def remove_canned(self, visit: Visit) -> web.StreamResponse:
        number = int(visit.request.match_info["id"])

        def work(connection: Connection) -> None:
            self._may_change(connection, visit, number)
            canned.remove(connection, number)

        await self._write(visit, "canned-remove", work, {"id": number})
        raise see_other("/desk", "removed")

    def _may_change(self, connection: Connection, visit: Visit, number: int | None) -> None:
        """What is there already belongs to an authority too."""
        for one in canned.answers(connection):
            if one.id == number:
                visit.require(_MANAGE, one.authority or EVERYWHERE)

    async def _whole(self, visit: Visit, action: str, act: Callable[[Connection], Any], detail: Any) -> None:
        """What holds for the whole desk."""
        visit.require(_MANAGE, EVERYWHERE)
        await self._write(visit, action, act, detail)

    async def _write(self, visit: Visit, action: str, act: Callable[[Connection], Any], detail: Any) -> None:
        def work(connection: Connection) -> None:
            act(connection)
            log.append(connection, Act(visit.who.name, action, "desk", "", visit.address, detail))

        await self._services.database.write(work)
