"""The breaker: when it opens, who may try, what closes it."""

from __future__ import annotations

import asyncio

import pytest

from integrations.exchange.breaker import Breaker
from integrations.exchange.errors import AgencyFault, NotFoundOrNotYours, Problem, RateLimited, TooSlow, Unavailable


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """A breaker of 3 failures and 30 seconds, its clock, and what it reported."""

    def __init__(self) -> None:
        self.clock, self.changes = Clock(), []
        self.breaker = Breaker(3, 30.0, self.changes.append, self.clock)

    def ask(self, error: BaseException | None = None) -> None:
        with self.breaker.attempt():
            if error:
                raise error

    def fail(self, times: int, error: type[Exception] = TooSlow) -> None:
        for _ in range(times):
            with pytest.raises(error):
                self.ask(error())

    def refuses(self) -> bool:
        try:
            self.breaker.check()
        except Unavailable as refused:
            assert not refused.ill
            return True
        return False


def test_opens_after_failures_in_a_row_and_says_so_once() -> None:
    watched = Watched()
    watched.fail(2)
    watched.ask()
    watched.fail(2)
    assert not watched.refuses() and watched.changes == []
    watched.fail(1)
    assert watched.refuses() and watched.changes == [True]
    for _ in range(10):
        with pytest.raises(Unavailable) as refused:
            watched.ask()
        assert refused.value.retry_after == 30.0
    assert watched.changes == [True]


@pytest.mark.parametrize(
    "error", [NotFoundOrNotYours(), RateLimited(3), AgencyFault(Problem(400)), asyncio.CancelledError(), KeyError()]
)
def test_what_does_not_speak_against_the_agency_does_not_open_it(error: BaseException) -> None:
    watched = Watched()
    for _ in range(10):
        with pytest.raises(type(error)):
            watched.ask(error)
    assert not watched.refuses()


def test_one_probe_at_a_time_and_success_closes() -> None:
    watched = Watched()
    watched.fail(3)
    watched.clock.now += 30.0
    with watched.breaker.attempt():
        assert watched.refuses()
    assert not watched.refuses() and watched.changes == [True, False] and not watched.breaker.open
    watched.fail(2)
    assert not watched.refuses()


def test_a_failed_probe_keeps_it_open_without_another_report() -> None:
    watched = Watched()
    watched.fail(3)
    for _ in range(3):
        watched.clock.now += 30.0
        watched.fail(1)
        assert watched.refuses()
    assert watched.changes == [True]


def test_a_cancelled_probe_leaves_the_next_one_its_try() -> None:
    watched = Watched()
    watched.fail(3)
    watched.clock.now += 30.0
    with pytest.raises(asyncio.CancelledError):
        watched.ask(asyncio.CancelledError())
    assert watched.breaker.open and not watched.refuses()
    watched.ask()
    assert watched.changes == [True, False]


def test_answers_to_questions_from_before_are_no_news() -> None:
    watched = Watched()
    with watched.breaker.attempt():
        watched.fail(3)
    assert watched.refuses()  # the old success did not close it
    late = Watched()
    with pytest.raises(TooSlow), late.breaker.attempt():
        late.fail(3)
        late.clock.now += 30.0
        late.ask()
        raise TooSlow
    assert not late.breaker.open and late.changes == [True, False]
