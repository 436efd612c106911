"""No more parts a second than the contract allows."""

from __future__ import annotations

import pytest

from channels.sms.routing.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("rate", "parts"), [(10.0, 1), (10.0, 3), (0.5, 1), (0.5, 3), (100.0, 3)])
async def test_the_rate_is_kept_over_time(monkeypatch, rate: float, parts: int) -> None:
    clock = Clock()
    throttle = Throttle(rate, clock)

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr("channels.sms.routing.throttle.asyncio.sleep", sleep)
    for _ in range(200):
        await throttle.take(parts)
    elapsed = clock.now - 100.0
    # At the start one second's worth is there; after that, exactly the rate.
    assert 200 * parts - max(rate, 1.0) - parts <= elapsed * rate <= 200 * parts
    clock.now += 1000
    assert throttle.wait(1) == 0


def test_waiting_is_told_before(monkeypatch) -> None:
    clock = Clock()
    throttle = Throttle(2.0, clock)
    assert throttle.wait(2) == 0
    throttle._left = 0.0
    assert throttle.wait(1) == 0.5
    assert throttle.wait(50) == 1.0  # more than fits the bucket goes when that is full
