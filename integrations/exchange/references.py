"""Application numbers in a message, as people copy them from their papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from arabic import strip_marks, to_ascii_digits
from integrations.exchange.configuration.document import AgencyTraits, ExchangeConfiguration

# Where an agency's format is not known, this is what numbers look like on paper (reference facts, section 6): letters
# then digits in groups (PSP-2026-001234), at most three Arabic letters before a stroke (ق/2026/301), or at least five
# digits.
_GROUPED = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,5}\s?[\-/._]?\s?\d(?:\s?[\-/._]?\s?\d){3,19})(?!\d)")
_PLAIN = re.compile(r"(?<![\dA-Za-z])((?:(?<!\w)[ء-ي]{1,3}[\-/])?\d(?:[\-/]?\d){4,19})(?![\dA-Za-z])")
_SPACED = re.compile(r"(?<![\dA-Za-z])(\d{2,6}(?: \d{2,6}){1,4})(?![\dA-Za-z])")
_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\-/._\s]")
_DATE = re.compile(r"^(?:\d{4}([\-/])\d{1,2}\1\d{1,2}|\d{1,2}([\-/])\d{1,2}\2\d{4})$")
_PHONE = re.compile(r"^(?:00967|967|0)?7[01378]\d{7}$")
_SHORTEST = 5

_PIECE = re.compile(r"[A-Za-z0-9]+(?:[\-/._]+[A-Za-z0-9]+)*")
_BETWEEN = re.compile(r"\s{0,2}[\-/._]?\s{0,2}")
_MOST_PIECES = 5


@dataclass(frozen=True)
class Found:
    """A reference without spaces, in ASCII upper case but for Arabic letters before a stroke; and where it was said.

    known: as the agency that has references of this form writes it; None where no agency has.
    """

    reference: str
    start: int
    end: int
    known: str | None = None


def plain(text: str) -> str:
    """The text without invisible marks and with ASCII digits: what places in it count from."""
    return to_ascii_digits(strip_marks(text))


def find(text: str, configuration: ExchangeConfiguration | None = None) -> Found | None:
    """The first application number in a `plain` text: of an agency's form if there is one, else of any usual form.

    A mobile number is not one, unless an agency's form says so: people sign their messages with it. Nor is a date.
    """
    known = _known(text, configuration) if configuration else None
    return known or _usual(text)


def find_reference(text: str) -> str | None:
    """The first application number of any usual form, or None."""
    found = _usual(plain(text))
    return found.reference if found else None


def _usual(text: str) -> Found | None:
    for pattern in (_GROUPED, _PLAIN, _SPACED):
        for match in pattern.finditer(text):
            reference = _SPACES.sub("", match.group(1)).upper()
            if len(reference) >= _SHORTEST and not _is_phone_or_date(reference):
                return Found(reference, *match.span(1))
    return None


def _is_phone_or_date(number: str) -> bool:
    return bool(_PHONE.match(_SEPARATORS.sub("", number)) or _DATE.match(number))


def _known(text: str, configuration: ExchangeConfiguration) -> Found | None:
    """The longest run of pieces that, joined, has the form of an agency's references."""
    for said, start, end in _runs(text):
        for agency in configuration.agencies:
            known = written_as(said, agency)
            if known:
                return Found(_SPACES.sub("", said).upper(), start, end, known)
    return None


def _runs(text: str) -> Iterator[tuple[str, int, int]]:
    """Neighbouring pieces joined, from each place the longest first, with where they are."""
    pieces = list(_PIECE.finditer(text))
    for first in range(len(pieces)):
        last = first
        while last + 1 < min(len(pieces), first + _MOST_PIECES) and _BETWEEN.fullmatch(
            text, pieces[last].end(), pieces[last + 1].start()
        ):
            last += 1
        for end in range(last, first - 1, -1):
            start, stop = pieces[first].start(), pieces[end].end()
            yield text[start:stop], start, stop


def written_as(said: str, agency: AgencyTraits) -> str | None:
    """What was said, written as the agency writes its references ("psp2026 000104"); None if it is not one.

    Separators are put where the agency's example has them; None too where the agency's form is not known.
    """
    if agency.reference is None:
        return None
    whole = _SPACES.sub("", said).upper()
    if agency.accepts(whole):
        return whole
    letters = iter(_SEPARATORS.sub("", whole))
    example = agency.reference.example
    if len(_SEPARATORS.sub("", example)) != len(_SEPARATORS.sub("", whole)):
        return None
    rewritten = "".join(mark if _SEPARATORS.match(mark) else next(letters) for mark in example)
    return rewritten if agency.accepts(rewritten) else None
