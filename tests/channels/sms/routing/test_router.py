"""The choice between providers."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from channels.sms.providers.bearerbox import BearerboxProvider, BearerboxSettings
from channels.sms.routing.route import Route
from channels.sms.routing.router import Router
from channels.sms.routing.switches import resume, stop, stopped
from tests.channels.sms.conftest import ScriptedProvider, provider_settings


def make(**weights: int) -> Router:
    routes = [Route(provider_settings(name, weight=weight), ScriptedProvider()) for name, weight in weights.items()]
    return Router(routes, random.Random(7))


def chosen(router: Router, times: int = 2000, **options: Any) -> Counter[str]:
    found = (router.choose(1, **options) for _ in range(times))
    return Counter(route.name if route else "none" for route in found)


def test_messages_are_shared_by_weight() -> None:
    counts = chosen(make(big=3, small=1, standby=0))
    assert counts["standby"] == 0
    assert 0.70 < counts["big"] / 2000 < 0.80


def test_a_failing_provider_carries_less() -> None:
    router = make(good=1, bad=1)
    router.routes["bad"].health._share = 0.1
    assert 0.05 < chosen(router)["bad"] / 2000 < 0.14


def unconnected() -> BearerboxProvider:
    """Never started, hence without a connection."""
    return BearerboxProvider(BearerboxSettings(name="first", sender="8000", port=1))


def test_a_standby_serves_when_no_other_can() -> None:
    for spoil in ("stopped", "paused", "busy", "tried", "disconnected"):
        router = make(first=1, standby=0)
        first = router.routes["first"]
        if spoil == "stopped":
            first.stopped = "maintenance"
        elif spoil == "paused":
            first.health.pause(10)
        elif spoil == "busy":
            first.busy = first.settings.parallel
        elif spoil == "disconnected":
            first = router.routes["first"] = Route(first.settings, unconnected())
            assert first.connection is not None
        tried = ["first"] if spoil == "tried" else []
        assert chosen(router, 10, tried=tried) == {"standby": 10}, spoil


def test_one_that_has_room_comes_before_one_that_has_to_be_waited_for() -> None:
    router = make(full=100, free=1)
    full = router.routes["full"].throttle
    full._rate = full._most = 1.0
    full._left = -1.0
    assert chosen(router, 20) == {"free": 20}
    router.routes["free"].stopped = "x"
    assert chosen(router, 20) == {"full": 20}
    full._left = -20.0
    assert chosen(router, 20) == {"none": 20}, "longer than anyone should wait"


def test_one_that_is_down_is_probed_with_one_message_at_a_time() -> None:
    router = make(only=1)
    route = router.routes["only"]
    for _ in range(5):
        route.health.failed()
    assert not router.open and router.choose(1) is None and router.wait() >= 1
    route.health._paused_until = 0.0
    assert router.open and router.choose(1) is route
    route.busy = 1
    assert router.choose(1) is None


async def test_a_switch_holds_for_every_gateway_until_it_is_turned_back(sms_channel, database) -> None:
    assert not sms_channel.open, "before the switches were looked at, nothing goes out"
    await sms_channel.look_at_switches()
    assert sms_channel.open
    await database.write(lambda connection: stop(connection, "simulator", "link down", "nadia"))
    await database.write(lambda connection: stop(connection, "simulator", "link still down", "nadia"))
    found = await database.read(stopped)
    assert [(name, one.reason, one.by) for name, one in found.items()] == [("simulator", "link still down", "nadia")]
    await sms_channel.look_at_switches()
    assert not sms_channel.open
    assert await database.write(lambda connection: resume(connection, "simulator"))
    assert not await database.write(lambda connection: resume(connection, "simulator"))
    await sms_channel.look_at_switches()
    assert sms_channel.open
