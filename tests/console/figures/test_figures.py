"""Each figure against a log whose truth stands beside it, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from console.figures.figures import Figures, figures
from console.figures.period import Period
from console.figures.shares import Share
from tests.console.figures.seeding import Log, moment

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def of(connection, period: Period = MARCH) -> Figures:
    return figures(connection, period)


def test_an_empty_log_has_figures_too(connection) -> None:
    found = of(connection)
    assert (found.messages, found.waiting, found.parts, found.riyals) == (0, 0, 0, 0.0)
    assert found.shares.answered.value is None
    assert found.satisfied == Share(0, 0) and found.satisfied.few
    assert found.correct.right.interval is None and found.correct.few
    assert (found.services, found.seconds, found.satisfied_by_channel) == ((), (), ())
    assert [day.questions for day in found.days] == [0] * 31
    assert found.channels == ("web", "telegram", "sms")


KINDS = (
    [("fees", "web")] * 3 + [("requirements", "sms")] * 2 + [("faq", "web")] * 2
    + [("status", "sms")] * 2 + [("follow", "telegram"), ("lost_reference", "web"), ("list_services", "web")]
    + [("out_of_scope", "web")] * 3 + [("ambiguous", "telegram")] * 2 + [("unavailable", "sms"), (None, "web")]
    + [("human", "web"), ("complaint", "sms"), ("greeting", "web"), ("thanks", "web"), ("cancelled", "sms")]
)  # fmt: skip
"""12 answered, 3 out of scope, 2 ambiguous, 2 failed, 2 that ask for a person: 21 questions. And 3 that are none."""


@pytest.fixture
def kinds(log: Log) -> None:
    for kind, channel in KINDS:
        log.message(moment("2026-03-10"), kind, channel)
    log.message(moment("2026-03-10"), None, "telegram", outcome="empty")
    log.message(moment("2026-03-10"), None, "web", outcome="too_long")
    log.message(moment("2026-03-10"), None, "sms", outcome="channel")  # إيقاف
    log.message(moment("2026-03-10"), None, "sms", outcome="more")  # the rest of an answer
    log.message(moment("2026-03-10"), None, "web", outcome="forgotten")
    log.message(moment("2026-03-10"), None, "web", outcome="forgotten", task="forget")
    log.open(moment("2026-03-10"))


def test_shares_of_questions(connection, kinds) -> None:
    shares = of(connection).shares
    assert shares.questions == 21
    assert shares.answered == Share(12, 21)
    assert shares.out_of_scope == Share(3, 21)
    assert shares.ambiguous == Share(2, 21)
    assert shares.failed == Share(2, 21)
    assert shares.person == Share(2, 21)


def test_messages_and_what_waits(connection, kinds) -> None:
    found = of(connection)
    # 21 questions and 3 words, one photo, one too long, one stop, one open
    assert (found.messages, found.waiting) == (28, 1)


def test_counts_by_kind(connection, kinds) -> None:
    found = of(connection)
    assert found.lookups == (("status", 2), ("follow", 1), ("lost_reference", 1))
    assert found.unanswered == (
        ("out_of_scope", 3), ("ambiguous", 2), ("unavailable", 1), ("fallback", 1), ("empty", 1), ("too_long", 1),
    )  # fmt: skip


def test_questions_by_day_and_channel(connection, log) -> None:
    for day, channel, count in [("2026-03-01", "web", 2), ("2026-03-01", "sms", 1), ("2026-03-03", "telegram", 3)]:
        for _ in range(count):
            log.message(moment(day), channel=channel)
    days = {day.date.day: dict(day.channels) for day in of(connection).days}
    assert days[1] == {"web": 2, "telegram": 0, "sms": 1}
    assert days[2] == {"web": 0, "telegram": 0, "sms": 0}
    assert days[3] == {"web": 0, "telegram": 3, "sms": 0}


BORDERS = [
    ("2026-03-09", "23:59", 9),
    ("2026-03-10", "00:00", 10),
    ("2026-03-10", "02:59", 10),  # in UTC still the 9th
    ("2026-03-10", "23:59", 10),
    ("2026-03-11", "00:00", 11),
]


@pytest.mark.parametrize(("day", "clock", "counted"), BORDERS)
def test_days_begin_at_midnight_in_yemen(connection, log, day, clock, counted) -> None:
    message = log.message(moment(day, clock))
    log.rate(message, True, moment(day, clock))
    log.part(moment(day, clock), 8.5)
    one = Period(date(2026, 3, counted), date(2026, 3, counted))
    found = of(connection, one)
    assert (found.days[0].questions, found.satisfied, found.parts) == (1, Share(1, 1), 1)
    for other in (one.first - timedelta(days=1), one.last + timedelta(days=1)):
        found = of(connection, Period(other, other))
        assert (found.messages, found.satisfied, found.parts) == (0, Share(0, 0), 0)
    assert [day.date.day for day in of(connection).days if day.questions] == [counted]


def test_satisfaction_has_its_count(connection, log) -> None:
    votes = [("web", "id-card", True), ("web", "id-card", False), ("telegram", "id-card", True), ("web", None, True)]
    for channel, service, good in votes:
        message = log.message(moment("2026-03-10"), channel=channel, service=service)
        log.rate(message, good, moment("2026-03-10", "12:05"))
    found = of(connection)
    assert found.satisfied == Share(3, 4)
    assert found.satisfied.few
    assert found.satisfied_by_channel == (("web", Share(2, 3)), ("telegram", Share(1, 1)))
    [asked] = found.services
    assert (asked.service, asked.messages, asked.satisfied) == ("id-card", 3, Share(2, 3))


def test_the_most_asked_services_first(connection, log) -> None:
    for service, count in [("passport", 2), ("id-card", 3), ("birth", 2), ("visa", 1)]:
        for place in range(count):
            log.message(moment("2026-03-10"), ("fees", "status")[place % 2], ("web", "sms")[place % 2], service=service)
    found = figures(connection, MARCH, top=3)
    assert [(one.service, one.messages) for one in found.services] == [("id-card", 3), ("birth", 2), ("passport", 2)]


def test_how_long_answers_took(connection, log) -> None:
    for seconds in [0.5] * 18 + [4.0] * 2:
        log.message(moment("2026-03-10"), seconds=seconds)
    log.message(moment("2026-03-10"), None, seconds=10.0, channel="sms")  # the fallback is an answer too
    log.message(moment("2026-03-10"), None, seconds=99.0, channel="sms", outcome="channel")
    log.open(moment("2026-03-10"))
    web, sms = of(connection).seconds
    assert (web.channel, web.answers) == ("web", 20)
    assert web.p50 == pytest.approx(0.5, rel=0.05)
    assert web.p95 == pytest.approx(4.0, rel=0.05)
    assert (sms.channel, sms.answers, sms.p50) == ("sms", 1, pytest.approx(10.0, rel=0.05))


def test_parts_and_cost(connection, log) -> None:
    for day, cost in [("2026-03-01", 8.5), ("2026-03-01", 8.5), ("2026-03-31", 0.25), ("2026-04-01", 100.0)]:
        log.part(moment(day), cost)
    found = of(connection)
    assert (found.parts, found.riyals) == (3, 17.25)


def test_weeks_begin_on_saturday(connection, log) -> None:
    for day, kind in [("2026-03-06", "fees"), ("2026-03-07", "fees"), ("2026-03-13", None), ("2026-03-14", "greeting")]:
        log.rate(log.message(moment(day), kind), kind == "fees", moment(day))
    log.part(moment("2026-03-07"), 8.5)
    weeks = of(connection, Period(date(2026, 3, 5), date(2026, 3, 15))).weeks
    assert [(week.period.first.day, week.period.last.day) for week in weeks] == [(5, 6), (7, 13), (14, 15)]
    assert [(week.messages, week.shares.answered, week.shares.failed) for week in weeks] == [
        (1, Share(1, 1), Share(0, 1)), (2, Share(1, 2), Share(1, 2)), (1, Share(0, 0), Share(0, 0)),
    ]  # fmt: skip
    assert [week.satisfied for week in weeks] == [Share(1, 1), Share(1, 2), Share(0, 1)]
    assert [(week.parts, week.riyals) for week in weeks] == [(0, 0.0), (1, 8.5), (0, 0.0)]


def test_texts_that_are_gone_change_no_figure(connection, log, kinds) -> None:
    before = of(connection)
    connection.exec_driver_sql("UPDATE inbox SET text = NULL, choices = NULL, choice = NULL")
    assert of(connection) == before
