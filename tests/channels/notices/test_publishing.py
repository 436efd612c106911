"""What may be published and what may be stopped, and what the database has of it."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from arabic import words
from channels.errors import NoticeRefused
from channels.notices import publishing, switches, wishes
from channels.notices.limits import SMS_BANNER, Kind, What
from channels.sms.inbound.words import Subscription, subscription_word
from channels.sms.outbound.segments import split
from storage import SyncDatabase, utc_now
from tests.channels.noticing import REASON, TEXT, draft

NOW = utc_now()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANSWER = Kind.ANSWER
REFUSED = [
    ({"text": ""}, [(What.NO_TEXT, "")]),
    ({"text": "\u202e \u200f\x00 "}, [(What.NO_TEXT, "")]),
    ({"text": "ـــ", "channels": ("sms",)}, [(What.NO_TEXT, "sms")]),
    ({"text": "ا" * 301, "channels": ("web",)}, [(What.TOO_LONG, "")]),
    ({"text": "ا" * (SMS_BANNER + 1)}, [(What.TOO_LONG, "sms")]),
    ({"text": "😀" * 34}, [(What.TOO_LONG, "sms")]),
    ({"text": "ا" * 202, "kind": ANSWER}, [(What.TOO_MANY_PARTS, "sms")]),
    ({"text": "ا" * 1001, "kind": ANSWER, "channels": ("telegram",)}, [(What.TOO_LONG, "")]),
    ({"channels": ()}, [(What.NO_CHANNEL, "")]),
    ({"channels": ("web", "fax")}, [(What.NO_CHANNEL, "")]),
    ({"reason": " \n "}, [(What.NO_REASON, "")]),
    ({"reason": "س" * 201}, [(What.LONG_REASON, "")]),
    ({"starts_at": NOW + HOUR, "ends_at": NOW + HOUR}, [(What.ENDS_FIRST, "")]),
    ({"starts_at": NOW - DAY, "ends_at": NOW - HOUR}, [(What.OVER, "")]),
    ({"starts_at": NOW, "ends_at": NOW + 31 * DAY + timedelta(seconds=1)}, [(What.TOO_MANY_DAYS, "")]),
    ({"text": "", "reason": ""}, [(What.NO_TEXT, ""), (What.NO_REASON, "")]),
]
TAKEN = [
    {"text": "ا" * 300, "channels": ("web", "telegram")},
    {"text": "ا" * SMS_BANNER},
    {"text": "😀" * 33},
    {"text": "ا" * 201, "kind": ANSWER},
    {"text": "a" * 459, "kind": ANSWER, "channels": ("sms",)},
    {"starts_at": NOW - HOUR, "ends_at": NOW + 30 * DAY},
    {"channels": ["sms"]},
]


@pytest.fixture
def connection(database_url: str):
    database = SyncDatabase(database_url)
    with database.engine.execution_options(dalil_writes=True).begin() as connection:
        yield connection
    database.close()


@pytest.mark.parametrize(("changes", "expected"), REFUSED)
def test_what_is_refused(changes, expected) -> None:
    assert [(fault.what, fault.channel) for fault in publishing.faults(draft(**changes), NOW)] == expected


@pytest.mark.parametrize("changes", TAKEN)
def test_what_is_taken(changes) -> None:
    assert publishing.faults(draft(**changes), NOW) == []


def test_a_notice_from_publishing_to_its_end(connection) -> None:
    later = draft(starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR, channels=("sms", "web"))
    first = publishing.publish(connection, later, "a.saleh")
    second = publishing.publish(connection, draft("سطر\r\n\u202eثان\x00", ANSWER), "m.ali")
    assert (first.channels, first.kind, first.author) == (("web", "sms"), Kind.BANNER, "a.saleh")
    assert (second.text, second.reason) == ("سطر\nثان", REASON)
    assert publishing.ahead(connection) == [second, first]
    assert publishing.running(connection) == [second]
    assert publishing.running(connection, NOW + 1.5 * HOUR) == [first]
    assert publishing.running(connection, NOW + 2.1 * HOUR) == []
    ended = publishing.withdraw(connection, second.id, "a.saleh")
    assert ended and ended.withdrawn_by == "a.saleh" and ended.over(utc_now())
    assert publishing.withdraw(connection, second.id, "m.ali") is None
    assert publishing.withdraw(connection, 99, "m.ali") is None
    assert publishing.ahead(connection) == [first]
    assert publishing.listed(connection) == [ended, first]


def test_what_has_faults_is_not_published(connection) -> None:
    with pytest.raises(NoticeRefused, match="no-text") as refused:
        publishing.publish(connection, draft(" "), "a.saleh")
    assert refused.value.faults[0].what is What.NO_TEXT
    assert publishing.listed(connection) == []


def test_a_stop_and_what_it_says(connection) -> None:
    made = switches.stop(connection, "sms", " عطل\nعند المشغل ", "a.saleh")
    assert (made.reason, made.said, made.by) == ("عطل عند المشغل", switches.SAID["sms"], "a.saleh")
    changed = switches.stop(connection, "sms", "سبب آخر", "m.ali", "نعود غدا.")
    assert (changed.reason, changed.said, changed.by) == ("سبب آخر", "نعود غدا.", "m.ali")
    assert changed.at == made.at  # it is the same stop: nobody is told again
    assert switches.stopped(connection) == {"sms": changed}
    assert switches.resume(connection, "sms") == changed
    assert switches.resume(connection, "sms") is None
    assert switches.stopped(connection) == {}


@pytest.mark.parametrize(
    ("channel", "reason", "said", "what"),
    [
        ("sms", "", "", What.NO_REASON),
        ("fax", "عطل", "", What.NO_CHANNEL),
        ("sms", "عطل", "ا" * 202, What.TOO_MANY_PARTS),
        ("web", "عطل", "ا" * 1001, What.TOO_LONG),
    ],
)
def test_stops_that_are_refused(connection, channel, reason, said, what) -> None:
    with pytest.raises(NoticeRefused) as refused:
        switches.stop(connection, channel, reason, "a.saleh", said)
    assert [fault.what for fault in refused.value.faults] == [what]


def test_the_words_of_a_stop_on_sms_are_one_part() -> None:
    assert len(split(switches.SAID["sms"]).parts) == 1
    assert TEXT and len(split(wishes.STOPPED).parts) == 1


def test_the_gateway_knows_every_stop_word_of_the_assistant() -> None:
    source = Path(__file__).parents[3] / "bot/components/commands.py"
    [commands] = [
        ast.literal_eval(node.value)
        for node in ast.parse(source.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_COMMANDS"
    ]
    unknown = [text for text in commands["stop"] if not wishes.unsubscribes(text)]
    assert unknown == []
    others = [text for name, texts in commands.items() if name != "stop" for text in texts]
    assert [text for text in others if wishes.unsubscribes(text)] == []
    assert words("إيقاف") and subscription_word("إيقاف") is Subscription.STOP
