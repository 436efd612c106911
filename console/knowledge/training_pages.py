"""The pages of the training data beside the FAQ: what each service and each kind of question is recognised by."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from arabic import normalise
from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Entry, Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.knowledge import drafts
from console.knowledge.document import Document, Section
from console.knowledge.merging import Clash
from console.knowledge.topics import NO_EXAMPLES, read_examples
from console.pages.site import see_other
from console.services import Services

NO_FILE = "لا يوجد ملف بهذا الاسم."
FAULTY = "في الجمل أخطاء تمنع الحفظ: {sentence}"
MOST = 2500
FOLDERS = {
    "services": "الخدمات",
    "questions": "أنواع الأسئلة",
    "applications": "المعاملات",
    "conversation": "الحديث",
    "out_of_scope": "ما ليس من عملنا",
}


def room(services: Services) -> Room:
    """The room of the training data."""
    pages = _Pages(services)
    read, edit = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_EDIT
    file = r"/training/{folder:[a-z_]{1,40}}/{name:[a-z0-9_-]{1,80}}"
    routes = [
        Route("GET", "/training", pages.show, read),
        Route("GET", file, pages.open, read),
        Route("GET", f"{file}/{{place:\\d{{1,3}}}}", pages.section, read),
        Route("POST", f"{file}/{{place:\\d{{1,3}}}}", pages.save, edit),
        Route("POST", f"{file}/{{place:\\d{{1,3}}}}/check", pages.check, edit),
        Route("POST", f"{file}/revert", pages.revert, edit),
    ]
    return Room("knowledge", routes, [Entry("جمل التدريب", "/training", read)])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services, self._knowledge = services, services.knowledge

    async def show(self, visit: Visit) -> web.StreamResponse:
        """Files by folder; with a search, the sentences that have the words."""
        library = await self._knowledge.refresh()
        wanted = visit.request.query.get("q", "")[:100]
        entries = [entry for entry in library.entries() if not entry.is_faq]
        found = [
            (entry, example)
            for entry in entries
            for example in entry.data.examples
            if wanted and normalise(wanted) in normalise(example.text)
        ]
        grouped = {
            title: [entry for entry in entries if entry.path.startswith(f"{folder}/")]
            for folder, title in FOLDERS.items()
        }
        values = {"groups": grouped, "wanted": wanted, "found": found[:200], "count": len(found)}
        return self._services.site.page(visit, "knowledge/training.html", **values)

    async def open(self, visit: Visit) -> web.StreamResponse:
        state, document = await self._file(visit)
        values = {"state": state, "sections": document.sections, "name": _path(visit)[:-4]}
        return self._services.site.page(visit, "knowledge/sections.html", **values)

    async def section(self, visit: Visit) -> web.StreamResponse:
        state, document = await self._file(visit)
        section = _section(document, visit)
        return self._page(visit, state, section, "\n".join(section.examples), state.digest)

    def _page(
        self,
        visit: Visit,
        state: drafts.State,
        section: Section,
        examples: str,
        seen: str,
        problem: Problem | None = None,
        clash: Clash | None = None,
    ) -> web.Response:
        values: dict[str, Any] = {"state": state, "section": section, "examples": examples, "seen": seen}
        status = 409 if clash else problem.status if problem else 200
        where = {"name": _path(visit)[:-4], "problem": problem, "clash": clash}
        return self._services.site.page(visit, "knowledge/section.html", status, **values, **where)

    async def save(self, visit: Visit) -> web.StreamResponse:
        visit.require(Permission.KNOWLEDGE_EDIT, EVERYWHERE)
        state, document = await self._file(visit)
        section, typed, seen = _section(document, visit), visit.form.get("examples", ""), visit.form.get("seen", "")
        try:
            examples = self._read(typed, section, state.path)
            await self._services.database.write(
                lambda connection: self._save(connection, visit, state.path, section.place, examples, seen)
            )
        except Problem as problem:
            return self._page(visit, state, section, typed, seen, problem)
        except Clash as clash:
            now, _ = await self._file(visit)
            return self._page(visit, now, section, typed, now.digest, clash=clash)
        raise see_other(f"/training/{_path(visit)[:-4]}/{section.place}", "saved")

    def _read(self, typed: str, section: Section, path: str) -> tuple[str, ...]:
        examples = read_examples(typed, MOST)
        if not examples:
            raise Problem(400, NO_EXAMPLES)
        new = [text for text in examples if text not in section.examples]
        findings = self._knowledge.checker.sentences(new, section.intent, section.service, path)
        if wrong := next((finding for finding in findings if finding.is_error), None):
            raise Problem(400, FAULTY, sentence=wrong.sentence[:80])
        return examples

    def _save(
        self, connection: Connection, visit: Visit, path: str, place: int, examples: tuple[str, ...], seen: str
    ) -> None:
        base = drafts.seen(connection, seen)
        document = Document(base or drafts.state(connection, self._knowledge.root, path).text)
        document.set_examples(place, examples)
        drafts.save(connection, self._knowledge.root, path, seen, document.text, visit.who.name)
        log.append(connection, Act(visit.who.name, "training-edit", path, address=visit.address))

    async def check(self, visit: Visit) -> web.StreamResponse:
        """What is wrong with the sentences that are new."""
        state, document = await self._file(visit)
        section, problem = _section(document, visit), None
        try:
            examples = read_examples(visit.form.get("examples", ""), MOST)
        except Problem as error:
            examples, problem = (), error
        new = [text for text in examples if text not in section.examples]
        findings = self._knowledge.checker.sentences(new, section.intent, section.service, state.path)
        ready = self._knowledge.checker.is_ready
        values: dict[str, Any] = {
            "findings": findings,
            "previews": [],
            "problem": problem,
            "ready": ready,
            "channels": {},
        }
        return self._services.site.page(visit, "knowledge/panel.html", **values)

    async def revert(self, visit: Visit) -> web.StreamResponse:
        visit.require(Permission.KNOWLEDGE_EDIT, EVERYWHERE)
        path = _path(visit)

        def work(connection: Connection) -> None:
            drafts.drop(connection, path)
            log.append(connection, Act(visit.who.name, "training-revert", path, address=visit.address))

        await self._services.database.write(work)
        raise see_other(f"/training/{path[:-4]}", "removed")

    async def _file(self, visit: Visit) -> tuple[drafts.State, Document]:
        if visit.request.match_info["folder"] not in FOLDERS:
            raise Problem(404, NO_FILE)
        state = await self._knowledge.state(_path(visit))
        if not state.text:
            raise Problem(404, NO_FILE)
        return state, Document(state.text)


def _path(visit: Visit) -> str:
    return f"{visit.request.match_info['folder']}/{visit.request.match_info['name']}.yml"


def _section(document: Document, visit: Visit) -> Section:
    place = int(visit.request.match_info["place"])
    found = next((section for section in document.sections if section.place == place), None)
    if found is None:
        raise Problem(404, NO_FILE)
    return found
