"""What was not answered: grouped, decided about once, and turned into examples and test sentences."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from channels.quality.tables import RatingRow
from channels.tables import Contact, InboxRow
from console.access.roles import Role
from console.inbox.grouping import Missed, group
from console.inbox.tables import GapRow, ReviewRow
from console.knowledge.tables import TestSentenceRow
from storage import utc_now

NOW = utc_now()


def missed(*texts: str) -> list[Missed]:
    return [
        Missed(f"{number:032x}", "web", text, "out_of_scope", NOW + timedelta(seconds=number))
        for number, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("texts", "sizes"),
    [
        ((), []),
        (("كم سعر الدولار اليوم", "كم سعر الدولار اليوم؟", "سعر الدولار كم اليوم"), [3]),
        (("كم سعر الدولار", "وين مكتب البريد"), [1, 1]),
        (("ابغى رقم واتساب دليل", "رقم الواتساب حق دليل", "كم رقم واتساب دليل", "مبروك العيد"), [3, 1]),
        (("؟؟؟", "!!!", "كم"), [1, 1, 1]),
    ],
)
def test_messages_are_grouped_by_what_they_ask(texts: tuple[str, ...], sizes: list[int]) -> None:
    assert [len(found.messages) for found in group(missed(*texts))] == sizes


def ask(console: Any, text: str, kind: str = "out_of_scope", **changes: Any) -> str:
    message = uuid.uuid4().hex
    row = {
        "message_id": message,
        "conversation": "c" * 64,
        "channel": "web",
        "external_id": message,
        "task": "message",
        "text": text,
        "more": False,
        "received_at": utc_now(),
        "state": "done",
        "due_at": utc_now(),
        "attempts": 1,
        "outcome": "answered",
        "reply_kind": kind,
        "done_at": utc_now(),
    }
    contact = {"id": "c" * 64, "channel": "web", "started_at": NOW, "last_message_at": NOW, "opted_out": False}

    def work(connection: Any) -> None:
        if connection.scalar(select(Contact.id)) is None:
            connection.execute(insert(Contact).values(**contact))
        connection.execute(insert(InboxRow).values(**{**row, **changes}))

    console.write(work)
    return message


def all_of(console: Any, table: Any) -> list[Any]:
    return console.write(lambda connection: list(connection.execute(select(table.__table__))))


async def test_only_what_was_missed_is_shown_most_frequent_first(console) -> None:
    ask(console, "سؤال نادر جدا عن القمر")
    for _ in range(3):
        ask(console, "كم سعر الدولار اليوم")
    ask(console, "كم رسوم الجواز", "fees")
    ask(console, "رقمي 771234567 كلموني")
    status, page = await console.browser(Role.EDITOR).get("/inbox")
    assert status == 200
    assert page.index("كم سعر الدولار اليوم") < page.index("سؤال نادر")
    assert "كم رسوم الجواز" not in page
    assert "771234567" not in page


async def test_added_to_a_topic_it_is_an_example_and_a_test_and_gone_from_the_inbox(console) -> None:
    message = ask(console, "وين تروح رسايلي بعد ما اكتبها")
    other = ask(console, "رسايلي وين تروح بعد ما اكتبها")
    editor = console.browser(Role.EDITOR)
    form = {"path": "faq/privacy.yml", "text": "وين تروح رسايلي بعد ما اكتبها"}
    assert await editor.post(f"/inbox/{message}/add", form) == (303, "/inbox?done=saved")
    assert "وين تروح رسايلي بعد ما اكتبها" in (await editor.get("/faq/privacy"))[1]
    assert [(row.text, row.kind) for row in all_of(console, TestSentenceRow)] == [(form["text"], "faq")]
    assert {row.message_id for row in all_of(console, ReviewRow)} == {message, other}
    assert (await editor.get(f"/inbox/{message}"))[0] == 410


async def test_taught_as_a_question_about_a_service(console) -> None:
    message = ask(console, "الجواز هذا على كم يطلع")
    editor = console.browser(Role.EDITOR)
    form = {"service": "passport", "kind": "requirements", "text": "الجواز هذا على كم يطلع"}
    assert (await editor.post(f"/inbox/{message}/teach", form))[0] == 303
    assert "الجواز هذا على كم يطلع" in (await editor.get("/training/services/passport/0"))[1]
    [sentence] = all_of(console, TestSentenceRow)
    assert (sentence.kind, sentence.service) == ("requirements", "passport")


async def test_a_gap_is_reported_and_a_dismissal_has_its_reason(console) -> None:
    editor = console.browser(Role.EDITOR)
    gap, noise = ask(console, "كم رسوم تجديد الرخصة الدولية"), ask(console, "بسبسبس")
    form = {"text": "رسوم الرخصة الدولية", "source": "موقع المرور", "service": ""}
    assert (await editor.post(f"/inbox/{gap}/gap", form))[0] == 303
    assert (await editor.post(f"/inbox/{noise}/dismiss", {"reason": "عبث"}))[0] == 303
    assert [(row.text, row.source, row.state) for row in all_of(console, GapRow)] == [
        ("رسوم الرخصة الدولية", "موقع المرور", "open")
    ]
    assert "لا شيء ينتظر" in (await editor.get("/inbox"))[1]


@pytest.mark.parametrize(
    ("act", "form", "says"),
    [
        ("add", {"path": "", "text": "سؤال ضائع هنا"}, "اختر الموضوع"),
        ("add", {"path": "services/passport.yml", "text": "سؤال ضائع هنا"}, "اختر الموضوع"),
        ("add", {"path": "../../etc/passwd", "text": "سؤال ضائع هنا"}, "اختر الموضوع"),
        ("add", {"path": "faq/privacy.yml", "text": "جملة لم يقلها أحد"}, "اختر صيغة واحدة"),
        ("teach", {"service": "passport", "kind": "status", "text": "سؤال ضائع هنا"}, "اختر الموضوع"),
        ("teach", {"service": "../x", "kind": "fees", "text": "سؤال ضائع هنا"}, "اختر الموضوع"),
        ("gap", {"text": " "}, "ما الذي ينقص"),
    ],
)
async def test_a_wrong_form_decides_nothing(console, act, form, says) -> None:
    message = ask(console, "سؤال ضائع هنا")
    status, page = await console.browser(Role.EDITOR).post(f"/inbox/{message}/{act}", form)
    assert status == 400
    assert says in page
    assert all_of(console, ReviewRow) == []


async def test_hostile_text_of_a_citizen_is_text(console) -> None:
    message = ask(console, '<img src=x onerror=alert(1)>\u202e "قلب"')
    for path in ("/inbox", f"/inbox/{message}", f"/faq/new?from={message}"):
        _, page = await console.browser(Role.EDITOR).get(path)
        assert "<img src=x" not in page
        assert "onerror" in page


@pytest.mark.parametrize(("good", "shown"), [(False, True), (True, False)])
async def test_an_answer_that_did_not_help_waits_too(console, good: bool, shown: bool) -> None:
    message = ask(console, "كم رسوم الجواز الدبلوماسي", "fees")
    rating = {"message_id": message, "good": good, "at": utc_now()}
    console.write(lambda connection: connection.execute(insert(RatingRow).values(**rating)))
    _, page = await console.browser(Role.EDITOR).get("/inbox?kind=bad")
    assert ("كم رسوم الجواز الدبلوماسي" in page) == shown
    _, page = await console.browser(Role.EDITOR).get("/inbox")
    assert ("لم يُفد الجواب · " in page) == shown
