"""Limits on asking: by sender, by application, and in all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from integrations.exchange.desk import attempts
from integrations.exchange.desk.attempts import Attempt, Attempts, Limits, Result
from integrations.exchange.errors import TooManyAttempts
from storage import Transactions

MINUTE = 60.0
LIMITS = Limits(alarm=20)


class Clock:
    """The time, as the test says."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, 9, 0, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(attempts, "utc_now", clock)
    return clock


@pytest.fixture
async def counting(database_url: str) -> AsyncIterator[Attempts]:
    database = Transactions(database_url)
    yield Attempts(database, "a-key", LIMITS)
    await database.close()


async def refuse(counting: Attempts, sender: str, reference: str = "R-1", *, guessable: bool = True) -> None:
    await counting.end(await counting.begin(sender, reference, guessable=guessable), Result.REFUSED)


async def wait_of(counting: Attempts, sender: str, reference: str = "R-1", *, guessable: bool = True) -> float:
    """Seconds that this sender has to wait; when it is 0, the attempt is made and is right."""
    try:
        number = await counting.begin(sender, reference, guessable=guessable)
    except TooManyAttempts as error:
        return error.retry_after
    await counting.end(number, Result.TOLD)
    return 0.0


async def test_a_sender_waits_four_times_as_long_after_each_wrong_proof(counting: Attempts, clock: Clock) -> None:
    for number in range(3):
        await refuse(counting, "a", f"R-{number}")
    for minutes in (1, 4, 16, 64):
        assert await wait_of(counting, "a", "R-9") == minutes * MINUTE
        assert await wait_of(counting, "b", "R-9") == 0.0
        clock.passes(minutes * MINUTE)
        await refuse(counting, "a", f"R-{minutes}")
    clock.passes(24 * 60 * MINUTE)
    assert await wait_of(counting, "a", "R-9") == 0.0


async def test_right_proofs_and_failures_of_agencies_count_against_nobody(counting: Attempts, clock: Clock) -> None:
    for result in (Result.TOLD, Result.UNANSWERED) * 5:
        await counting.end(await counting.begin("a", "R-1", guessable=True), result)
    assert await wait_of(counting, "a") == 0.0


async def test_an_own_application_does_not_buy_more_guesses_at_others(counting: Attempts, clock: Clock) -> None:
    for _ in range(3):
        await refuse(counting, "a", "R-1")
        clock.passes(1)
    assert await wait_of(counting, "a", "R-MINE") > 0


@pytest.mark.parametrize("written", ["R-1", "R1", "R/1", "R 1"])
async def test_an_application_rests_whoever_guesses_and_however_it_is_written(
    counting: Attempts, clock: Clock, written: str
) -> None:
    for number in range(5):
        await refuse(counting, f"sender-{number}", written)
    assert await wait_of(counting, "owner", "R-1") == 5 * MINUTE
    # What cannot be guessed is not kept from its owner by others' guesses.
    assert await wait_of(counting, "owner", "R-1", guessable=False) == 0.0


async def test_guesses_at_the_same_moment_do_not_slip_through(counting: Attempts, clock: Clock) -> None:
    async def guess(number: int) -> bool:
        try:
            await counting.begin(f"sender-{number}", "R-1", guessable=True)
        except TooManyAttempts:
            return False
        return True

    assert sum(await asyncio.gather(*(guess(number) for number in range(19)))) <= 5


async def test_an_attempt_whose_process_died_counts_as_a_wrong_one(counting: Attempts, clock: Clock) -> None:
    for _ in range(3):
        await counting.begin("a", "R-1", guessable=True)
    assert await wait_of(counting, "a") == MINUTE


async def test_who_is_told_to_wait_is_not_made_to_wait_longer_by_asking(counting: Attempts, clock: Clock) -> None:
    for _ in range(3):
        await refuse(counting, "a")
    for _ in range(20):
        assert await wait_of(counting, "a") == MINUTE
    clock.passes(MINUTE)
    assert await wait_of(counting, "a") == 0.0


async def test_a_sender_asks_thirty_times_an_hour_at_most(counting: Attempts, clock: Clock) -> None:
    for number in range(30):
        assert await wait_of(counting, "a", f"R-{number}") == 0.0
    assert await wait_of(counting, "a") == 60 * MINUTE
    clock.passes(60 * MINUTE)
    assert await wait_of(counting, "a") == 0.0


async def test_trying_out_numbers_is_noticed_once_an_hour_and_made_harder(
    counting: Attempts, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        for number in range(20):
            await refuse(counting, f"sender-{number}", f"R-{number}")
        assert not caplog.records
        await refuse(counting, "new", "R-100")
        assert await wait_of(counting, "new", "R-101") == MINUTE
    [record] = caplog.records
    assert "trying out application numbers" in record.getMessage()
    assert record.__dict__["refused_in_an_hour"] == 20


async def test_what_is_kept_names_no_reference_and_goes_after_two_days(
    counting: Attempts, clock: Clock, database_url: str
) -> None:
    await refuse(counting, "a", "PSP-2026-000104")
    database = Transactions(database_url)
    [row] = await database.read(lambda connection: connection.execute(select(Attempt)).all())
    assert "000104" not in str(row)
    clock.passes(2 * 24 * 3600 + 1)
    await counting.tidy()
    assert await database.read(lambda connection: connection.scalar(select(func.count(Attempt.id)))) == 0
    await database.close()
