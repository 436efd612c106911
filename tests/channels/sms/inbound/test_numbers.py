import pytest

from channels.sms.errors import NumberRefused
from channels.sms.inbound.numbers import citizen_number

OWN = "+967777000000"

SPELLINGS = [
    "771234567",
    "0771234567",
    "00967771234567",
    "967771234567",
    "+967771234567",
    "\uff0b967771234567",
    "+967 77 123 4567",
    "(0)771-234-567",
    "+967-771–234–567",
    "٧٧١٢٣٤٥٦٧",
    "٠٠٩٦٧٧٧١٢٣٤٥٦٧",
    "۰۷۷۱۲۳۴۵۶۷",
    "\u200f٧٧١٢٣٤٥٦٧\u200f",
    "\u202a+967771234567\u202c",
    " 771 234 567 ",
]


@pytest.mark.parametrize("raw", SPELLINGS)
def test_every_spelling_is_one_number(raw: str) -> None:
    assert citizen_number(raw) == "+967771234567"


@pytest.mark.parametrize("prefix", ["70", "71", "73", "77", "78", "72", "74", "79"])
def test_mobiles_of_every_operator_and_of_prefixes_to_come(prefix: str) -> None:
    assert citizen_number(prefix + "1234567") == f"+967{prefix}1234567"


REFUSED = [
    ("8000", "short_code"),
    ("١٩٩", "short_code"),
    ("+8000", "short_code"),
    ("123456", "short_code"),
    ("GOVYE", "alphanumeric"),
    ("دليل", "alphanumeric"),
    ("GOVYE771234567", "alphanumeric"),
    ("771234567x", "alphanumeric"),
    ("01234567", "not_a_mobile"),
    ("+9671234567", "not_a_mobile"),
    ("+966501234567", "foreign"),
    ("966501234567", "foreign"),
    ("+12025550123", "foreign"),
    ("777000000", "own"),
    ("00967777000000", "own"),
    ("", "malformed"),
    ("+", "malformed"),
    ("771234567;1", "malformed"),
    ("+771234567", "malformed"),
    ("7712345678", "malformed"),
    ("9677712345678", "malformed"),
    ("7" * 21, "malformed"),
    pytest.param("7" * 100_000, "malformed", id="huge"),
    ("\x00771234567", "malformed"),
    ("½71234567", "malformed"),
    ("²²²²²²²²²", "malformed"),
]


@pytest.mark.parametrize(("raw", "fault"), REFUSED)
def test_who_gets_no_answer(raw: str, fault: str) -> None:
    with pytest.raises(NumberRefused) as refusal:
        citizen_number(raw, own={OWN})
    assert refusal.value.fault == fault
    assert raw.strip() not in str(refusal.value) or len(raw.strip()) < 2


@pytest.mark.parametrize("raw", ["+966501234567", "966501234567", "00966501234567", "٠٠٩٦٦٥٠١٢٣٤٥٦٧"])
def test_countries_that_are_answered(raw: str) -> None:
    assert citizen_number(raw, foreign_codes={966}) == "+966501234567"


def test_a_fixed_line_abroad_is_not() -> None:
    with pytest.raises(NumberRefused, match="not_a_mobile"):
        citizen_number("+966112345678", foreign_codes={966})
