"""What a message brings to the desk: the number of an application, its proof, and what is left to understand.

A proof is taken out of the text before anything else reads it, and shows in no `repr`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from arabic import words
from integrations.exchange.configuration import ExchangeConfiguration
from integrations.exchange.model import ProofKind
from integrations.exchange.references import Found, find, plain

Span = tuple[int, int]

# By itself: not a group of a number that strokes hold together, nor of a date.
_NUMBER = re.compile(r"(?<!\w)(?<!\w[\-/._])\d+(?!\w)(?![\-/._]\w)")
_SPELLED = re.compile(r"(?<!\w)(?<!\w[\-/._])\d(?: ?\d)+(?!\w)(?![\-/._]\w)")
# A telephone number, however it is grouped.
_TELEPHONE = re.compile(r"(?<!\w)\+?\d(?:[\s().\-]{0,2}\d){6,14}(?!\w)")
_LAST_FOUR, _NATIONAL_NUMBER = 4, 11
_CODE = range(4, 11)
# Below, "4471120 1104" is a number and its proof; above, "TN 2026 0081" is one number in groups.
_DIGITS_OF_A_WHOLE_NUMBER = 6

# Said around a number: "حالة معاملتي رقم 4471120 لو سمحت", "آخر أربعة أرقام من رقمي الوطني هي 1104".
_AROUND = frozenset(
    words(
        "حالة الحالة وضع طلب الطلب طلبي معاملة المعاملة معاملتي سند السند رقم الرقم رقمي رقمها رقمه ورقم برقم ورقمي"
        " ورقمها استعلام استعلم متابعة تابع عن من في على هو هي وهو وهي هذا هذه هاذا وهذا وهذه ذا ذي حق حقي حقها لي"
        " وين أين فين وصل وصلت ايش صار قد لو سمحت فضلك آخر اخر وآخر أربعة أربع ارقام أرقام الأرقام الأربعة الاخيرة"
        " الأخيرة وطني الوطني الوطنيه القومي رمز الرمز والرمز كود الكود اثبات الاثبات تفضل تفضلي نعم ايوه ايوا طيب تمام"
        " السلام عليكم و يا اخي status id no number"
    )
)


@dataclass(frozen=True)
class Spoken:
    """One message at the desk. text: what is left of it without the proof.

    malformed: a proof was waited for, and what was given has not its form. bare: nothing else was said.
    """

    text: str
    found: Found | None = None
    proof: SecretStr | None = None
    malformed: bool = False
    bare: bool = False

    @property
    def reference(self) -> str | None:
        """The application number, as its agency writes it where that is known."""
        return (self.found.known or self.found.reference) if self.found else None

    @property
    def said(self) -> str | None:
        """The application number as it was said, in ASCII upper case without spaces."""
        return self.found.reference if self.found else None


def hear(text: str, configuration: ExchangeConfiguration, waits_for: ProofKind | None = None) -> Spoken:
    """Read a message; `waits_for` is the proof that Dalil asked for, if it did.

    Without a number of an application, and no proof waited for, a message is left as it is.
    """
    said = plain(text)
    found, proof = _number_and_proof(said, configuration, waits_for)
    if not found and not waits_for:
        return Spoken(text)
    taken = [*([(found.start, found.end)] if found else []), *([proof] if proof else [])]
    rest = _without(said, taken)
    bare = _is_around(rest)
    if proof is None:
        malformed = waits_for is not None and not found and bare and bool(_NUMBER.search(said))
        return Spoken("" if malformed else text, found, malformed=malformed, bare=bare and (malformed or bool(found)))
    return Spoken(_without(said, [proof]), found, _value(said[slice(*proof)], waits_for), bare=bare)


def _value(said: str, waits_for: ProofKind | None) -> SecretStr:
    """What was given, in the form of its kind; a telephone number with its plus."""
    digits = re.sub(r"[^\d+]", "", said)
    whole = waits_for in (ProofKind.ONE_TIME_CODE, ProofKind.REGISTERED_NUMBER)
    return SecretStr(digits if whole else digits[-_LAST_FOUR:])


def _number_and_proof(
    said: str, configuration: ExchangeConfiguration, waits_for: ProofKind | None
) -> tuple[Found | None, Span | None]:
    found = find(said, configuration)
    if found and found.known:
        return found, _proof(said, found, waits_for)
    if waits_for and (alone := _proof(said, None, waits_for)) and not _is_whole(find(_blank(said, alone))):
        return None, alone
    return _apart(said, found, waits_for)


def _apart(said: str, found: Found | None, waits_for: ProofKind | None) -> tuple[Found | None, Span | None]:
    """A number of no known form, which may have been read together with the proof after it."""
    if found is None:
        return None, None
    for span in reversed(list(_spans(_NUMBER, said))):
        if span[1] - span[0] == _LAST_FOUR and span[0] > found.start:
            before = find(_blank(said, span))
            if _is_whole(before):
                return before, span
    return found, _proof(said, found, waits_for)


def _is_whole(found: Found | None) -> bool:
    return found is not None and sum(map(str.isdigit, found.reference)) >= _DIGITS_OF_A_WHOLE_NUMBER


def _proof(said: str, found: Found | None, waits_for: ProofKind | None) -> Span | None:
    """Where the proof is: the first number outside the reference that has its form."""
    rest = _blank(said, (found.start, found.end)) if found else said
    if waits_for is ProofKind.REGISTERED_NUMBER:
        return next(_spans(_TELEPHONE, rest), None)
    fits = _forms(waits_for)
    for pattern in (_NUMBER, _SPELLED):
        for span in _spans(pattern, rest):
            if len(re.sub(r"\D", "", rest[slice(*span)])) in fits:
                return span
    return None


def _forms(waits_for: ProofKind | None) -> Sequence[int]:
    """How many digits it may have; someone asked for the last four may give the whole national number."""
    if waits_for is ProofKind.ONE_TIME_CODE:
        return _CODE
    return (_LAST_FOUR, _NATIONAL_NUMBER) if waits_for else (_LAST_FOUR,)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text))


def _blank(text: str, span: Span) -> str:
    """The text with a mark in place of the span, so that nothing is read across it and places stay."""
    return f"{text[: span[0]]}{'،' * (span[1] - span[0])}{text[span[1] :]}"


def _without(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        text = _blank(text, span)
    return re.sub(r"\s*،+\s*", " ", text).strip() if spans else text


def _is_around(rest: str) -> bool:
    left = [word for word in words(rest) if word not in _AROUND and not word.isdecimal()]
    return not left
