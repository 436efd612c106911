"""The page itself, complete without JavaScript: it shows the conversation, takes a message, gives the transcript."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from arabic import isolate, strip_marks
from channels.contract import Gateway
from channels.signals import Signals
from channels.text import clean
from channels.web import policy
from channels.web.announcing import RETRY, Announcer
from channels.web.assets import Assets
from channels.web.door import Door, Refusal
from channels.web.history import Log, Said
from channels.web.session import Session
from settings import Settings
from storage import utc_now

YEMEN = timezone(timedelta(hours=3))  # no daylight saving time
_PATIENCE = 3.0
_TEMPLATES = Path(__file__).parent / "templates"
PROBLEMS = {
    Refusal.NO_SESSION: "انتهت هذه المحادثة لأنها بقيت مفتوحة مدة طويلة. ابدأ محادثة جديدة واكتب سؤالك من فضلك.",
    Refusal.NOT_OURS: "لم تصل رسالتك من هذه الصفحة نفسها، فلم نقبلها. افتح الصفحة من جديد واكتب سؤالك من فضلك.",
    Refusal.TOO_MANY_CONVERSATIONS: "فُتحت محادثات كثيرة من شبكتك خلال ساعة. حاول بعد قليل من فضلك.",
}
_TOO_LARGE = "رسالتك طويلة جدًّا. عُد إلى الصفحة واكتب سؤالك بكلمات أقل من فضلك."


def isolated(text: str) -> Markup:
    """Escaped text, with its isolates as <bdi>: so a copied reference number has no invisible characters in it."""
    marked = str(escape(isolate(strip_marks(text))))
    return Markup(marked.replace("\u2068", "<bdi>").replace("\u2069", "</bdi>"))  # noqa: S704 - escaped above


class Page:
    """GET /, POST /chat, GET /transcript, GET and POST /forget."""

    def __init__(
        self,
        settings: Settings,
        gateway: Gateway,
        log: Log,
        door: Door,
        assets: Assets,
        signals: Signals,
        announcer: Announcer,
    ) -> None:
        self._gateway, self._log, self._door, self._signals = gateway, log, door, signals
        self._announcer = announcer
        self._headers = policy.headers(settings.web_frame_ancestors)
        self._limit = settings.max_message_chars
        self._templates = environment(assets)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The routes of the pages."""
        return [
            web.get("/", self._show),
            web.post("/chat", self._chat),
            web.get("/transcript", self._transcript),
            web.get("/forget", self._ask_to_forget),
            web.post("/forget", self._forget),
        ]

    async def _show(self, request: web.Request) -> web.Response:
        known = await self._door.current(request, idle=True)
        session = known or self._door.sessions.new()
        history = await self._log.history(session.conversation)
        announced = await self._announcer.now()
        return self._page(
            request,
            "chat.html",
            status=503 if announced.stopped else 200,
            announced=announced,
            session=session,
            give=known is None,
            said=history.said,
            last=history.last,
            pending=history.pending,
            # Browsers do not load an address with the same fragment again, so a refresh goes back and forth.
            again="/#newest" if "wait" in request.query else "/?wait#newest",
            newest=max((place for place, one in enumerate(history.said) if one.id is None), default=-1),
            form_id=uuid.uuid4().hex,
            limit=self._limit,
            forgotten="forgotten" in request.query,
        )

    async def _chat(self, request: web.Request) -> web.Response:
        form = await self.form(request)
        if stopped := (await self._announcer.now()).stopped:
            return self.problem(request, stopped, 503)
        session = await self._door.checked(request, form.get("csrf", ""))
        if isinstance(session, Refusal):
            return self.problem(request, PROBLEMS[session], session.value)
        text, choice = form.get("text", ""), form.get("choice") or None
        if not clean(text, self._limit) and choice is None:
            raise web.HTTPSeeOther("/#question")
        # A form sent twice is one message; another text from the same page (the browser's "back") is another.
        digest = hashlib.sha256(f"{text}|{choice}".encode("utf-8", "replace")).hexdigest()[:7]
        client_id = f"{form.get('id', '')[:32]}-{digest}"
        taken = await self._door.take(request, session, client_id=client_id, text=text, choice=choice)
        if isinstance(taken, Refusal):
            return self.problem(request, PROBLEMS[taken], taken.value)
        await self._await_reply(session)
        raise web.HTTPSeeOther("/#newest")

    async def _await_reply(self, session: Session) -> None:
        """Usually the reply is there in a moment: the next page then has it, without being loaded again."""
        with self._signals.watching(session.conversation) as news:
            if (await self._log.history(session.conversation)).pending:
                try:
                    await asyncio.wait_for(news.wait(), _PATIENCE)
                except asyncio.TimeoutError:
                    return

    async def _transcript(self, request: web.Request) -> web.Response:
        session = await self._door.current(request, idle=True)
        if session is None:
            raise web.HTTPSeeOther("/")
        said = (await self._log.history(session.conversation)).said
        now = utc_now().astimezone(YEMEN)
        name = f"dalil-{now:%Y-%m-%d}.txt"
        return web.Response(
            text=transcript(said, now),
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )

    async def _ask_to_forget(self, request: web.Request) -> web.Response:
        session = await self._door.current(request)
        if session is None:
            raise web.HTTPSeeOther("/")
        return self._page(request, "forget.html", session=session)

    async def _forget(self, request: web.Request) -> web.Response:
        form = await self.form(request)
        session = await self._door.checked(request, form.get("csrf", ""))
        if isinstance(session, Refusal):
            return self.problem(request, PROBLEMS[session], session.value)
        await self._gateway.forget("web", session.address)
        response = web.HTTPSeeOther("/?forgotten")
        self._door.sessions.give(response, self._door.sessions.new())
        raise response

    async def form(self, request: web.Request) -> dict[str, str]:
        """The fields of a form; too large a one is refused in words."""
        try:
            form = await request.post()
        except web.HTTPRequestEntityTooLarge as error:
            error.text = self._render("problem.html", problem=_TOO_LARGE)
            error.content_type = "text/html"
            error.headers.update(self._headers)
            raise
        return {name: value for name, value in form.items() if isinstance(value, str)}

    def problem(self, request: web.Request, problem: str, status: int) -> web.Response:
        """The page that says what went wrong."""
        return self._page(request, "problem.html", status=status, problem=problem)

    def _page(
        self, request: web.Request, template: str, *, status: int = 200, give: bool = False, **values: Any
    ) -> web.Response:
        body = self._render(template, **values)
        response = web.Response(text=body, content_type="text/html", status=status, headers=self._headers)
        response.headers.update(RETRY if status == 503 else {})
        response.enable_compression()
        if give:
            self._door.sessions.give(response, values["session"])
        return response

    def _render(self, template: str, **values: Any) -> str:
        return self._templates.get_template(template).render(**values)


def environment(assets: Assets, folder: Path = _TEMPLATES) -> Environment:
    """The templates of a folder, with everything in them escaped and nothing undefined."""
    templates = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["asset"] = assets.url
    templates.filters["isolated"] = isolated
    templates.filters["clock"] = lambda at: at.astimezone(YEMEN).strftime("%H:%M")
    return templates


def transcript(said: Sequence[Said], now: datetime) -> str:
    """The conversation as plain text, times in Yemen."""
    lines = [f"محادثة مع دليل، حُفظت في {now:%Y-%m-%d} الساعة {now:%H:%M}", ""]
    for one in said:
        who = "أنت" if one.id is None else "موظف" if one.person else "دليل"
        lines += [f"{who} ({one.at.astimezone(YEMEN):%Y-%m-%d %H:%M}):", strip_marks(one.text)]
        lines += [f"- {strip_marks(choice['title'])}" for choice in one.choices] + [""]
    return "\n".join(lines)
