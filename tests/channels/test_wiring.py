"""Which channels and simulators a deployment gets."""

from __future__ import annotations

import aiohttp
import pytest

from channels.errors import StartupError
from channels.wiring import wire

_NAMES = ("assistant_token", "telegram_secret", "sms_secret", "console_key", "conversation_key", "operator_password")
SECRETS = dict.fromkeys(_NAMES, "a-secret-of-its-own") | {"console_url": "https://console.example"}
PAGES = ("/simulator/handset", "/simulator/telegram")


async def statuses(url: str) -> list[int]:
    async with aiohttp.ClientSession() as session:
        return [(await session.get(url + path)).status for path in PAGES]


async def test_development_has_both_simulators(start_gateway, sqlite_url) -> None:
    gateway = await start_gateway(sqlite_url, wiring=wire, sms_enabled=True)
    assert await statuses(gateway.url) == [200, 200]
    assert set(gateway.core.channels) == {"web", "telegram", "sms"}


async def test_production_has_none(start_gateway, sqlite_url) -> None:
    gateway = await start_gateway(sqlite_url, wiring=wire, mode="production", **SECRETS)
    assert await statuses(gateway.url) == [404, 404]
    assert set(gateway.core.channels) == {"web"}


REFUSED = [
    ({"mode": "production", "sms_enabled": True, **SECRETS}, "DALIL_SMS_PROVIDERS"),
    ({"telegram_mode": "polling"}, "DALIL_TELEGRAM_TOKEN"),
]


@pytest.mark.parametrize(("changes", "variable"), REFUSED)
async def test_what_cannot_work_is_said_at_start(start_gateway, sqlite_url, changes, variable: str) -> None:
    with pytest.raises(StartupError, match=variable):
        await start_gateway(sqlite_url, wiring=wire, **changes)
