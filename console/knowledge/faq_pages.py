"""The pages of the FAQ: list, editor with checks and preview while typing, saving, throwing away, deleting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from arabic import normalise
from channels.wiring import sms_providers
from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Entry, Room, Route, Visit
from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.inbox import reviews
from console.knowledge import drafts, topics
from console.knowledge.forms import AnswerForm, blank, of_form, of_topic
from console.knowledge.library import FAQ, Library
from console.knowledge.library import Entry as File
from console.knowledge.merging import Clash
from console.knowledge.preview import previews
from console.knowledge.topics import NAME, Topic, new_name, read_answers, read_examples, read_form, topic_of, written
from console.ministries import ministries
from console.pages.site import see_other
from console.services import Services
from settings.quiet import YEMEN

PAGE = 50
NO_TOPIC = "لا يوجد موضوع بهذا المعرّف."
TAKEN = "يوجد موضوع بهذا المعرّف. اختر معرّفًا آخر."
FAULTY = "في الموضوع أخطاء تمنع الحفظ. أصلح ما عليه علامة خطأ."


def room(services: Services) -> Room:
    """The room of the FAQ."""
    pages = _Pages(services)
    read, edit = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_EDIT
    name = r"{name:[a-z0-9][a-z0-9-]{1,59}}"
    routes = [
        Route("GET", "/faq", pages.show, read),
        Route("GET", "/faq/new", pages.new, edit),
        Route("POST", "/faq/new", pages.create, edit),
        Route("POST", "/faq/check", pages.check, edit),
        Route("GET", f"/faq/{name}", pages.open, read),
        Route("POST", f"/faq/{name}", pages.save, edit),
        Route("POST", f"/faq/{name}/delete", pages.delete, edit),
        Route("POST", f"/faq/{name}/revert", pages.revert, edit),
    ]
    return Room("knowledge", routes, [Entry("الأسئلة الشائعة", "/faq", read)])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services, self._knowledge = services, services.knowledge
        self._part_cost = sms_providers(services.settings)[0].part_cost if services.settings.sms_enabled else 0.0

    async def show(self, visit: Visit) -> web.StreamResponse:
        query = visit.request.query
        library = await self._knowledge.refresh()
        wanted, only = query.get("q", "")[:100], query.get("only", "")
        today = datetime.now(YEMEN).date()
        chosen = [line for line in _lines(library, normalise(wanted), today) if line.is_of(only)]
        page = min(int(query.get("page", "1")), 10_000) if query.get("page", "1").isdecimal() else 1
        names = await self._services.database.read(ministries)
        return self._services.site.page(
            visit,
            "knowledge/faq.html",
            lines=chosen[(page - 1) * PAGE : page * PAGE],
            count=len(chosen),
            page=page,
            pages=max(1, -(-len(chosen) // PAGE)),
            wanted=wanted,
            only=only,
            ministries=names,
        )

    async def new(self, visit: Visit) -> web.StreamResponse:
        texts: list[str] = []
        if asked := visit.request.query.get("from"):
            found = await self._services.database.read(lambda connection: reviews.group_of(connection, asked))
            texts = found.texts if found else []
        return await self._editor(visit, replace(blank(texts), asked=asked or ""), None)

    async def create(self, visit: Visit) -> web.StreamResponse:
        name = visit.form.get("name", "").strip().lower() or new_name()
        if not NAME.fullmatch(name) or name in ("new", "check"):
            return await self._editor(visit, of_form(visit), None, Problem(400, topics.BAD_NAME))
        if (await self._knowledge.state(f"{FAQ}{name}.yml")).text:
            return await self._editor(visit, of_form(visit), None, Problem(409, TAKEN))
        return await self._keep(visit, name)

    async def open(self, visit: Visit) -> web.StreamResponse:
        state = await self._state(visit)
        topic = topic_of(visit.request.match_info["name"], state.text)
        return await self._editor(visit, of_topic(topic, state.digest), state)

    async def save(self, visit: Visit) -> web.StreamResponse:
        return await self._keep(visit, visit.request.match_info["name"])

    async def _keep(self, visit: Visit, name: str) -> web.StreamResponse:
        state = await self._knowledge.state(f"{FAQ}{name}.yml")
        try:
            topic = read_form(name, visit.form, visit.lists)
            visit.require(Permission.KNOWLEDGE_EDIT, topic.owner or EVERYWHERE)
            if state.text:
                visit.require(Permission.KNOWLEDGE_EDIT, topic_of(name, state.text).owner or EVERYWHERE)
            if any(finding.is_error for finding in self._findings(topic)):
                raise Problem(400, FAULTY)
            await self._services.database.write(lambda connection: self._save(connection, visit, topic))
        except Problem as problem:
            if problem.status == 403:
                raise
            return await self._editor(visit, of_form(visit), state, problem)
        except Clash as clash:
            # Saved again, the form replaces what the other made of it: the person has seen both.
            now = await self._knowledge.state(f"{FAQ}{name}.yml")
            return await self._editor(visit, replace(of_form(visit), seen=now.digest), now, clash=clash)
        raise see_other(f"/faq/{name}", "saved")

    def _save(self, connection: Connection, visit: Visit, topic: Topic) -> None:
        seen = visit.form.get("seen", "")
        base = drafts.seen(connection, seen) or ""
        mine = written(topic, base)
        if not base and not seen:
            drafts.keep(connection, self._knowledge.root, topic.path, mine, visit.who.name)
        else:
            drafts.save(connection, self._knowledge.root, topic.path, seen, mine, visit.who.name)
        if asked := visit.form.get("asked", ""):
            self._answered(connection, visit, topic, asked)
        log.append(connection, Act(visit.who.name, "faq-edit", topic.path, address=visit.address))

    def _answered(self, connection: Connection, visit: Visit, topic: Topic, asked: str) -> None:
        """The citizens' wordings that the new topic has are test sentences, and nobody has to look at them any more."""
        found = reviews.group_of(connection, asked)
        if found is not None:
            kept = [text for text in found.texts if text in topic.examples]
            reviews.add_tests(connection, kept, "faq", None, topic.path, visit.who.name)
            act = Act(visit.who.name, "inbox-fix", topic.path, address=visit.address)
            reviews.decide(connection, found, "fixed", topic.path, act)

    async def delete(self, visit: Visit) -> web.StreamResponse:
        await self._change(visit, "faq-delete", lambda connection, path: self._gone(connection, visit, path))
        raise see_other("/faq", "removed")

    def _gone(self, connection: Connection, visit: Visit, path: str) -> None:
        """The draft says that the file goes; of a topic that was never published nothing stays."""
        drafts.keep(connection, self._knowledge.root, path, "", visit.who.name)

    async def revert(self, visit: Visit) -> web.StreamResponse:
        await self._change(visit, "faq-revert", lambda connection, path: drafts.drop(connection, path))
        raise see_other("/faq", "removed")

    async def _change(self, visit: Visit, action: str, work: Any) -> None:
        name = visit.request.match_info["name"]
        state = await self._knowledge.state(f"{FAQ}{name}.yml")
        if state.text:
            visit.require(Permission.KNOWLEDGE_EDIT, topic_of(name, state.text).owner or EVERYWHERE)

        def change(connection: Connection) -> None:
            work(connection, state.path)
            log.append(connection, Act(visit.who.name, action, state.path, address=visit.address))

        await self._services.database.write(change)

    async def check(self, visit: Visit) -> web.StreamResponse:
        """The panel beside the form: what is wrong with the sentences, and what citizens will see."""
        name = visit.form.get("name", "") or "new"
        findings, seen = [], []
        problem = None
        try:
            examples = read_examples(visit.form.get("examples", ""))
            findings = self._knowledge.checker.sentences(examples, f"faq/{name}", None, f"{FAQ}{name}.yml")
            answers = read_answers(visit.lists)
            findings += [found for answer in answers for found in self._knowledge.checker.answer(answer.text)]
            seen = previews(answers, self._services.settings.jurisdiction, self._part_cost)
        except Problem as error:
            problem = error
        ready = self._knowledge.checker.is_ready
        values = {
            "findings": findings,
            "previews": seen,
            "problem": problem,
            "ready": ready,
            "channels": topics.CHANNELS,
        }
        return self._services.site.page(visit, "knowledge/panel.html", **values)

    def _findings(self, topic: Topic) -> list[Any]:
        checker = self._knowledge.checker
        found = checker.sentences(topic.examples, topic.intent, None, topic.path)
        return [*found, *(one for answer in topic.answers for one in checker.answer(answer.text))]

    async def _state(self, visit: Visit) -> drafts.State:
        state = await self._knowledge.state(f"{FAQ}{visit.request.match_info['name']}.yml")
        if not state.text and not (state.draft and state.draft.base):
            raise Problem(404, NO_TOPIC)
        if not state.text:
            raise Problem(410, drafts.GONE)
        return state

    async def _editor(
        self,
        visit: Visit,
        form: Any,
        state: drafts.State | None,
        problem: Problem | None = None,
        clash: Clash | None = None,
    ) -> web.StreamResponse:
        status = 409 if clash else problem.status if problem else 200
        names = await self._services.database.read(ministries)
        values: Mapping[str, Any] = {"form": form, "state": state, "problem": problem, "clash": clash}
        choices = {"channels": topics.CHANNELS, "sides": topics.SIDES, "grades": topics.GRADES, "ministries": names}
        may_edit = visit.who.may(Permission.KNOWLEDGE_EDIT, form.owner or EVERYWHERE)
        return self._services.site.page(
            visit,
            "knowledge/topic.html",
            status,
            **values,
            **choices,
            may_edit=may_edit,
            limits=topics,
            empty=AnswerForm(),
        )


class _Line:
    """One line of the list."""

    def __init__(self, entry: File, today: date) -> None:
        self.entry, self.name = entry, entry.name
        self.title = entry.title or entry.name
        self.draft = entry.state.draft if entry.state else None
        self.clash = bool(entry.state and entry.state.clash)
        about = _about(entry.text)
        self.owner, self.review = about.get("owner", ""), about.get("review", "")
        self.is_due = bool(self.review) and self.review <= today.isoformat()

    @property
    def questions(self) -> list[str]:
        return [example.text for example in self.entry.data.examples]

    def is_of(self, only: str) -> bool:
        return {"draft": self.draft is not None, "due": self.is_due}.get(only, True)


def _lines(library: Library, wanted: str, today: date) -> list[_Line]:
    topics = (entry for entry in library.entries() if entry.is_faq)
    return [_Line(entry, today) for entry in topics if not wanted or wanted in entry.searchable]


def _about(text: str) -> dict[str, str]:
    """Owner and review date, out of the one line that has them: a list of thousands must not parse every file."""
    head = text[:400]
    start = head.find("  metadata: {")
    if start < 0:
        return {}
    inside = head[start:].partition("\n")[0].partition("{")[2].rpartition("}")[0]
    pairs = (part.partition(":") for part in inside.split(","))
    return {key.strip(): value.strip().strip("'\"") for key, _, value in pairs}
