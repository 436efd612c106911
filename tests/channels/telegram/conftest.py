"""The Telegram channel between a recording gateway and the Bot API in memory, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import hypothesis
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from channels.telegram.channel import TelegramChannel
from channels.telegram.simulator import FakeBotApi
from settings import Settings, load_settings
from tests.channels.recording import RecordingGateway

hypothesis.settings.register_profile("untimed", deadline=None, max_examples=60)
hypothesis.settings.load_profile("untimed")

TOKEN, SECRET = "1:a-token-of-the-tests", "a-secret-of-the-tests"
MakeSettings = Callable[..., Settings]


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi(TOKEN)


@pytest.fixture
async def api_server(api: FakeBotApi) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.add_routes(api.routes())
    async with TestServer(app) as server:
        yield server


@pytest.fixture
def gateway() -> RecordingGateway:
    return RecordingGateway()


@pytest.fixture
def make_settings(api_server: TestServer, tmp_path) -> MakeSettings:
    def make(**changes: Any) -> Settings:
        fields = {
            "database_url": f"sqlite:///{tmp_path / 'unused.db'}",
            "telegram_token": TOKEN,
            "telegram_secret": SECRET,
            "telegram_api": str(api_server.make_url("")),
            "telegram_mode": "polling",
        }
        return load_settings(**(fields | changes))

    return make


@pytest.fixture
async def polling(make_settings: MakeSettings, gateway: RecordingGateway) -> AsyncIterator[TelegramChannel]:
    """A started channel that asks for updates."""
    channel = TelegramChannel(make_settings(), gateway)
    await channel.start()
    yield channel
    await channel.stop()


@pytest.fixture
async def silent(make_settings: MakeSettings, gateway: RecordingGateway) -> AsyncIterator[TelegramChannel]:
    """A channel that was not started: it sends, and its webhook answers."""
    channel = TelegramChannel(make_settings(telegram_mode="webhook"), gateway)
    yield channel
    await channel.stop()


@pytest.fixture
async def webhook(silent: TelegramChannel) -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application()
    app.add_routes(silent.routes())
    async with TestClient(TestServer(app)) as client:
        yield client
