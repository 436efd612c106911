"""What of Telegram's updates is a citizen's message.

https://core.telegram.org/bots/api#update. Edited messages, groups, channels and other bots are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, Message, Update

from arabic import strip_marks
from channels.contract import InboundMessage
from channels.errors import MalformedRequest
from channels.telegram.rating import Rating
from channels.telegram.rating import read as read_rating

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "callback_query")
COMMANDS = {
    "start": "ابدأ",
    "help": "مساعدة",
    "menu": "القائمة",
    "cancel": "إلغاء",
}
_COMMAND = re.compile(r"/+([A-Za-z0-9_]*)(?:@\w+)?\s*(.*)", re.DOTALL)
_LARGEST_ID = 2**63
_LONGEST_CALLBACK_ID = 200


@dataclass(frozen=True)
class Received:
    """One update. `message` is None when it is nothing to answer; `callback_id` is a pressed button's spinner.

    `rating`: the button says whether an answer helped.
    """

    update_id: int
    message: InboundMessage | None = None
    callback_id: str | None = None
    rating: Rating | None = None


def update_id_of(raw: object) -> int | None:
    """The id of an update, also of one that is otherwise malformed; None when not even that can be read."""
    value = raw.get("update_id") if isinstance(raw, Mapping) else None
    return value if type(value) is int and 0 <= value < _LARGEST_ID else None


def read_update(raw: object) -> Received:
    """Read one update, as decoded from JSON.

    Raises:
        MalformedRequest: it is not an update of the Bot API.
    """
    update_id = update_id_of(raw)
    if update_id is None:
        raise MalformedRequest("update_id")
    try:
        update = Update.de_json(dict(raw), None)  # type: ignore[call-overload]
        if update.callback_query is not None:
            return _press(update_id, update.callback_query)
        return Received(update_id, _message(update_id, update.message))
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError, OSError) as error:
        raise MalformedRequest(f"update of a shape that the Bot API does not have: {type(error).__name__}") from None


def plain_words(text: str) -> str:
    """The text with a command in words: nothing that begins with "/" goes further."""
    command = _COMMAND.fullmatch(strip_marks(text).strip())
    if command is None:
        return text
    name, rest = command.groups()
    known = COMMANDS.get(name.lower())
    return known or f"{name} {rest}".strip(" /") or COMMANDS["help"]


def _message(update_id: int, message: Message | None) -> InboundMessage | None:
    if message is None or message.from_user is None or message.from_user.is_bot or not _is_private(message.chat):
        return None
    text = _text(message.text) or _text(message.caption)
    if not text and message.effective_attachment is None:
        return None  # a notice of Telegram's own, such as a pinned message
    return InboundMessage(CHANNEL, str(update_id), str(message.chat.id), plain_words(text))


def _press(update_id: int, query: CallbackQuery) -> Received:
    callback_id = _text(query.id)
    if not 0 < len(callback_id) <= _LONGEST_CALLBACK_ID:
        raise ValueError("callback id")
    if query.message is None or not _is_private(query.message.chat) or not query.data:
        return Received(update_id, callback_id=callback_id)
    address = str(query.message.chat.id)
    if rating := read_rating(_text(query.data), address, query.message):
        return Received(update_id, callback_id=callback_id, rating=rating)
    message = InboundMessage(CHANNEL, str(update_id), address, "", choice=_text(query.data))
    return Received(update_id, message, callback_id)


def _is_private(chat: Chat) -> bool:
    if type(chat.id) is not int or abs(chat.id) >= _LARGEST_ID:
        raise ValueError("chat id")
    return chat.type == Chat.PRIVATE


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("text")
    return value
