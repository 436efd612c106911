"""The page on which the whole FAQ is downloaded as a table, and taken back edited."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.knowledge import drafts, spreadsheet
from console.knowledge.spreadsheet import COLUMNS, Fault, Refused
from console.knowledge.topics import Topic, topic_of, written
from console.pages.csv import attachment
from console.services import Services

NO_FILE = "اختر ملفًا."
IN_TOPIC = "{text} (الموضوع {topic})"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_FAULTS = 200


def room(services: Services) -> Room:
    """The routes of the spreadsheets; the FAQ's list links to them."""
    pages = _Pages(services)
    edit = Permission.KNOWLEDGE_EDIT
    routes = [
        Route("GET", "/faq/tables", pages.show, edit),
        Route("GET", "/faq/faq.xlsx", pages.xlsx, edit),
        Route("GET", "/faq/faq.csv", pages.csv, edit),
        Route("POST", "/faq/tables", pages.take, edit),
    ]
    return Room("knowledge", routes)


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services, self._knowledge = services, services.knowledge

    async def show(self, visit: Visit) -> web.StreamResponse:
        return self._page(visit)

    def _page(self, visit: Visit, status: int = 200, **values: Any) -> web.Response:
        shown = {"faults": (), "problem": None, "taken": None, **values}
        return self._services.site.page(visit, "knowledge/tables.html", status, **shown)

    async def _topics(self) -> list[Topic]:
        library = await self._knowledge.refresh()
        return [topic_of(entry.name, entry.text) for entry in library.entries() if entry.is_faq]

    async def xlsx(self, _visit: Visit) -> web.StreamResponse:
        body = spreadsheet.as_xlsx(await self._topics())
        headers = {"Content-Disposition": 'attachment; filename="dalil-faq.xlsx"', "Cache-Control": "no-store"}
        return web.Response(body=body, content_type=_XLSX, headers=headers)

    async def csv(self, _visit: Visit) -> web.StreamResponse:
        return attachment("dalil-faq.csv", COLUMNS, spreadsheet.rows_of(await self._topics()))

    async def take(self, visit: Visit) -> web.StreamResponse:
        """Everything in the file, or nothing."""
        try:
            if "file" not in visit.files or not visit.files["file"][1]:
                raise Problem(400, NO_FILE)
            topics = spreadsheet.topics_in(spreadsheet.read(*visit.files["file"]))
            if faults := self._faults(visit, topics):
                raise Refused(faults)
            taken = await self._services.database.write(lambda connection: self._keep(connection, visit, topics))
        except Problem as problem:
            return self._page(visit, problem.status, problem=problem)
        except Refused as refused:
            return self._page(visit, 400, faults=refused.faults[:_MOST_FAULTS], count=len(refused.faults))
        return self._page(visit, taken=taken)

    def _faults(self, visit: Visit, topics: list[Topic]) -> list[Fault]:
        """What the checks find in sentences and answers, and whose topics they are not."""
        checker, faults = self._knowledge.checker, []
        for topic in topics:
            if not visit.who.may(Permission.KNOWLEDGE_EDIT, topic.owner or EVERYWHERE):
                faults.append(Fault(0, IN_TOPIC, {"text": topic.owner or "—", "topic": topic.name}))
            findings = checker.sentences(topic.examples, topic.intent, None, topic.path)
            findings += [one for answer in topic.answers for one in checker.answer(answer.text)]
            faults += [
                Fault(0, IN_TOPIC, {"text": f"{one.text.format(**one.values)} {one.sentence}", "topic": topic.name})
                for one in findings
                if one.is_error
            ]
        return faults

    def _keep(self, connection: Connection, visit: Visit, topics: list[Topic]) -> int:
        """Drafts of the topics that differ; gives how many."""
        changed = 0
        for topic in topics:
            before = drafts.state(connection, self._knowledge.root, topic.path).text
            if before and (old := topic_of(topic.name, before)) != topic:
                visit.require(Permission.KNOWLEDGE_EDIT, old.owner or EVERYWHERE)
            elif before:
                continue
            drafts.keep(connection, self._knowledge.root, topic.path, written(topic, before), visit.who.name)
            changed += 1
        log.append(connection, Act(visit.who.name, "faq-import", address=visit.address, detail={"topics": changed}))
        return changed
