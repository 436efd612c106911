"""How a text becomes SMS parts.

GSM 03.38 has no Arabic letters, and no national table in use has them: one Arabic letter makes the whole text UCS-2
(3GPP TS 23.038). Lengths are counted in units: septets of GSM-7 (an extension character takes two), UTF-16 code units
of UCS-2. A text in several parts loses 7 septets or 3 code units of each to the header that joins them (TS 23.040).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import regex

from arabic import strip_marks
from channels.sms.errors import TextUnsendable

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
# "3- " stays with what it numbers.
_LIST_NUMBER = re.compile(r"[0-9]{1,2}[-.)] ")
_GRAPHEME = regex.compile(r"\X")
_TATWEEL = "\u0640"
_CONTROL = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f]")
_BLANKS = re.compile("[\u0020\u00a0\u2000-\u200a\u202f\u205f\u3000]+")


class Encoding(Enum):
    """The two alphabets of an SMS; the value is the units of a single part and of one of several parts."""

    GSM7 = (160, 153)
    UCS2 = (70, 67)

    @property
    def single(self) -> int:
        """Units of a text that is one part."""
        return self.value[0]

    @property
    def joined(self) -> int:
        """Units of each part of a text in several parts."""
        return self.value[1]

    def units(self, text: str) -> int:
        """Length of `text`, in units."""
        if self is Encoding.GSM7:
            return len(text) + sum(map(_GSM_EXTENSION.__contains__, text))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Segments:
    """A text as its parts; the parts joined are the text."""

    encoding: Encoding
    parts: tuple[str, ...]

    @property
    def units(self) -> int:
        """Length of the whole text, in units."""
        return sum(self.encoding.units(part) for part in self.parts)


def clean(text: str) -> str:
    """Take out what costs units and shows nothing (invisible marks, tatweel, doubled blanks), and compose letters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    text = _CONTROL.sub("", strip_marks(text).replace(_TATWEEL, ""))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def encoding_of(text: str) -> Encoding:
    """The smallest alphabet that holds every letter of `text`.

    Raises:
        TextUnsendable: half a surrogate pair, which no encoding can send.
    """
    if all(letter in _GSM_BASIC or letter in _GSM_EXTENSION for letter in text):
        return Encoding.GSM7
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise TextUnsendable("the text has half a surrogate pair")
    return Encoding.UCS2


@lru_cache(maxsize=64)  # a reply is cut when it is written, and again when it is sent moments later
def split(text: str) -> Segments:
    """Cut `text` into parts: after a space where there is one, else between graphemes.

    Raises:
        TextUnsendable: as `encoding_of`.
    """
    encoding = encoding_of(text)
    if encoding.units(text) <= encoding.single:
        return Segments(encoding, (text,))
    return Segments(encoding, tuple(_parts(text, encoding)))


def _parts(text: str, encoding: Encoding) -> Iterator[str]:
    """Places are counted in `text`; `best` is where the part so far had better end."""
    start = best = place = word = used = used_at_best = 0
    room = encoding.joined
    for piece in _pieces(text, encoding):
        size, blank = encoding.units(piece), piece in (" ", "\n")
        while used + size > room:
            if blank or best <= start:
                best, used_at_best = place, used
            yield text[start:best]
            start, used = best, used - used_at_best
        place += len(piece)
        used += size
        if blank:
            if not _LIST_NUMBER.fullmatch(text, word, place):
                best, used_at_best = place, used
            word = place
    yield text[start:]


def _pieces(text: str, encoding: Encoding) -> Iterator[str]:
    """What is never cut: graphemes, but for one that might not fit a part, which goes letter by letter."""
    longest = encoding.joined // 2  # characters: each takes two units at most
    for grapheme in _GRAPHEME.findall(text):
        if len(grapheme) > longest:
            yield from grapheme
        else:
            yield grapheme
