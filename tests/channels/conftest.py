"""Fixtures of the channels' tests: a fake assistant, and gateways that end with the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.channels.fake_assistant import FakeAssistant
from tests.channels.harness import Gateway, make_settings

StartGateway = Callable[..., Awaitable[Gateway]]


@pytest.fixture
async def assistant() -> AsyncIterator[FakeAssistant]:
    fake = FakeAssistant()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def start_gateway(assistant: FakeAssistant) -> AsyncIterator[StartGateway]:
    started: list[Gateway] = []

    async def start(database_url: str, *channels: Any, wiring: Any = None, tls: Any = None, **settings: Any) -> Gateway:
        gateway = Gateway(make_settings(database_url, assistant.port, **settings), *channels, wiring=wiring, tls=tls)
        started.append(gateway)
        return await gateway.start()

    yield start
    for gateway in started:
        await gateway.stop()
