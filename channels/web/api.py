"""The script's calls: send a message, hear what Dalil says (server-sent events, or polling where those fail)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from arabic import isolate
from channels.contract import Acceptance
from channels.signals import Signals
from channels.web.announcing import Announced, Announcer, stopped
from channels.web.door import Door, Refusal
from channels.web.history import Log, Said
from channels.web.session import Session

_STREAMS_EACH = 4
_KEEP_ALIVE = 20.0
_LONGEST_WAIT = 25.0
_STATUS = {Acceptance.ACCEPTED: 202, Acceptance.DUPLICATE: 200, Acceptance.LIMITED: 429}


class Api:
    """POST /api/messages and GET /api/events; while the chat is stopped 503, with what citizens are told.

    A stream that is open then stays open, and tells when the chat goes on.
    """

    def __init__(self, door: Door, log: Log, signals: Signals, announcer: Announcer) -> None:
        self._door, self._log, self._signals, self._announcer = door, log, signals, announcer
        self._streams: Counter[str] = Counter()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The routes of the calls."""
        return [web.post("/api/messages", self._post), web.get("/api/events", self._events)]

    async def _post(self, request: web.Request) -> web.Response:
        if (announced := await self._announcer.now()).stopped:
            return stopped(announced)
        session = await self._door.checked(request, request.headers.get("X-CSRF-Token", ""))
        if isinstance(session, Refusal):
            return _refuse(session)
        try:
            body = json.loads(await request.read())
            client_id, text, choice = body["id"], body["text"], body.get("choice")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return web.json_response({"status": "malformed"}, status=400)
        if not (isinstance(client_id, str) and isinstance(text, str) and isinstance(choice, str | None)):
            return web.json_response({"status": "malformed"}, status=400)
        taken = await self._door.take(request, session, client_id=client_id, text=text, choice=choice)
        if isinstance(taken, Refusal):
            return _refuse(taken)
        # The script shows nobody writing an answer while a person has the conversation.
        person = {"person": True} if await self._log.with_person(session.conversation) else {}
        return web.json_response({"status": taken.value, **person}, status=_STATUS[taken])

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if (announced := await self._announcer.now()).stopped:
            return stopped(announced)
        session = await self._door.current(request)
        if session is None:
            return _refuse(Refusal.NO_SESSION)
        last = _number(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
        if "text/event-stream" in request.headers.get("Accept", ""):
            return await self._stream(request, session, last)
        wait = min(float(_number(request.query.get("wait", "0"))), _LONGEST_WAIT)
        events = await self._poll(session, last, wait)
        return web.json_response({"events": events, **(await self._announcer.now()).as_json()})

    async def _poll(self, session: Session, last: int, wait: float) -> list[dict[str, Any]]:
        with self._signals.watching(session.conversation) as news:
            said = await self._log.after(session.conversation, last)
            if not said and wait and not self._signals.closing:
                await _until(news, wait)
                said = await self._log.after(session.conversation, last)
        return [as_json(one) for one in said]

    async def _stream(self, request: web.Request, session: Session, last: int) -> web.StreamResponse:
        if self._streams[session.conversation] >= _STREAMS_EACH:
            return web.json_response({"status": "too many streams"}, status=429)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        self._streams[session.conversation] += 1
        try:
            await response.prepare(request)
            await response.write(b"retry: 3000\n\n")
            with self._signals.watching(session.conversation) as news:
                announced = None
                while not self._signals.closing:
                    last = await self._write(response, session, last)
                    announced = await self._announce(response, announced)
                    if not await _until(news, _KEEP_ALIVE):
                        await response.write(b":\n\n")
                    news.clear()
        except ConnectionResetError:
            return response  # the citizen left
        finally:
            self._streams[session.conversation] -= 1
            if not self._streams[session.conversation]:
                del self._streams[session.conversation]
        return response

    async def _write(self, response: web.StreamResponse, session: Session, last: int) -> int:
        for said in await self._log.after(session.conversation, last):
            data = json.dumps(as_json(said), ensure_ascii=False)
            await response.write(f"id: {said.id}\ndata: {data}\n\n".encode())
            last = said.id or last
        return last

    async def _announce(self, response: web.StreamResponse, before: Announced | None) -> Announced:
        """Tell of notices and of a stop, when they are not what was told before."""
        announced = await self._announcer.now()
        if announced != before:
            data = json.dumps(announced.as_json(), ensure_ascii=False)
            await response.write(f"event: notices\ndata: {data}\n\n".encode())
        return announced


def as_json(said: Said) -> dict[str, Any]:
    """One of Dalil's messages as the script reads it."""
    return {
        "id": said.id,
        "text": said.text,
        "choices": list(said.choices),
        **({"person": True} if said.person else {}),
        "in_reply_to": said.client_id,
        "question": isolate(said.question) if said.question else None,
        "rate": said.rate,
        "good": said.good,
    }


async def _until(event: asyncio.Event, seconds: float) -> bool:
    try:
        return await asyncio.wait_for(event.wait(), seconds)
    except asyncio.TimeoutError:
        return False


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _refuse(refusal: Refusal) -> web.Response:
    return web.json_response({"status": refusal.name.lower()}, status=refusal.value)
