"""A reply as SMS texts: choices as a numbered list, at most three parts at once, the rest behind "0".

Old handsets lay out mixed text by the plain bidirectional algorithm and show its invisible marks as boxes, so none
are sent. Runs that begin with a Latin letter read right without them. The ones that do not, because a hyphen or a
plus beside digits turns round between Arabic words, are spelled in the way that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from channels.sms.outbound.segments import Encoding, clean, split

PARTS_PER_REPLY = 3
_MOST_CHARACTERS = PARTS_PER_REPLY * Encoding.GSM7.joined
MORE = "أرسل 0 للمزيد"
MORE_WORD = "0"

_ISO_DATE = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_AREA_CODE = re.compile(r"(?<![\w-])(0\d{1,2})-(\d{5,8})(?![\w-])")
_BLANK = re.compile(r"\s")
_INTERNATIONAL = re.compile(r"\+(?=\d{7})")


def reply_text(messages: Iterable[tuple[str, Sequence[str]]]) -> str:
    """One text of a reply's messages, each a text and the titles of its choices, numbered on through the reply."""
    lines: list[str] = []
    number = 0
    for text, titles in messages:
        lines.append(text)
        for title in titles:
            number += 1
            lines.append(f"{number}) {title}")
    return clean(_readable("\n".join(line for line in lines if line.strip())))


def pages(text: str) -> tuple[str, ...]:
    """Cut a cleaned text into what is sent at once; each page but the last ends by saying how to get the next."""
    done: list[str] = []
    while not _fits(text):
        cut = _first_page(text)
        done.append(_with_more(text[:cut]))
        text = text[cut:].lstrip()
    return (*done, text)


def _readable(text: str) -> str:
    text = _ISO_DATE.sub(r"\1/\2/\3", text)
    text = _AREA_CODE.sub(r"\1\2", text)
    return _INTERNATIONAL.sub("00", text)


def _fits(text: str) -> bool:
    return len(text) <= _MOST_CHARACTERS and len(split(text).parts) <= PARTS_PER_REPLY


def _with_more(text: str) -> str:
    return f"{text.rstrip()}\n{MORE}"


def _first_page(text: str) -> int:
    """Where the first page ends: after a whole line if that fills half the page, else after a word, else anywhere."""
    parts = split(
        _with_more(text[:_MOST_CHARACTERS])
    ).parts  # in the alphabet of the page, which is Arabic whatever the text is
    longest = len("".join(parts[:PARTS_PER_REPLY]))
    words = [blank.start() for blank in _BLANK.finditer(text, 0, longest)]
    for end in reversed(words):
        if _fits(_with_more(text[:end])):
            line = text.rfind("\n", 0, end + 1)
            return line if line * 2 >= end else end
    return len("".join(parts[: PARTS_PER_REPLY - 1]))
