import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import BotMessage, Choice, Reply
from channels.telegram.render import LONGEST_TEXT, as_html, cut, payloads, units
from channels.telegram.simulator.markup import plain_text

FSI, PDI = "\u2068", "\u2069"


def reply(*messages: BotMessage) -> Reply:
    return Reply("0b7e", "fees", messages)


TEXTS = [
    ("الرسوم 3,500 ريال", f"الرسوم {FSI}3,500{PDI} ريال"),
    ("رقم المعاملة PSP-2026-001234", f"رقم المعاملة {FSI}<code>PSP-2026-001234</code>{PDI}"),
    ("<b>تنبيه</b> & \"نص\"", "&lt;b&gt;تنبيه&lt;/b&gt; &amp; \"نص\""),
    ("\u202eمقلوب\u200f", "مقلوب"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), TEXTS)
def test_texts_are_escaped_isolated_and_read_the_same(text: str, html: str) -> None:
    [payload] = payloads(reply(BotMessage(text)))
    assert payload.body["html"] == html


@given(st.text(max_size=300))
def test_telegram_can_always_read_the_markup(text: str) -> None:
    assert plain_text(as_html(text)) == text


def test_every_message_has_its_buttons_and_short_data() -> None:
    choices = tuple(Choice(f"c{number}", f"خدمة {number}", f"{'0' * 32}.c{number}") for number in (1, 2))
    first, second = payloads(reply(BotMessage("أي خدمة؟", choices), BotMessage("أو اكتب سؤالك.")))
    assert first.body["buttons"] == [
        {"title": "خدمة 1", "token": "0" * 32 + ".c1"},
        {"title": "خدمة 2", "token": "0" * 32 + ".c2"},
    ]
    assert second.body["buttons"] == []


def test_a_long_message_goes_out_in_several_with_the_buttons_last() -> None:
    text = "\n".join(f"{number}- وثيقة مطلوبة رقمها {number}" for number in range(400))
    bodies = [payload.body for payload in payloads(reply(BotMessage(text, (Choice("c1", "الرسوم", "t"),))))]
    assert len(bodies) > 2
    assert [bool(body["buttons"]) for body in bodies] == [False] * (len(bodies) - 1) + [True]
    assert all(units(plain_text(body["html"])) <= LONGEST_TEXT for body in bodies)


@given(st.lists(st.sampled_from(["بطاقة", "\n", "\n\n", "😀" * 5, "س" * 40, "PSP-2026"]), min_size=1).map(" ".join))
def test_cutting_loses_no_word_and_no_half_pair(text: str) -> None:
    pieces = cut(text, 50)
    assert all(units(piece) <= 50 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    "".join(pieces).encode("utf-8")


def test_cuts_between_paragraphs_before_lines_before_words() -> None:
    assert cut("فقرة أولى طويلة\n\nفقرة ثانية", 20) == ["فقرة أولى طويلة", "فقرة ثانية"]
    assert cut("سطر أول طويل\nسطر ثان", 15) == ["سطر أول طويل", "سطر ثان"]
    assert cut("كلمة وكلمة وكلمة", 12) == ["كلمة وكلمة", "وكلمة"]
    assert cut("س" * 25, 10) == ["س" * 10, "س" * 10, "س" * 5]
