"""A Bot API that keeps its chats in memory: the methods Dalil uses, their limits and their errors.

https://core.telegram.org/bots/api. `script` gives the next answers of a method in place of the right ones; `calls`
records every call. It forgets everything when the process ends.
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from channels.telegram.simulator.markup import MarkupError, plain_text

Fields = dict[str, Any]
_LONGEST_TEXT, _LONGEST_CALLBACK_DATA = 4096, 64
_CALLS_KEPT = 1000
_LONGEST_POLL = 1.0  # seconds: a gateway that stops waits for the poll under way
_BOT = {"id": 1, "is_bot": True, "first_name": "Dalil", "username": "dalil_bot"}


@dataclass(frozen=True)
class Answer:
    """A scripted answer: a status with Telegram's error object, or `hang` to close without an answer.

    `after_work` does first what was asked, as when the answer is lost on its way back.
    """

    status: int = 200
    description: str = ""
    retry_after: int | None = None
    hang: bool = False
    after_work: bool = False


@dataclass
class ShownMessage:
    """One message of a chat; `buttons` are (title, callback_data)."""

    message_id: int
    mine: bool
    text: str
    buttons: list[tuple[str, str]] = field(default_factory=list)


class BotApiError(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.retry_after = status, description, retry_after


class FakeBotApi:
    """The server's side of one bot. Its routes are below `prefix`; the bot's `api` is this server plus `prefix`."""

    def __init__(self, token: str, prefix: str = "") -> None:
        self.script: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self.calls: deque[tuple[str, Fields]] = deque(maxlen=_CALLS_KEPT)
        self.chats: defaultdict[int, list[ShownMessage]] = defaultdict(list)
        self.blocked_by: set[int] = set()
        self.webhook: tuple[str, str] | None = None
        self._token, self._prefix = token, prefix
        # Ids are new in every run, because the message log remembers those of earlier runs.
        self._ids = itertools.count(int(time.time()))
        self._updates: list[Fields] = []
        self._arrived = asyncio.Condition()
        self._methods: dict[str, Callable[[Fields], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._true,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "editMessageReplyMarkup": self._edit_message_reply_markup,
            "answerCallbackQuery": self._true,
        }

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The one address of the Bot API."""
        return [web.post(self._prefix + "/bot{token}/{method}", self._call)]

    def sent(self, method: str) -> list[Fields]:
        """The parameters of the calls of one method so far."""
        return [fields for name, fields in self.calls if name == method]

    async def until(self, method: str, count: int = 1) -> None:
        """Wait until a method was called `count` times."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.sent(method)) >= count)

    async def write(self, chat: int, text: str, **others: Any) -> Fields:
        """A person writes in their private chat with the bot; `others` are further fields of the message."""
        shown = ShownMessage(next(self._ids), True, text)
        self.chats[chat].append(shown)
        person = {"id": chat, "is_bot": False, "first_name": "مواطن"}
        message = {"message_id": shown.message_id, "date": int(time.time()), "from": person, **_chat(chat)}
        return await self.update({"message": {**message, "text": text, **others}})

    async def press(self, chat: int, message_id: int, data: str) -> Fields:
        """A person presses a button of a message of the bot."""
        message = {"message_id": message_id, "date": int(time.time()), "from": _BOT, **_chat(chat), "text": ""}
        if shown := next((one for one in self.chats[chat] if one.message_id == message_id), None):
            rows = [[{"text": title, "callback_data": known}] for title, known in shown.buttons]
            message["reply_markup"] = {"inline_keyboard": rows}
        person = {"id": chat, "is_bot": False, "first_name": "مواطن"}
        query = {"id": str(next(self._ids)), "from": person, "message": message, "chat_instance": "1", "data": data}
        return await self.update({"callback_query": query})

    async def update(self, body: Fields) -> Fields:
        """Queue one update, given without its id, for whoever polls."""
        update = {"update_id": next(self._ids), **body}
        async with self._arrived:
            self._updates.append(update)
            self._arrived.notify_all()
        return update

    async def deliver(self, update: Fields) -> int:
        """Call the webhook with one update, as Telegram does; the status it answers with."""
        if self.webhook is None:
            raise RuntimeError("no webhook is set")
        url, secret = self.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with aiohttp.ClientSession() as session, session.post(url, json=update, headers=headers) as response:
            return response.status

    async def _call(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.match_info["token"].encode(), self._token.encode()):
            return _error(401, "Unauthorized")
        method, fields = request.match_info["method"], _decoded(await request.post())
        self.calls.append((method, fields))
        async with self._arrived:
            self._arrived.notify_all()
        scripted = self.script[method].popleft() if self.script[method] else None
        try:
            if scripted is not None and not scripted.after_work:
                return self._scripted(request, scripted)
            if method not in self._methods:
                return _error(404, "Not Found")
            result = await self._methods[method](fields)
        except BotApiError as error:
            return _error(error.status, error.description, error.retry_after)
        if scripted is not None:
            return self._scripted(request, scripted)
        return web.json_response({"ok": True, "result": result})

    @staticmethod
    def _scripted(request: web.Request, answer: Answer) -> web.Response:
        if answer.hang and request.transport is not None:
            request.transport.abort()
        return _error(answer.status, answer.description, answer.retry_after)

    async def _true(self, _fields: Fields) -> bool:
        return True

    async def _get_me(self, _fields: Fields) -> Fields:
        return _BOT

    async def _set_webhook(self, fields: Fields) -> bool:
        self.webhook = (fields["url"], fields.get("secret_token", ""))
        return True

    async def _delete_webhook(self, _fields: Fields) -> bool:
        self.webhook = None
        return True

    async def _get_updates(self, fields: Fields) -> list[Fields]:
        if self.webhook is not None:
            raise BotApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, patience = int(fields.get("offset", 0)), min(float(fields["timeout"]), _LONGEST_POLL)
        async with self._arrived:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            try:
                await asyncio.wait_for(self._arrived.wait_for(lambda: bool(self._updates)), patience)
            except asyncio.TimeoutError:
                return []
            return self._updates[:100]

    async def _send_message(self, fields: Fields) -> Fields:
        chat = int(fields["chat_id"])
        if chat in self.blocked_by:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        if chat not in self.chats:
            raise BotApiError(400, "Bad Request: chat not found")
        shown = ShownMessage(next(self._ids), False, _checked_text(fields), _checked_buttons(fields))
        self.chats[chat].append(shown)
        return _message(chat, shown)

    async def _edit_message_text(self, fields: Fields) -> Fields:
        shown = self._find(fields)
        shown.text, shown.buttons = _checked_text(fields), _checked_buttons(fields)
        return _message(int(fields["chat_id"]), shown)

    async def _edit_message_reply_markup(self, fields: Fields) -> Fields:
        shown = self._find(fields)
        shown.buttons = _checked_buttons(fields)
        return _message(int(fields["chat_id"]), shown)

    def _find(self, fields: Fields) -> ShownMessage:
        for shown in self.chats[int(fields["chat_id"])]:
            if shown.message_id == int(fields["message_id"]) and not shown.mine:
                return shown
        raise BotApiError(400, "Bad Request: message to edit not found")


def _decoded(form: Any) -> Fields:
    """The parameters of a call: everything but plain strings is JSON."""
    fields: Fields = {}
    for name, value in form.items():
        fields[name] = json.loads(value) if value[:1] in ("[", "{") and name != "text" else value
    return fields


def _checked_text(fields: Fields) -> str:
    text: str = fields.get("text", "")
    if fields.get("parse_mode") == "HTML":
        try:
            text = plain_text(text)
        except MarkupError as error:
            raise BotApiError(400, f"Bad Request: can't parse entities: {error}") from None
    if not text.strip():
        raise BotApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > _LONGEST_TEXT:
        raise BotApiError(400, "Bad Request: message is too long")
    return text


def _checked_buttons(fields: Fields) -> list[tuple[str, str]]:
    rows = fields.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [(button["text"], button["callback_data"]) for row in rows for button in row]
    if any(not 1 <= len(data.encode()) <= _LONGEST_CALLBACK_DATA for _, data in buttons):
        raise BotApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return buttons


def _chat(chat: int) -> Fields:
    return {"chat": {"id": chat, "type": "private", "first_name": "مواطن"}}


def _message(chat: int, shown: ShownMessage) -> Fields:
    return {
        "message_id": shown.message_id,
        "date": int(time.time()),
        "from": _BOT,
        **_chat(chat),
        "text": shown.text,
    }


def _error(status: int, description: str, retry_after: int | None = None) -> web.Response:
    body: Fields = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": retry_after}
    return web.json_response(body, status=status)
