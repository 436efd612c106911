"""A reply as Telegram messages: HTML that is nothing but escaped text, isolated runs and references to tap on.

A client lays a paragraph out by its first letter, so runs of Latin letters and digits are isolated; without that a
reference or an amount at the end of an Arabic line jumps to its other side.
"""

from __future__ import annotations

import html
import re
from typing import Any

from arabic import isolate, strip_marks
from channels.contract import BotMessage, Choice, Payload, Reply
from channels.kinds import RATED

LONGEST_TEXT = 4096
"""UTF-16 units of one message, after its markup is read. https://core.telegram.org/bots/api#sendmessage"""

_REFERENCE = re.compile("\u2068((?=[^\u2069]*[A-Z])(?=[^\u2069]*[0-9]{3})[A-Z0-9-]{6,40})\u2069")


def payloads(reply: Reply) -> list[Payload]:
    """The messages of a reply; a long one goes out in several, its buttons under the last.

    Under the last of all, an answer of facts asks with two buttons whether it helped.
    """
    bodies = [body for message in reply.messages for body in _bodies(message)]
    if reply.kind in RATED:
        bodies[-1]["rate"] = reply.id
    return [Payload(body) for body in bodies]


def _bodies(message: BotMessage) -> list[dict[str, Any]]:
    texts = cut(isolate(strip_marks(message.text)), LONGEST_TEXT)
    bodies: list[dict[str, Any]] = [{"html": as_html(text), "buttons": []} for text in texts]
    bodies[-1]["buttons"] = [_button(choice) for choice in message.choices]
    return bodies


def _button(choice: Choice) -> dict[str, str]:
    return {"title": choice.title, "token": choice.token}


def as_html(text: str) -> str:
    """`text` for parse_mode HTML; application numbers can be copied with one tap."""
    return _REFERENCE.sub("\u2068<code>\\1</code>\u2069", html.escape(text, quote=False))


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def cut(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` units: cut at an empty line, else a line, else a word, else anywhere."""
    pieces = []
    while units(text) > limit:
        room = _prefix(text, limit)
        end = next((place for sign in ("\n\n", "\n", " ") if (place := text.rfind(sign, room // 2, room)) > 0), room)
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text]


def _prefix(text: str, limit: int) -> int:
    """How many characters fit into `limit` units."""
    used = 0
    for place, letter in enumerate(text):
        used += units(letter)
        if used > limit:
            return place
    return len(text)
