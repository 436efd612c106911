"""The pages of the inbox: groups, and one group with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import Connection

from arabic import normalise
from channels.text import clean
from console.access.roles import EVERYWHERE, Permission
from console.access.routes import Entry, Room, Route, Visit
from console.audit.log import Act
from console.errors import Problem
from console.inbox import reviews
from console.inbox.grouping import Group, group
from console.knowledge import drafts
from console.knowledge.document import Document
from console.knowledge.topics import topic_of
from console.pages.site import see_other
from console.services import Services

PAGE, MOST_TOPICS = 30, 200
DONE_ALREADY = "عولجت هذه المجموعة قبل قليل، أو مُحي نصها."
NOTHING_CHOSEN = "اختر صيغة واحدة على الأقل."
NO_TOPIC = "اختر الموضوع الذي تُضاف إليه."
NO_GAP = "اكتب ما الذي ينقص الدليل."
KINDS = {"out_of_scope": "لم يُفهم", "ambiguous": "سُئل: أي خدمة؟", "unavailable": "عطل", "bad": "لم يُفد الجواب"}
QUESTIONS = {
    "requirements": "الأوراق والشروط",
    "fees": "الرسوم",
    "steps": "الخطوات",
    "duration": "المدة",
    "location": "المكان",
    "hours": "الدوام",
    "eligibility": "من يحق له",
    "overview": "تعريف",
}


def room(services: Services) -> Room:
    """The room of the inbox."""
    pages = _Pages(services)
    read, work = Permission.INBOX_READ, Permission.INBOX_WORK
    one = r"/inbox/{id:[0-9a-f]{32}}"
    routes = [
        Route("GET", "/inbox", pages.show, read),
        Route("GET", one, pages.open, read),
        Route("POST", f"{one}/add", pages.add, work),
        Route("POST", f"{one}/teach", pages.teach, work),
        Route("POST", f"{one}/gap", pages.gap, work),
        Route("POST", f"{one}/dismiss", pages.dismiss, work),
    ]
    return Room("inbox", routes, [Entry("لم نجب عنها", "/inbox", read)])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services, self._knowledge = services, services.knowledge

    async def show(self, visit: Visit) -> web.StreamResponse:
        kind = visit.request.query.get("kind", "")
        kinds = (kind,) if kind in KINDS else reviews.MISSES
        messages = await self._services.database.read(lambda connection: reviews.missed(connection, kinds))
        groups = group(messages)
        values = {"groups": groups[:PAGE], "count": len(groups), "messages": len(messages)}
        return self._services.site.page(visit, "inbox/inbox.html", **values, kinds=KINDS, kind=kind)

    async def open(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, await self._group(visit))

    async def _page(self, visit: Visit, found: Group, problem: Problem | None = None) -> web.StreamResponse:
        library = await self._knowledge.refresh()
        near, wanted = self._near(found), normalise(visit.request.query.get("topic", "")[:60])
        named = [entry for entry in library.entries() if entry.is_faq and wanted in entry.searchable]
        topics = [entry for entry in named if entry.path in near] + [one for one in named if one.path not in near]
        status = problem.status if problem else 200
        return self._services.site.page(
            visit,
            "inbox/group.html",
            status,
            group=found,
            topics=topics[:MOST_TOPICS],
            more=len(topics) > MOST_TOPICS,
            wanted=visit.request.query.get("topic", "")[:60],
            near=near,
            services=self._knowledge.checker.services(),
            kinds=KINDS,
            questions=QUESTIONS,
            problem=problem,
        )

    def _near(self, found: Group) -> Sequence[str]:
        """Topics that have a sentence like these, by name."""
        paths = [
            finding.path
            for text in found.texts[:5]
            for finding in self._knowledge.checker.sentence(text, "faq", None, "")
            if finding.path.startswith("faq/")
        ]
        return list(dict.fromkeys(paths))

    async def _group(self, visit: Visit) -> Group:
        message_id = visit.request.match_info["id"]
        found = await self._services.database.read(lambda connection: reviews.group_of(connection, message_id))
        if found is None:
            raise Problem(410, DONE_ALREADY)
        return found

    async def add(self, visit: Visit) -> web.StreamResponse:
        """The chosen wordings become examples of a topic that there is, and test sentences."""
        found, path = await self._group(visit), visit.form.get("path", "")
        entry = await self._knowledge.entry(path)
        if entry is None or not entry.is_faq:
            return await self._page(visit, found, Problem(400, NO_TOPIC))
        visit.require(Permission.KNOWLEDGE_EDIT, topic_of(entry.name, entry.text).owner or EVERYWHERE)
        return await self._fix(visit, found, path, 0, "faq", None)

    async def teach(self, visit: Visit) -> web.StreamResponse:
        """The chosen wordings become examples of a question about a service, and test sentences."""
        found, service = await self._group(visit), visit.form.get("service", "")
        kind, path = visit.form.get("kind", ""), f"services/{service}.yml"
        entry = await self._knowledge.entry(path)
        sections = Document(entry.text).sections if entry else []
        place = next((section.place for section in sections if section.intent == kind), None)
        if place is None or kind not in QUESTIONS:
            return await self._page(visit, found, Problem(400, NO_TOPIC))
        visit.require(Permission.KNOWLEDGE_EDIT, EVERYWHERE)
        return await self._fix(visit, found, path, place, kind, service)

    async def _fix(
        self, visit: Visit, found: Group, path: str, place: int, kind: str, service: str | None
    ) -> web.StreamResponse:
        chosen = _chosen(visit, found)
        if not chosen:
            return await self._page(visit, found, Problem(400, NOTHING_CHOSEN))
        who = visit.who.name

        def work(connection: Connection) -> None:
            state = drafts.state(connection, self._knowledge.root, path)
            document = Document(state.text)
            section = next(section for section in document.sections if section.place == place)
            document.set_examples(place, list(dict.fromkeys([*section.examples, *chosen])))
            drafts.keep(connection, self._knowledge.root, path, document.text, who)
            reviews.add_tests(connection, chosen, kind, service, path, who)
            act = Act(who, "inbox-fix", path, address=visit.address, detail={"messages": len(found.messages)})
            reviews.decide(connection, found, "fixed", path, act)

        await self._services.database.write(work)
        raise see_other("/inbox", "saved")

    async def gap(self, visit: Visit) -> web.StreamResponse:
        found, text = await self._group(visit), clean(visit.form.get("text", ""), 500)[:500]
        if not text:
            return await self._page(visit, found, Problem(400, NO_GAP))
        source, service = clean(visit.form.get("source", ""), 300)[:300], visit.form.get("service", "")[:80]

        def work(connection: Connection) -> None:
            reviews.add_gap(connection, service, text, source, visit.who.name)
            act = Act(visit.who.name, "inbox-gap", service, address=visit.address)
            reviews.decide(connection, found, "gap", service, act)

        await self._services.database.write(work)
        raise see_other("/inbox", "saved")

    async def dismiss(self, visit: Visit) -> web.StreamResponse:
        found, reason = await self._group(visit), clean(visit.form.get("reason", ""), 200)[:200]
        act = Act(visit.who.name, "inbox-dismiss", found.id, reason, visit.address)
        await self._services.database.write(lambda connection: reviews.decide(connection, found, "dismissed", "", act))
        raise see_other("/inbox", "saved")


def _chosen(visit: Visit, found: Group) -> list[str]:
    """The wordings of the group that were ticked, in the words of the group: a form adds nothing of its own."""
    ticked = set(visit.lists.get("text", ()))
    return [text for text in found.texts if text in ticked]
