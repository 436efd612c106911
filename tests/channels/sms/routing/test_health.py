"""A provider that fails or is slow carries less, one that is down carries nothing but a probe, and both recover."""

from __future__ import annotations

import itertools

import pytest

from channels.sms.routing.health import BROKEN, SLOW, Health
from tests.channels.sms.routing.test_throttle import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> Health:
    return Health(clock)


def test_a_few_failures_among_many_change_nothing(health: Health, clock: Clock) -> None:
    for number in range(100):
        clock.now += 1
        health.failed() if number % 10 == 0 else health.succeeded(0.1)
    assert health.share == 1.0 and not health.paused


@pytest.mark.parametrize("slow", [False, True])
def test_the_share_shrinks_step_by_step_and_drifts_back(health: Health, clock: Clock, slow: bool) -> None:
    shares = []
    for number in range(40):
        clock.now += 1
        if number % 2:
            health.succeeded(SLOW + 1 if slow else 0.1)
        elif slow:
            health.succeeded(SLOW + 1)
        else:
            health.failed()
        shares.append(health.share)
    assert shares[0] == 1.0 and 0.05 <= shares[-1] <= 0.4
    assert not health.paused, "never three in a row"
    clock.now += 50
    middle = health.share
    clock.now += 100
    assert shares[-1] < middle < health.share == 1.0


def test_one_that_is_down_is_only_probed_and_more_and_more_rarely(health: Health, clock: Clock) -> None:
    for _ in range(BROKEN - 1):
        health.failed()
    assert not health.paused and not health.probing
    pauses = []
    for _ in range(8):
        health.failed()
        assert health.probing
        pauses.append(health.paused)
        clock.now += health.paused
        assert not health.paused
    assert pauses[0] < 3 and 40 < pauses[-1] < 80
    assert all(later > earlier for earlier, later in itertools.pairwise(pauses[:5]))
    health.succeeded(0.1)
    assert not health.probing and not health.paused and health.share == 0.1
    clock.now += 100
    assert health.share == 1.0


def test_an_overloaded_one_is_left_alone_for_as_long_as_it_asks(health: Health, clock: Clock) -> None:
    health.pause(10.0)
    assert 8 <= health.paused <= 12
    clock.now += 12
    assert not health.paused and health.share == 1.0
