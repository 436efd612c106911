"""What citizens say of answers, through the core: of their own, of facts, one each, until they are forgotten."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.contract import RatingOutcome
from channels.quality.ratings import Pace
from channels.quality.tables import RatingRow, SampleRow
from channels.tables import InboxRow, OutboxRow
from storage import utc_now
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import RecordingChannel, until

ME, OTHER = "967771234567", "967770000000"


@pytest.fixture
async def gateway(database_url, start_gateway):
    return await start_gateway(database_url, RecordingChannel())


async def ask(gateway, address: str = ME) -> str:
    """The message id of an answered question."""
    before = len(await gateway.inbox())
    await gateway.say("كم رسوم البطاقة؟", address)

    async def answered():
        rows = await gateway.inbox()
        return len(rows) > before and rows[-1].state == "done"

    await until(answered)
    return (await gateway.inbox())[-1].message_id


async def ratings(gateway) -> list[tuple[str, bool]]:
    return [(row.message_id, row.good) for row in await gateway._rows(RatingRow, RatingRow.message_id)]


async def test_an_answer_is_rated_once_and_the_word_can_be_changed(gateway) -> None:
    mine = await ask(gateway)
    for good in (True, True, False):
        assert await gateway.core.rate("test", ME, mine, good=good) is RatingOutcome.KEPT
        assert await ratings(gateway) == [(mine, good)]


async def test_two_presses_at_once_are_one_rating(gateway) -> None:
    mine = await ask(gateway)
    await asyncio.gather(*(gateway.core.rate("test", ME, mine, good=bool(place % 2)) for place in range(6)))
    assert [message for message, _ in await ratings(gateway)] == [mine]


async def test_a_repeated_word_does_not_move_the_day_of_the_first(gateway) -> None:
    mine = await ask(gateway)
    await gateway.core.rate("test", ME, mine, good=True)
    [first] = await gateway._rows(RatingRow, RatingRow.at)
    await gateway.core.rate("test", ME, mine, good=True)
    assert [row.at for row in await gateway._rows(RatingRow, RatingRow.at)] == [first.at]


@pytest.mark.parametrize("channel, address", [("test", OTHER), ("web", ME), ("test", "nobody")])
async def test_someone_elses_answer_is_not_rated(gateway, channel, address) -> None:
    mine = await ask(gateway)
    await ask(gateway, OTHER)
    assert await gateway.core.rate(channel, address, mine, good=False) is RatingOutcome.REFUSED
    assert await ratings(gateway) == []


HOSTILE = ["", "0" * 32, "0" * 31, "A" * 32, "x'; DROP TABLE ratings; --", "\u0660" * 32, "\x00" * 32, "\ud800" * 32]


@pytest.mark.parametrize("message_id", HOSTILE, ids=range(len(HOSTILE)))
async def test_what_is_no_message_is_refused(gateway, message_id) -> None:
    await ask(gateway)
    assert await gateway.core.rate("test", ME, message_id, good=True) is RatingOutcome.REFUSED
    assert await ratings(gateway) == []


KINDS = [("fees", True), ("faq", True), ("status", False), ("greeting", False), ("out_of_scope", False)]


@pytest.mark.parametrize(("kind", "rated"), KINDS)
async def test_facts_are_rated_and_nothing_else(gateway, assistant, kind, rated) -> None:
    assistant.script.append(Step(body=reply("جواب", kind=kind)))
    mine = await ask(gateway)
    kept = await gateway.core.rate("test", ME, mine, good=True) is RatingOutcome.KEPT
    assert (kept, len(await ratings(gateway))) == (rated, int(rated))


async def test_a_fallback_is_not_rated(gateway, assistant) -> None:
    assistant.script.extend([Step(status=400)])
    mine = await ask(gateway)
    assert await gateway.core.rate("test", ME, mine, good=False) is RatingOutcome.REFUSED


async def test_whoever_is_forgotten_takes_their_word_back(gateway, assistant) -> None:
    assistant.script.append(Step(body=about("id-card", 0.8)))
    mine, other = await ask(gateway), await ask(gateway, OTHER)
    for address, message in ((ME, mine), (OTHER, other)):
        await gateway.core.rate("test", address, message, good=True)
    note = SampleRow.__table__.insert().values(message_id=mine, verdict="right", note="قال كذا", by="ع", at=utc_now())
    await gateway.database.write(lambda connection: connection.execute(note))
    await gateway.core.forget("test", ME)
    await until(lambda: assistant.forgotten)
    assert await ratings(gateway) == [(other, True)]
    assert [(row.verdict, row.note) for row in await gateway._rows(SampleRow, SampleRow.at)] == [("right", None)]
    assert await gateway.core.rate("test", ME, mine, good=True) is RatingOutcome.REFUSED
    rows = {row.message_id: (row.service, row.confidence) for row in await gateway.inbox()}
    assert (rows[mine], rows[other]) == ((None, None), (None, 0.9))


async def test_a_rating_outlives_the_texts_as_a_count(gateway) -> None:
    mine = await ask(gateway)
    await gateway.core.rate("test", ME, mine, good=True)
    long_ago = utc_now() - timedelta(days=31)
    note = SampleRow.__table__.insert().values(message_id=mine, verdict="wrong", note="قال كذا", by="ع", at=utc_now())
    for statement in (
        update(InboxRow).values(received_at=long_ago),
        update(OutboxRow).values(created_at=long_ago),
        note,
    ):
        await gateway.database.write(lambda connection, statement=statement: connection.execute(statement))
    await gateway.core._erasure.retire()
    assert await ratings(gateway) == [(mine, True)]
    assert [row.note for row in await gateway._rows(SampleRow, SampleRow.at)] == [None]
    assert await gateway.core.rate("test", ME, mine, good=False) is RatingOutcome.REFUSED


async def test_too_many_presses_are_refused_without_asking_the_database(gateway) -> None:
    mine = await ask(gateway)
    outcomes = [await gateway.core.rate("test", ME, mine, good=True) for _ in range(31)]
    assert outcomes == [RatingOutcome.KEPT] * 30 + [RatingOutcome.LIMITED]


def test_the_pace_forgets_after_a_minute_and_keeps_no_more_than_it_may() -> None:
    now = 0.0
    pace = Pace(2, 3, lambda: now)
    assert [pace.may("a") for _ in range(3)] == [True, True, False]
    now = 60.0
    assert pace.may("a")
    for name in "bcd":
        assert pace.may(name)
    assert "a" not in pace._acts


def about(service: object, confidence: object) -> bytes:
    said = json.loads(reply("جواب"))
    return json.dumps(said | {"service": service, "confidence": confidence}).encode()


ABOUT = [
    ("id-card", 0.97, ("id-card", 0.97)),
    (None, 1, (None, 1.0)),
    ("x" * 80, 0, ("x" * 80, 0.0)),
    ("x" * 81, 0.5, (None, 0.5)),
    ("بطاقة", 0.5, (None, 0.5)),
    ("a\x00b", "0.5", (None, None)),
    (["id-card"], True, (None, None)),
    ({"a": 1}, float("nan"), (None, None)),
    (7, 1.01, (None, None)),
    ("", -0.1, (None, None)),
]


@pytest.mark.parametrize(("service", "confidence", "kept"), ABOUT, ids=range(len(ABOUT)))
async def test_what_a_message_was_about_is_kept_and_checked(gateway, assistant, service, confidence, kept) -> None:
    assistant.script.append(Step(body=about(service, confidence)))
    await ask(gateway)
    query = select(InboxRow.outcome, InboxRow.service, InboxRow.confidence)
    found = await gateway.database.read(lambda connection: connection.execute(query).one())
    assert tuple(found) == ("answered", *kept)
