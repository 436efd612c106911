"""Samples for reviewers: random, in proportion, the same for a seed; verdicts; the rate with its interval."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import insert, select

from channels.quality.tables import LONGEST_NOTE, SampleRow
from channels.tables import InboxRow, OutboxRow
from console.errors import Problem
from console.figures.period import Period
from console.figures.samples import Sample, correctness, draw, judge, quotas
from console.figures.shares import Share
from tests.console.figures.seeding import moment

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
AT = moment("2026-03-10")


def ids(samples: list[Sample]) -> list[str]:
    return [sample.message_id for sample in samples]


QUOTAS = [
    ({}, 10, {}),
    ({"fees": 3}, 10, {"fees": 3}),
    ({"fees": 60, "faq": 30, "steps": 10}, 10, {"fees": 6, "faq": 3, "steps": 1}),
    ({"fees": 50, "faq": 50}, 5, {"faq": 3, "fees": 2}),
    ({"fees": 998, "faq": 1, "steps": 1}, 10, {"fees": 10}),
    ({"fees": 1, "faq": 1, "steps": 1}, 2, {"faq": 1, "fees": 1}),
]


@pytest.mark.parametrize(("sizes", "size", "given"), QUOTAS)
def test_each_kind_gives_in_proportion(sizes, size, given) -> None:
    assert quotas(sizes, size) == given


def test_nothing_to_draw(connection) -> None:
    assert draw(connection, MARCH, 10, 1) == []


@pytest.fixture
def many(log) -> None:
    for kind, count in [("fees", 60), ("steps", 30), ("faq", 10)]:
        for _ in range(count):
            log.message(AT, kind)


def test_a_seed_draws_the_same_again_and_another_others(connection, many) -> None:
    first = draw(connection, MARCH, 10, 1)
    assert Counter(sample.kind for sample in first) == {"fees": 6, "steps": 3, "faq": 1}
    assert draw(connection, MARCH, 10, 1) == first
    assert set(ids(draw(connection, MARCH, 10, 2))) != set(ids(first))
    judge(connection, first[3].message_id, "right", "", "reviewer")
    again = draw(connection, MARCH, 10, 1)
    assert ids(again) == ids(first)
    assert [bool(sample.verdict) for sample in again] == [place == 3 for place in range(10)]


def test_every_message_has_the_same_chance(connection, many) -> None:
    drawn = Counter(message for seed in range(300) for message in ids(draw(connection, MARCH, 10, seed)))
    assert sum(drawn.values()) == 3_000
    # 30 expected of each; the same seeds draw the same on both databases, so this is no matter of luck
    assert len(drawn) == 100
    assert 10 <= min(drawn.values()) and max(drawn.values()) <= 60


def test_only_answers_that_can_be_read_and_judged_are_drawn(connection, log) -> None:
    wanted = [log.message(AT, "fees"), log.message(AT, "out_of_scope"), log.message(AT, "ambiguous")]
    log.message(moment("2026-02-28", "23:59"), "fees")
    log.message(moment("2026-04-01"), "fees")
    log.message(AT, "fees", text=None)
    log.message(AT, "status")
    log.message(AT, "greeting")
    log.message(AT, None)
    log.open(AT)
    assert set(ids(draw(connection, MARCH, 50, 1))) == set(wanted)


def test_a_reviewer_of_some_services_sees_no_others(connection, log) -> None:
    mine = log.message(AT, "fees", service="id-card")
    log.message(AT, "fees", service="passport")
    log.message(AT, "out_of_scope")
    assert ids(draw(connection, MARCH, 50, 1, services=["id-card"])) == [mine]
    assert draw(connection, MARCH, 50, 1, services=[]) == []


def test_what_the_reviewer_reads(connection, log) -> None:
    message = log.message(AT, "fees", "telegram", text="كم الرسوم؟", service="id-card", confidence=0.8)
    row = connection.scalar(select(InboxRow.id).where(InboxRow.message_id == message))
    for place, body in enumerate([{"html": "الرسوم &lt;<code>PSP-1</code>&gt; &amp; كذا"}, {"text": "المصدر"}, None]):
        values = {"message_id": f"{place:032x}", "conversation": "c", "channel": "web", "inbox_id": row, "push": False}
        values |= {"body": body, "created_at": AT, "state": "accepted", "due_at": AT, "attempts": 0}
        connection.execute(insert(OutboxRow).values(**values))
    [sample] = draw(connection, MARCH, 5, 1)
    assert (sample.question, sample.answer) == ("كم الرسوم؟", "الرسوم <PSP-1> & كذا\nالمصدر")
    assert (sample.channel, sample.kind, sample.service, sample.confidence) == ("telegram", "fees", "id-card", 0.8)


def test_a_verdict_is_kept_and_changed(connection, log) -> None:
    message = log.message(AT, "fees", service="id-card")
    assert judge(connection, message, "wrong", "  الرسم تغيّر ", "amal") == "id-card"
    judge(connection, message, "partly", "س" * (LONGEST_NOTE + 1), "saleh")
    [row] = connection.execute(select(SampleRow)).all()
    assert (row.message_id, row.verdict, len(row.note), row.by) == (message, "partly", LONGEST_NOTE, "saleh")


REFUSED = [("nonsense", None, 400), ("", None, 400), ("right", "0" * 32, 404), ("right", "x\x00", 404)]


@pytest.mark.parametrize(("verdict", "message_id", "status"), REFUSED)
def test_what_is_no_verdict(connection, log, verdict, message_id, status) -> None:
    message = log.message(AT)
    with pytest.raises(Problem) as raised:
        judge(connection, message_id or message, verdict, "", "amal")
    assert raised.value.status == status


@pytest.mark.parametrize("fields", [{"text": None}, {"outcome": "fallback"}, {"outcome": None, "state": "received"}])
def test_what_cannot_be_read_is_not_judged(connection, log, fields) -> None:
    with pytest.raises(Problem):
        judge(connection, log.message(AT, **fields), "right", "", "amal")


def test_half_right_is_not_right_and_unclear_does_not_count(connection, log) -> None:
    for verdict, count in [("right", 80), ("wrong", 12), ("partly", 8), ("unclear", 5)]:
        for _ in range(count):
            log.verdict(log.message(AT), verdict)
    log.verdict(log.message(moment("2026-02-28", "23:59")), "wrong")
    log.verdict(log.message(moment("2026-04-01", "00:00")), "wrong", moment("2026-04-02"))
    found = correctness(connection, MARCH)
    assert (found.right, found.partly, found.wrong, found.unclear) == (Share(80, 100), 8, 12, 5)
    assert found.right.interval == (pytest.approx(0.7111, abs=1e-4), pytest.approx(0.8666, abs=1e-4))
    assert not found.few


def test_too_few_are_said_to_be_too_few(connection, log) -> None:
    for _ in range(99):
        log.verdict(log.message(AT), "right")
    assert correctness(connection, MARCH).few
