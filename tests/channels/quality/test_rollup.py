"""The daily roll-up gives what the log itself gives, once for each day, and only for days that are over."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from channels.quality import rollup
from channels.quality.durations import class_of, percentile, seconds_of
from channels.quality.rollup import Rollup, counted_until
from channels.quality.tables import DailyFigureRow, Measure
from channels.sms.tables import PartRow
from channels.tables import InboxRow
from console.figures.figures import figures
from console.figures.period import Period
from storage import Transactions, utc_now
from tests.channels.harness import RecordingChannel
from tests.channels.harness import until as happens
from tests.console.figures.seeding import Log, fill, moment

PERIOD = Period(date(2026, 2, 25), date(2026, 3, 12))


@pytest.fixture
async def database(database_url: str):
    transactions = Transactions(database_url)
    yield transactions
    await transactions.close()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    def be(day: str, clock: str = "12:00") -> None:
        monkeypatch.setattr(rollup, "utc_now", lambda: moment(day, clock))

    be("2026-03-13")
    return be


async def until(database: Transactions, mark: Measure = Measure.MESSAGES_DONE) -> date | None:
    return await database.read(lambda connection: counted_until(connection, mark))


async def write(database: Transactions, *messages: str) -> None:
    def work(connection: Connection) -> None:
        log = Log(connection)
        for at in messages:
            log.message(moment(at))

    await database.write(work)


async def test_rolled_up_or_not_the_figures_are_the_same(database, now) -> None:
    await database.write(lambda connection: fill(connection, 2_000, PERIOD.first, len(PERIOD.days)))
    spans = [
        PERIOD,
        Period(PERIOD.first + timedelta(days=3), PERIOD.last - timedelta(days=2)),
        Period(PERIOD.last, PERIOD.last),
    ]
    before = [await database.read(lambda connection, span=span: figures(connection, span)) for span in spans]
    assert before[0].messages == 2_000
    for today in ("2026-03-04", "2026-03-13", "2026-03-20"):
        now(today)
        await Rollup(database).catch_up()
        after = [await database.read(lambda connection, span=span: figures(connection, span)) for span in spans]
        assert after == before
    assert await until(database) == date(2026, 3, 19)
    assert await until(database, Measure.SMS_DONE) == date(2026, 3, 16)


async def test_an_empty_log_is_left_alone(database, now) -> None:
    assert await Rollup(database).catch_up() == 0
    assert await until(database) is None


DAYS = [
    ("2026-03-10", "23:59", 9),
    ("2026-03-11", "00:59", 9),
    ("2026-03-11", "01:00", 10),
    ("2026-03-12", "02:00", 11),
]


@pytest.mark.parametrize(("day", "clock", "counted"), DAYS)
async def test_a_day_is_counted_when_it_is_over(database, now, day, clock, counted) -> None:
    await write(database, "2026-03-09", "2026-03-10")
    now(day, clock)
    await Rollup(database).catch_up()
    assert await until(database) == date(2026, 3, counted)
    assert await Rollup(database).catch_up() == 0


async def test_an_open_message_holds_its_day_back_but_not_for_ever(database, now) -> None:
    await database.write(lambda connection: Log(connection).open(moment("2026-03-10")))
    now("2026-03-12", "23:00")
    await Rollup(database).catch_up()
    assert await until(database) is None
    now("2026-03-13", "00:00")
    await Rollup(database).catch_up()
    assert await until(database) == date(2026, 3, 11)  # it waits, its channel is off; the 12th settles


async def test_days_without_messages_are_counted_too(database, now) -> None:
    await write(database, "2026-03-05", "2026-03-09")
    assert await Rollup(database).catch_up() == 8
    rows = await database.read(
        lambda connection: connection.execute(
            select(DailyFigureRow.day, DailyFigureRow.count).where(DailyFigureRow.measure == Measure.MESSAGES_DONE)
        ).all()
    )
    # a message is a kind and a duration
    assert [(day.day, count) for day, count in sorted(rows)] == [
        (5, 2),
        (6, 0),
        (7, 0),
        (8, 0),
        (9, 2),
        (10, 0),
        (11, 0),
        (12, 0),
    ]


async def test_two_gateways_count_a_day_once(database_url, database, now) -> None:
    await database.write(lambda connection: fill(connection, 300, date(2026, 3, 1), 10))
    before = await database.read(lambda connection: figures(connection, PERIOD))
    other = Transactions(database_url)
    await asyncio.gather(Rollup(database).catch_up(), Rollup(other).catch_up())
    await other.close()
    assert await database.read(lambda connection: figures(connection, PERIOD)) == before
    total = select(func.sum(DailyFigureRow.count)).where(DailyFigureRow.measure == Measure.KIND)
    assert int(await database.read(lambda connection: connection.scalar(total))) == 300


async def test_what_a_forgotten_citizen_asked_about_leaves_the_counts_as_they_are(database, now) -> None:
    await database.write(lambda connection: fill(connection, 200, date(2026, 3, 1), 5))
    await Rollup(database).catch_up()
    before = await database.read(lambda connection: figures(connection, PERIOD).services)
    await database.write(lambda connection: connection.execute(update(InboxRow).values(service=None)))
    assert [(one.service, one.messages) for one in before] == [
        (one.service, one.messages)
        for one in await database.read(lambda connection: figures(connection, PERIOD).services)
    ]


async def test_a_cost_that_came_late_is_in_the_figures(database, now) -> None:
    await database.write(lambda connection: Log(connection).part(moment("2026-03-10"), 8.5))
    await Rollup(database).catch_up()
    await database.write(lambda connection: connection.execute(update(PartRow).values(cost=17.0)))
    assert (await database.read(lambda connection: figures(connection, PERIOD))).riyals == 17.0


async def test_the_gateway_counts_while_it_tidies(sqlite_url, start_gateway) -> None:
    database = Transactions(sqlite_url)
    yesterday = utc_now() - timedelta(days=2)
    await database.write(lambda connection: Log(connection).message(yesterday))
    await start_gateway(sqlite_url, RecordingChannel())
    await happens(lambda: until(database))
    await database.close()


@pytest.mark.parametrize("seconds", [0.0, -3.0, 0.001, 0.04, 1.0, 59.9, 86_400.0])
def test_a_class_is_within_five_per_cent(seconds: float) -> None:
    assert seconds_of(class_of(seconds)) == pytest.approx(max(seconds, 0.001), rel=0.05)


def test_percentiles_are_within_five_per_cent() -> None:
    chance = random.Random(3)
    took = sorted(chance.lognormvariate(0, 1.5) for _ in range(1_000))
    counts: dict[int, int] = {}
    for seconds in took:
        counts[class_of(seconds)] = counts.get(class_of(seconds), 0) + 1
    for share in (0.5, 0.95):
        assert percentile(counts, share) == pytest.approx(took[int(share * 1_000) - 1], rel=0.05)
    assert percentile({}, 0.5) is None
