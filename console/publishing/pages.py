"""The pages of publishing: what is not published yet, proposals, one proposal with its comparison, decisions."""

from __future__ import annotations

from difflib import unified_diff
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from channels.text import clean
from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Entry, Room, Route, Visit
from console.errors import Problem
from console.pages.site import see_other
from console.pages.words import WEEK
from console.publishing import proposals, schedule
from console.publishing.assistant import Assistant
from console.publishing.comparison import REFUSALS
from console.publishing.proposals import File
from console.publishing.publisher import Publisher
from console.publishing.schedule import Schedule
from console.publishing.tables import Outcome, State
from console.services import Services
from storage import utc_now

LONGEST_REASON = 500
DATA_MOVED_ON = "تغيّرت البيانات منذ التجربة. درّب الاقتراح من جديد ثم اعتمده."
STATES = {
    State.WAITING: "ينتظر التدريب",
    State.TRAINING: "يُدرَّب الآن",
    State.TESTED: "جاهز للمراجعة",
    State.REFUSED: "مرفوض: صار شيء أسوأ",
    State.FAILED: "تعذّر التدريب",
    State.WITHDRAWN: "سُحب",
    State.PUBLISHING: "يُنشر الآن",
    State.PUBLISHED: "منشور",
    State.ROLLING_BACK: "يُتراجع عنه الآن",
    State.ROLLED_BACK: "تُراجع عنه",
}
STEPS = {
    "": "",
    "lint": "فحص البيانات",
    "train": "التدريب (دقيقة أو أكثر)",
    "test": "اختبار النموذج المقترح",
    "test-live": "اختبار النموذج الحالي",
}
FIGURES = {
    "both": "النوع والخدمة معًا",
    "kind": "النوع",
    "service": "الخدمة",
    "out_of_scope_recall": "معرفة ما ليس من عملنا",
    "false_alarm": "اعتذار عما نعرفه",
    "wrong_confident": "خطأ واثق",
}
OUTCOMES = {
    Outcome.MADE: "قُدّم اقتراح جديد.",
    Outcome.NOTHING: "لم يكن هناك جديد.",
    Outcome.FAULTY: "في التعديلات أخطاء، فلم يُقترح شيء.",
    Outcome.FAILED: "تعذّر فحص التعديلات.",
    Outcome.MISSED: "فات الموعد واللوحة متوقفة.",
}
_NO_REPORT: dict[str, Any] = {"failed": "", "refusals": [], "figures": {}}
_DAYS, _HOURS = {str(day) for day in WEEK}, {str(hour) for hour in range(24)}
_RUNNING = (State.WAITING, State.TRAINING, State.PUBLISHING, State.ROLLING_BACK)


def room(services: Services) -> Room:
    """The room of publishing."""
    publisher = Publisher(services.settings, services.database, Assistant(services.settings))
    pages = _Pages(services, publisher)
    read, propose, approve = Permission.PUBLISH_READ, Permission.PUBLISH_PROPOSE, Permission.PUBLISH_APPROVE
    one = r"/publish/{id:\d{1,9}}"
    routes = [
        Route("GET", "/publish", pages.show, read),
        Route("POST", "/publish", pages.propose, propose),
        Route("POST", "/publish/schedule", pages.schedule, approve),
        Route("GET", one, pages.open, read),
        Route("GET", f"{one}/state", pages.state, read),
        Route("POST", f"{one}/again", pages.again, propose),
        Route("POST", f"{one}/withdraw", pages.withdraw, propose),
        Route("POST", f"{one}/reject", pages.withdraw, approve),
        Route("POST", f"{one}/approve", pages.approve, approve),
        Route("POST", f"{one}/roll-back", pages.roll_back, Permission.PUBLISH_ROLL_BACK, fresh=True),
    ]
    background = [publisher.run, publisher.keep_swapped]
    return Room("publishing", routes, [Entry("النشر", "/publish", read)], background)


class _Pages:
    def __init__(self, services: Services, publisher: Publisher) -> None:
        self._services, self._publisher = services, publisher

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._list(visit)

    async def _list(self, visit: Visit, problem: Problem | None = None) -> web.StreamResponse:
        library = await self._services.knowledge.refresh()
        rows = await self._services.database.read(proposals.newest)
        timed = await self._services.database.read(schedule.read)
        drafted = [entry for entry in library.drafted() if entry.state and entry.state.draft]
        values: dict[str, Any] = {"drafted": drafted, "rows": rows, "states": STATES, "problem": problem}
        values |= {"schedule": timed, "outcomes": OUTCOMES, "week": WEEK, "may_schedule": _may_schedule(visit)}
        status = problem.status if problem else 200
        model = self._publisher.assistant.current
        return self._services.site.page(visit, "publishing/list.html", status, **values, model=model)

    async def propose(self, visit: Visit) -> web.StreamResponse:
        paths, reason = visit.lists.get("path", ()), _reason(visit)
        now = utc_now()
        when = schedule.following(now, schedule.NIGHT) if visit.form.get("when") == "night" else now
        root = self._services.knowledge.root
        who, address = visit.who.name, visit.address
        try:
            number = await self._services.database.write(
                lambda connection: proposals.propose(connection, root, paths, reason, who, address, when)
            )
        except Problem as problem:
            return await self._list(visit, problem)
        self._publisher.wake()
        raise see_other(f"/publish/{number}")

    async def schedule(self, visit: Visit) -> web.StreamResponse:
        """For all authorities' drafts, so by who may approve those of all."""
        visit.require(Permission.PUBLISH_APPROVE, EVERYWHERE)
        form, days = visit.form, visit.lists.get("day", ())
        hour = int(form["hour"]) if form.get("hour", "") in _HOURS else -1
        wanted = Schedule("enabled" in form, hour, {int(day) for day in days if day in _DAYS})
        try:
            await self._services.database.write(
                lambda connection: schedule.change(connection, wanted, visit.who.name, visit.address)
            )
        except Problem as problem:
            return await self._list(visit, problem)
        raise see_other("/publish", "saved")

    async def open(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, "publishing/proposal.html")

    async def state(self, visit: Visit) -> web.StreamResponse:
        """The part that refreshes itself while something runs; when it is over, the whole page is fetched."""
        row = await self._row(visit)
        if State(row.state) not in _RUNNING:
            raise web.HTTPNoContent(headers={"HX-Refresh": "true"})
        return self._services.site.page(visit, "publishing/state.html", **_state(row))

    async def _page(self, visit: Visit, template: str, problem: Problem | None = None) -> web.StreamResponse:
        row = await self._row(visit)
        files = await self._services.database.read(lambda connection: proposals.files(connection, row.id))
        last = await self._services.database.read(proposals.last_published)
        values = {
            "files": files,
            "diff": difference,
            "report": {**_NO_REPORT, **(row.report or {})},
            "problem": problem,
            "refusals": REFUSALS,
            "figures": FIGURES,
            "can_approve": row.state == State.TESTED and proposals.may_approve(row, visit.who.name),
            "can_roll_back": row.state == State.PUBLISHED and last == row.id,
        }
        status = problem.status if problem else 200
        return self._services.site.page(visit, template, status, **values, **_state(row))

    async def _row(self, visit: Visit) -> Any:
        number = int(visit.request.match_info["id"])
        return await self._services.database.read(lambda connection: proposals.get(connection, number))

    async def again(self, visit: Visit) -> web.StreamResponse:
        return await self._decide(visit, State.WAITING)

    async def withdraw(self, visit: Visit) -> web.StreamResponse:
        return await self._decide(visit, State.WITHDRAWN)

    async def approve(self, visit: Visit) -> web.StreamResponse:
        number = int(visit.request.match_info["id"])
        if await self._publisher.data_moved_on(number):
            return await self._page(visit, "publishing/proposal.html", Problem(409, DATA_MOVED_ON))
        return await self._decide(visit, State.PUBLISHING)

    async def _decide(self, visit: Visit, state: State) -> web.StreamResponse:
        number, reason = int(visit.request.match_info["id"]), _reason(visit)

        def work(connection: Connection) -> None:
            proposals.decide(connection, number, state, visit.who.name, reason, visit.address)

        try:
            await self._services.database.write(work)
        except Problem as problem:
            if problem.status == 404:
                raise
            return await self._page(visit, "publishing/proposal.html", problem)
        self._publisher.wake()
        raise see_other(f"/publish/{number}")

    async def roll_back(self, visit: Visit) -> web.StreamResponse:
        number = int(visit.request.match_info["id"])
        try:
            await self._publisher.roll_back(number, visit.who.name, _reason(visit), visit.address)
        except Problem as problem:
            if problem.status == 404:
                raise
            return await self._page(visit, "publishing/proposal.html", problem)
        raise see_other(f"/publish/{number}")


def difference(file: File) -> list[tuple[str, str]]:
    """The lines of a file that a proposal changes, each with "added", "removed" or "same" for those around."""
    names = {"+": "added", "-": "removed", " ": "same"}
    lines = unified_diff(file.before.splitlines(), file.after.splitlines(), n=2, lineterm="")
    return [(names[line[0]], line[1:]) for line in lines if line[0] in names and not line.startswith(("---", "+++"))]


def _state(row: Any) -> dict[str, Any]:
    state = State(row.state)
    return {"row": row, "state": state, "states": STATES, "steps": STEPS, "running": state in _RUNNING}


def _reason(visit: Visit) -> str:
    return clean(visit.form.get("reason", ""), LONGEST_REASON)[:LONGEST_REASON]


def _may_schedule(visit: Visit) -> bool:
    return visit.who.may(Permission.PUBLISH_APPROVE, EVERYWHERE)
