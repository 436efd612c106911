"""One message in, one answer out: order, duplicates, choices, texts, and never silence."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels import text
from channels.contract import Acceptance, Limit
from channels.tables import Outcome
from storage import utc_now
from tests.channels.fake_assistant import FakeAssistant, Step, reply
from tests.channels.harness import RecordingChannel, until


async def test_a_question_is_answered(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    assert await gateway.say("كم رسوم الجواز؟") is Acceptance.ACCEPTED
    await until(lambda: channel.sent)
    assert channel.texts == ["الجواب: كم رسوم الجواز؟"]
    assert channel.sent[0].address == "967771234567"
    question = assistant.asked[0]
    assert question["channel"] == "test"
    assert question["choice"] is None
    assert len(question["conversation"]) == 64
    assert "967771234567" not in str(question)


async def test_one_conversation_is_answered_in_order_and_one_at_a_time(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    for number in range(8):
        await gateway.say(f"سؤال {number}")
    await until(lambda: len(channel.sent) == 8)
    assert channel.texts == [f"الجواب: سؤال {number}" for number in range(8)]
    assert assistant.most_at_once == 1


async def test_a_slow_conversation_does_not_hold_up_another(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel, assistant_budget_seconds=30.0)
    hold = asyncio.Event()
    assistant.by_text["بطيء"].append(Step(hold=hold))
    await gateway.say("بطيء", "first")
    await until(lambda: assistant.asked)
    await gateway.say("سريع", "second")
    await until(lambda: channel.sent)
    assert channel.texts == ["الجواب: سريع"]
    hold.set()
    await until(lambda: len(channel.sent) == 2)


async def test_what_is_told_again_under_another_id_is_one_message(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    told = await asyncio.gather(*(gateway.say("كم الرسوم؟ ", id=f"m{n}", copy_within=60.0) for n in range(5)))
    assert sorted(answer.value for answer in told) == ["accepted"] + ["duplicate"] * 4
    await until(lambda: channel.sent)
    assert await gateway.say("كم الرسوم؟", copy_within=60.0) is Acceptance.DUPLICATE, "though it is answered already"
    assert await gateway.say("كم الرسوم الآن؟", copy_within=60.0) is Acceptance.ACCEPTED
    assert await gateway.say("كم الرسوم؟", "another", copy_within=60.0) is Acceptance.ACCEPTED
    assert await gateway.say("كم الرسوم؟") is Acceptance.ACCEPTED, "whoever asks twice means it"
    later = utc_now() + timedelta(seconds=61)
    assert await gateway.say("كم الرسوم؟", copy_within=60.0, received_at=later) is Acceptance.ACCEPTED


async def test_a_repeated_delivery_is_one_message(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    answers = await asyncio.gather(*(gateway.say("مرة", id="update-7") for _ in range(5)))
    assert sorted(answer.value for answer in answers) == ["accepted"] + ["duplicate"] * 4
    await until(lambda: channel.sent)
    assert await gateway.say("مرة", id="update-7") is Acceptance.DUPLICATE
    await gateway.say("بعدها")
    await until(lambda: len(channel.sent) == 2)
    assert assistant.texts == ["مرة", "بعدها"]


FAILURES = {
    "error every time": [Step(status=500)] * 9,
    "empty reply": [Step(body=b'{"kind": "fees", "messages": []}')] * 9,
    "blank text": [Step(body=reply("  "))] * 9,
    "not json": [Step(body=b"<html>")] * 9,
    "not a reply": [Step(body=b"[1]")] * 9,
    "choices that are no choices": [Step(body=reply("نعم", choices=[{"id": "x" * 40, "title": "أ"}]))] * 9,
    "refused as our fault": [Step(status=422)],
    "wrong token": [Step(status=401)],
    "connection cut": [Step(dies=True)] * 9,
    "late every time": [Step(hold=asyncio.Event())] * 9,
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_when_the_assistant_fails_the_citizen_hears_so(sqlite_url, assistant, start_gateway, failure) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel, assistant_budget_seconds=0.2)
    for step in FAILURES[failure]:
        assistant.script.append(Step(step.status, step.body, {}, step.hold and asyncio.Event(), step.dies))
    await gateway.say("كم رسوم الجواز؟")
    await until(lambda: channel.sent)
    assert channel.texts == [text.FALLBACK]
    [row] = await gateway.inbox()
    assert (row.state, row.outcome) == ("done", Outcome.FALLBACK)


PASSING_FAILURES = {
    "one error": [Step(status=500)],
    "overloaded": [Step(status=429, headers={"Retry-After": "0"}), Step(status=503)],
    "over budget": [Step(status=504)],
    "connection cut": [Step(dies=True)],
    "nonsense": [Step(body=b"{}")],
}


@pytest.mark.parametrize("failure", PASSING_FAILURES)
async def test_a_passing_failure_is_tried_again_with_the_same_id(sqlite_url, assistant, start_gateway, failure) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    assistant.script.extend(PASSING_FAILURES[failure])
    await gateway.say("سؤال")
    await until(lambda: channel.sent)
    assert channel.texts == ["الجواب: سؤال"]
    assert len({question["id"] for question in assistant.asked}) == 1
    assert len(assistant.asked) == len(PASSING_FAILURES[failure]) + 1


async def test_an_assistant_that_is_down_is_not_silence(sqlite_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel)
    await assistant.stop()
    await gateway.say("سؤال")
    await until(lambda: channel.sent)
    assert channel.texts == [text.FALLBACK]


async def test_a_conversation_keeps_its_worker_until_that_is_down(sqlite_url, assistant, start_gateway) -> None:
    other = FakeAssistant()
    for _ in range(20):  # the workers' ports follow one another
        try:
            await other.start(assistant.port + 1)
            break
        except OSError:
            port = assistant.port
            await assistant.stop()
            await assistant.start(port + 2)
    workers = {"here": assistant, "there": other}
    channel = RecordingChannel()
    gateway = await start_gateway(sqlite_url, channel, assistant_workers=2)
    try:
        for number in range(12):
            await gateway.say(f"أول {number}", f"citizen-{number}")
            await gateway.say(f"ثان {number}", f"citizen-{number}")
        await until(lambda: len(channel.sent) == 24)
        asked = {name: {question["conversation"] for question in worker.asked} for name, worker in workers.items()}
        assert asked["here"] and asked["there"]
        assert not asked["here"] & asked["there"]
        await other.stop()
        for number in range(12):
            await gateway.say(f"ثالث {number}", f"citizen-{number}")
        await until(lambda: len(channel.sent) == 36)
        assert text.FALLBACK not in channel.texts
    finally:
        await other.stop()


async def test_a_pressed_button_reaches_the_assistant_by_its_id(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    choices = [{"id": "c1", "title": "الرسوم"}, {"id": "c2", "title": "الأوراق"}]
    assistant.script.append(Step(body=reply("ماذا تريد؟", choices=choices)))
    await gateway.say("الجواز")
    await until(lambda: channel.sent)
    first, second = channel.sent[0].body["tokens"]
    await gateway.say("", choice=second)
    await until(lambda: len(channel.sent) == 2)
    assert (assistant.asked[1]["text"], assistant.asked[1]["choice"]) == ("الأوراق", "c2")
    # By now another reply is the newest: an old button only says its title.
    await gateway.say("", choice=first)
    await until(lambda: len(channel.sent) == 3)
    assert (assistant.asked[2]["text"], assistant.asked[2]["choice"]) == ("الرسوم", None)
    # A button of somebody else's conversation, or of none.
    await gateway.say("", "stranger", choice=first)
    await until(lambda: len(channel.sent) == 4)
    assert channel.texts[3] == text.STALE
    assert len(assistant.asked) == 3


SELF_ANSWERED = [
    ("", text.EMPTY),
    (" \x00\x07\u202e ", text.EMPTY),
    ("س" * 51, text.TOO_LONG.format(limit=50)),
    ("س" * 100_000, text.TOO_LONG.format(limit=50)),
]


@pytest.mark.parametrize(("said", "answer"), SELF_ANSWERED)
async def test_what_the_assistant_need_not_see(database_url, assistant, start_gateway, said, answer) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel, max_message_chars=50)
    await gateway.say(said)
    await until(lambda: channel.sent)
    assert channel.texts == [answer]
    assert assistant.asked == []


CLEANED = [
    ("كم\x00 رسوم\x1b الجواز", "كم رسوم الجواز"),
    ("\u202eجواز\u202c\u2066", "جواز"),
    ("سطر\r\nسطر\n\n\n\n\nسطر", "سطر\nسطر\n\nسطر"),
    ("قبل\ud83dبعد", "قبلبعد"),
    ("👨‍👩‍👧 عائلة", "👨‍👩‍👧 عائلة"),
    ("/start", "/start"),
]


@pytest.mark.parametrize(("said", "heard"), CLEANED)
async def test_harmful_characters_are_taken_out(database_url, assistant, start_gateway, said, heard) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    await gateway.say(said)
    await until(lambda: channel.sent)
    assert assistant.texts == [heard]


async def test_over_the_limit_one_answer_then_silence(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel(limits=(Limit(3, 3600),))
    gateway = await start_gateway(database_url, channel)
    answers = [await gateway.say(f"سؤال {number}", id=f"m{number}") for number in range(6)]
    assert [answer.value for answer in answers] == ["accepted"] * 3 + ["limited"] * 3
    assert await gateway.say("سؤال 0", id="m0") is Acceptance.DUPLICATE
    await gateway.say("غيره", "someone-else")
    await until(lambda: len(channel.sent) == 5)
    assert channel.texts.count("وصلت منك رسائل كثيرة. انتظر ساعة ثم أرسل سؤالك.") == 1
    assert len(assistant.asked) == 4


async def test_the_rest_of_a_long_answer_comes_when_asked_for(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    assistant.script.append(Step(body=reply("أول", "ثان", "ثالث")))
    await gateway.say("سؤال طويل")
    await gateway.say("0", more=True)
    await gateway.say("0", more=True)
    await gateway.say("0", more=True)  # nothing is left: the assistant answers
    await until(lambda: len(channel.sent) == 4)
    assert channel.texts == ["أول", "ثان", "ثالث", "الجواب: 0"]


async def test_a_new_answer_drops_the_rest_of_the_old_one(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    assistant.script.append(Step(body=reply("أول", "ثان")))
    await gateway.say("طويل")
    await gateway.say("غيره")
    await gateway.say("0", more=True)
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts == ["أول", "الجواب: غيره", "الجواب: 0"]


async def test_stop_is_kept_and_confirmed_once(database_url, assistant, start_gateway) -> None:
    channel = RecordingChannel(limits=(Limit(1, 3600),))
    gateway = await start_gateway(database_url, channel)
    for _ in range(2):
        await gateway.say("إيقاف", opted_out=True, answer="أوقفنا الرسائل.")
    await gateway.say("اشتراك", opted_out=False, answer="عادت الرسائل.")
    await until(lambda: len(channel.sent) == 2)
    await gateway.say("سؤال")
    await until(lambda: len(channel.sent) == 3)
    assert channel.texts == ["أوقفنا الرسائل.", "عادت الرسائل.", "وصلت منك رسائل كثيرة. انتظر ساعة ثم أرسل سؤالك."]
    assert assistant.asked == []
