import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import BotMessage, Choice, Reply
from channels.sms.outbound.render import MORE, pages, reply_text
from channels.sms.outbound.segments import clean, split

READABLE = [
    # As in a receipt: begins with a Latin letter, reads right as it is.
    ("رقم المعاملة PSP-2026-001234 قيد النظر", "رقم المعاملة PSP-2026-001234 قيد النظر"),
    # Between Arabic words a hyphen between digits turns round: 22-11-2026.
    ("المصدر بتاريخ 2026-11-22.", "المصدر بتاريخ 2026/11/22."),
    ("هاتف 01-252701", "هاتف 01252701"),
    ("هاتف +967771234567", "هاتف 00967771234567"),
    ("الرسوم 3,500 ريال", "الرسوم 3,500 ريال"),
    ("من 8-12 صباحا", "من 8-12 صباحا"),
    ("\u2068PSP-2026-001234\u2069\u200f", "PSP-2026-001234"),
]


@pytest.mark.parametrize(("text", "shown"), READABLE)
def test_mixed_runs_read_right_without_invisible_marks(text: str, shown: str) -> None:
    assert reply_text([(text, [])]) == shown


def test_choices_are_numbered_through_the_whole_reply() -> None:
    reply = [("أي خدمة تقصد؟", ["إصدار جواز", "تجديد جواز"]), ("أو:", ["شخص يساعدني"])]
    assert reply_text(reply) == "أي خدمة تقصد؟\n1) إصدار جواز\n2) تجديد جواز\nأو:\n3) شخص يساعدني"


def test_three_parts_go_out_whole() -> None:
    text = "س" * 201
    assert pages(text) == (text,)


LINES = "\n".join(f"{number}- وثيقة مطلوبة رقمها {number} مع صورتها" for number in range(1, 30))


def test_a_long_reply_is_cut_at_lines_and_says_how_to_go_on() -> None:
    cut = pages(clean(LINES))
    assert len(cut) > 3
    for page in cut[:-1]:
        assert page.endswith("\n" + MORE)
        assert len(split(page).parts) <= 3
    assert MORE not in cut[-1]
    assert "\n".join(page.removesuffix("\n" + MORE) for page in cut) == LINES


WORDS = st.sampled_from(["بطاقة", "رسوم", "3,000", "PSP-2026-001234", "س" * 90, "a" * 250, "😀", "\n", "و", "."])


@given(st.lists(WORDS, min_size=1, max_size=150))
def test_no_page_costs_more_than_three_parts_and_no_word_is_lost(words: list[str]) -> None:
    text = clean(" ".join(words))
    cut = pages(text) if text else ("",)
    assert all(len(split(page).parts) <= 3 for page in cut)
    said = [page.removesuffix("\n" + MORE) for page in cut]
    assert "".join("".join(said).split()) == "".join(text.split())


def test_an_english_reply_too_long_for_gsm_is_cut_as_what_it_becomes() -> None:
    cut = pages("word " * 100)
    assert len(cut) > 1
    assert all(len(split(page).parts) <= 3 for page in cut)


def test_the_reply_of_the_contract(sms_channel) -> None:
    choices = (Choice("c1", "الرسوم", "x.c1"), Choice("c2", "المدة", "x.c2"))
    short = sms_channel.render(Reply("x", "ambiguous", (BotMessage("ماذا تريد؟", choices),)))
    assert [(payload.body, payload.held) for payload in short] == [
        ({"text": "ماذا تريد؟\n1) الرسوم\n2) المدة"}, False)
    ]  # fmt: skip
    long = sms_channel.render(Reply("x", "requirements", (BotMessage(LINES),)))
    assert [payload.held for payload in long] == [False] + [True] * (len(long) - 1)
