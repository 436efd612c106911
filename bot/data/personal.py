"""Personal data that does not belong into training data: telephones, identity and card numbers, accounts, e-mail.

Application numbers belong there: sentences of `status`, `follow` and `lost_reference` carry invented ones, and no
agency publishes the form of its own. They are told apart like this:

- Letters joined to the digits (PSP-2026-001234, W2026118) make an application number in those intents, not elsewhere;
  letters with only a space between ("tel 777...") do not.
- Digits alone are an application number there unless they have the form of a telephone (9 digits from 7, or 8 from
  01 to 07), of a national number (11 digits; but 2025 09 17334 begins with a year and a month, which no national
  number does in practice) or pass the check sum of a bank card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from arabic import strip_marks, to_ascii_digits
from bot.data.blocks import Answer, Example
from bot.data.faults import Fault
from bot.data.script import NUMBERS

# An office has a telephone and an e-mail address that citizens may know; nothing else of these is anybody's to publish.
_IN_ANSWERS = frozenset({"mobile", "national-number", "card", "iban"})

_COUNTRY = r"(?:\+ ?|00)?967[ .\-)]{0,3}"
_ALONE = r"(?<!\d)(?<!\d[ .\-/])"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w")
# From the third group on each has a digit: a word that follows the number is not part of it.
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}[ -]?[A-Za-z0-9]{4}"
    r"(?:[ -]?(?=[A-Za-z0-9]{0,3}\d)[A-Za-z0-9]{1,4}){2,7}(?![A-Za-z0-9])"
)
_USUAL_PARTS = r"7(?:\d[ .\-]\d{7}|\d\d[ .\-]\d{3}[ .\-]?\d{3}|\d[ .\-]\d{3}[ .\-]\d{4})"
# Nobody has 700000000: that is money.
_MOBILE = re.compile(
    rf"(?<!\d)(?:{_COUNTRY}|0)?(?!7\d\d0{{6}})7\d{{8}}(?!\d)"
    rf"|{_ALONE}(?:{_COUNTRY}|0)?{_USUAL_PARTS}(?![ .\-]?\d)"
)
# Parted in any way; application numbers are too (778-2026-44).
_MOBILE_PARTED = re.compile(rf"{_ALONE}(?:{_COUNTRY}|0)?(?!\d{{9}})7\d(?:[ .\-]?\d){{7}}(?![ .\-]?\d)")
_DATE = r"(?!\d\d(?:0[1-9]|1[0-2])(?:19|20)\d\d)"
_LANDLINE = re.compile(
    rf"(?<!\d){_DATE}0[1-7]\d{{6}}(?!\d)|{_ALONE}0[1-7][ \-]\d{{3}}[ \-]?\d{{3}}(?![ \-]?\d)"
    rf"|(?<!\d){_COUNTRY}[1-7][ \-]?\d{{3}}[ \-]?\d{{3}}(?!\d)"
)
_NATIONAL = re.compile(r"(?<!\d)\d{11}(?!\d)")
_NATIONAL_GROUPED = re.compile(rf"{_ALONE}(?=(?:[ -]?\d){{11}}(?![ -]?\d))\d+(?:[ -]\d+){{1,3}}")
_YEAR_AND_MONTH = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])")
_CARD = re.compile(r"(?<!\d)\d{13,19}(?!\d)")
_CARD_GROUPED = re.compile(rf"{_ALONE}\d{{4}}(?:[ -]\d{{4}}){{3}}(?![ -]?\d)")
_APPLICATION = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,6}[\-/._]?\d[\d\-/._]*")
_FEWEST_DIGITS = 8


def of_example(example: Example) -> Iterator[Fault]:
    """The kinds of personal data in a sentence; what they are is not repeated."""
    for code in _found(example.text, numbered=example.intent in NUMBERS):
        yield Fault(code, example.file, example.line)


def of_answer(answer: Answer) -> Iterator[Fault]:
    """The kinds of personal data in an answer that no office publishes."""
    for code in _found(answer.text, numbered=False):
        if code in _IN_ANSWERS:
            yield Fault(code, answer.file, answer.line)


def _found(text: str, *, numbered: bool) -> Iterator[str]:
    if "@" in text and _EMAIL.search(text):
        yield "email"
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return
    plain = to_ascii_digits(strip_marks(text))
    accounts = [found.group() for found in _IBAN.finditer(plain) if _is_iban(found.group())]
    if accounts:
        yield "iban"
    for account in accounts:
        plain = plain.replace(account, "#")
    if numbered:
        plain = _APPLICATION.sub(" ", plain)
    plain, mobiles = _MOBILE.subn("#", plain)
    if mobiles or (not numbered and _MOBILE_PARTED.search(plain)):
        yield "mobile"
    plain, landlines = _LANDLINE.subn("#", plain)
    if landlines:
        yield "landline"
    if _has_card(plain, numbered):
        yield "card"
    if _has_national(plain, numbered):
        yield "national-number"


def _has_card(text: str, numbered: bool) -> bool:
    if _CARD_GROUPED.search(text):
        return True
    return any(not numbered or _passes_luhn(found.group()) for found in _CARD.finditer(text))


def _has_national(text: str, numbered: bool) -> bool:
    if not numbered:
        return bool(_NATIONAL.search(text) or _NATIONAL_GROUPED.search(text))
    return any(not _YEAR_AND_MONTH.match(found.group()) for found in _NATIONAL.finditer(text))


def _passes_luhn(digits: str) -> bool:
    """The check sum of bank cards (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616), or it is as long as Yemen's."""
    number = re.sub(r"[ -]", "", text).upper()
    if number.startswith("YE") and len(number) == 30:
        return True
    return int("".join(str(int(letter, 36)) for letter in number[4:] + number[:4])) % 97 == 1
