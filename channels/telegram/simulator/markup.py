"""The text of a message in Telegram's HTML, read as strictly as Telegram reads it.

https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import html
import re

_TAGS = frozenset(
    {"a", "b", "blockquote", "code", "del", "em", "i", "ins", "pre", "s", "span", "strike", "strong", "tg-spoiler", "u"}
)
_TAG = re.compile(r"<(/?)([a-z-]+)(?:\s[^<>]*)?>")
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")


class MarkupError(Exception):
    """The markup cannot be read."""


def plain_text(marked: str) -> str:
    """The text without its markup.

    Raises:
        MarkupError: an unknown, open or misplaced tag, or a bare `<` or `&`.
    """
    open_tags: list[str] = []
    text, place = "", 0
    for tag in _TAG.finditer(marked):
        text += _read(marked[place : tag.start()])
        place = tag.end()
        closing, name = tag.groups()
        if name not in _TAGS:
            raise MarkupError(f"unsupported start tag at {tag.start()}")
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            raise MarkupError(f"unexpected end tag at {tag.start()}")
    if open_tags:
        raise MarkupError("an end tag is missing")
    return text + _read(marked[place:])


def _read(text: str) -> str:
    if "<" in text or _ENTITY.search(text):
        raise MarkupError("a bare < or &")
    return html.unescape(text)
