"""The page on which a question is tried."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, select

from channels.sms.outbound.render import pages as sms_pages
from channels.sms.outbound.render import reply_text
from channels.text import clean
from console.access.roles import Permission
from console.access.routes import Entry, Room, Route, Visit
from console.errors import Problem
from console.knowledge.topics import CHANNELS
from console.pages.site import see_other
from console.publishing.assistant import Assistant
from console.publishing.tables import ProposalRow, State
from console.services import Services
from console.trying.models import Models

NO_MODEL = "لا نموذج بعد. يُدرَّب النموذج الأول بالأمر make train."
_LONGEST = 1000


def room(services: Services) -> Room:
    """The room of trying."""
    pages = _Pages(services)
    try_ = Permission.TRY
    routes = [Route("GET", "/try", pages.show, try_), Route("POST", "/try", pages.ask, try_)]
    return Room("trying", routes, [Entry("جرّب", "/try", try_)], [pages.models.keep_few])


class _Pages:
    def __init__(self, services: Services) -> None:
        self._services, self._assistant = services, Assistant(services.settings)
        self.models = Models()

    async def show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, visit.request.query.get("q", "")[:_LONGEST], "web", [])

    async def ask(self, visit: Visit) -> web.StreamResponse:
        text = clean(visit.form.get("q", ""), _LONGEST)[:_LONGEST]
        channel = visit.form.get("channel") if visit.form.get("channel") in ("web", "telegram", "sms") else "web"
        if not text:
            raise see_other("/try")
        proposed = await self._services.database.read(_proposed)
        models = [self._assistant.current, *([proposed] if proposed else [])]
        if not models[0]:
            return await self._page(visit, text, channel, [], Problem(503, NO_MODEL))
        try:
            replies = await asyncio.gather(*(self.models.ask(model, text, str(channel)) for model in models))
        except Problem as problem:
            return await self._page(visit, text, channel, [], problem)
        shown = [_shown(model, reply, str(channel)) for model, reply in zip(models, replies, strict=True)]
        return await self._page(visit, text, channel, shown)

    async def _page(
        self, visit: Visit, text: str, channel: str | None, replies: list[Any], problem: Problem | None = None
    ) -> web.StreamResponse:
        values = {"text": text, "channel": channel, "replies": replies, "problem": problem}
        channels = {name: title for name, title in CHANNELS.items() if name}
        status = problem.status if problem else 200
        return self._services.site.page(visit, "trying/try.html", status, **values, channels=channels)


def _proposed(connection: Connection) -> str | None:
    """The model of the newest proposal that was trained and is not published, if there is one."""
    open_ = select(ProposalRow.model).where(ProposalRow.state.in_((State.TESTED, State.REFUSED)))
    open_ = open_.where(ProposalRow.model != "")
    return connection.scalar(open_.order_by(ProposalRow.id.desc()).limit(1))


def _shown(model: str, reply: dict[str, Any], channel: str) -> dict[str, Any]:
    """A reply as its channel shows it."""
    messages = [(one["text"], [choice["title"] for choice in one["choices"]]) for one in reply["messages"]]
    texts = sms_pages(reply_text(messages)) if channel == "sms" else ()
    return {"model": model, "reply": reply, "messages": messages, "sms": texts}
