"""Telephone numbers as gateways and people write them, and which of them get an answer.

The numbering plan is phonenumbers' (region YE: country code 967, trunk prefix 0, mobiles of nine digits from 7).
A number that is not yet in the plan but has the shape of a mobile is answered too: plans move, and it wrote to us.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from arabic import strip_marks, to_ascii_digits
from channels.sms.errors import NumberRefused

HOME_REGION, HOME_CODE = "YE", 967
_WRITTEN = re.compile(r"\+?[0-9]+")
_SEPARATORS = re.compile(r"[\s().\-–]+")
_HOME_MOBILE = re.compile(r"7[0-9]{8}")
# Shorter than any subscriber number that a network would write in full.
_LONGEST_SHORT_CODE = 6
# ITU-T E.164 allows fifteen digits; an international or trunk prefix may stand before them.
_LONGEST_WRITTEN = 20
_MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def citizen_number(raw: str, *, foreign_codes: Collection[int] = (), own: Collection[str] = ()) -> str:
    """Give the sender's number in E.164 with `+`, if it may be answered.

    Args:
        raw: the sender as the provider wrote it: any digits, with or without a prefix, separators, bidi marks.
        foreign_codes: country calling codes beside 967 whose mobiles are answered (Yemenis abroad).
        own: our own numbers, in E.164.

    Raises:
        NumberRefused: alphanumeric senders and short codes (answering them makes loops), our own numbers,
            fixed lines, countries not answered, and what no number can be.
    """
    number = e164(raw, foreign_codes=foreign_codes)
    if number in own:
        raise NumberRefused("own")
    return number


def e164(raw: str, *, foreign_codes: Collection[int] = ()) -> str:
    """Like `citizen_number`, without looking at whose number it is."""
    written = _SEPARATORS.sub("", to_ascii_digits(strip_marks(raw)).replace("＋", "+"))
    if any(letter.isalpha() for letter in written):
        raise NumberRefused("alphanumeric")
    if not _WRITTEN.fullmatch(written) or len(written) > _LONGEST_WRITTEN:
        raise NumberRefused("malformed")
    if len(written) <= _LONGEST_SHORT_CODE:
        raise NumberRefused("short_code")
    number = _parse(written)
    _refuse_unanswered(number, foreign_codes)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parse(written: str) -> PhoneNumber:
    """Read a national number, an international one, and an international one without its `+`."""
    first = _try(written)
    if first is not None and (written.startswith("+") or _plausible(first)):
        return first
    second = None if written.startswith(("+", "0")) else _try("+" + written)
    if second is not None and _plausible(second):
        return second
    if first is None:
        raise NumberRefused("malformed")
    return first


def _try(written: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, HOME_REGION)
    except NumberParseException:
        return None


def _plausible(number: PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) or _is_home_mobile(number)


def _is_home_mobile(number: PhoneNumber) -> bool:
    return number.country_code == HOME_CODE and bool(_HOME_MOBILE.fullmatch(str(number.national_number)))


def _refuse_unanswered(number: PhoneNumber, foreign_codes: Collection[int]) -> None:
    if _is_home_mobile(number):
        return
    if not phonenumbers.is_valid_number(number):
        raise NumberRefused("malformed")
    if number.country_code != HOME_CODE and number.country_code not in foreign_codes:
        raise NumberRefused("foreign")
    if phonenumbers.number_type(number) not in _MOBILES:
        raise NumberRefused("not_a_mobile")
