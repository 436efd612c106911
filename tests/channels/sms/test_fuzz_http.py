"""Hostile callbacks of every kind of provider, over HTTP: no 5xx, and without the secret no effect."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from yarl import URL

from channels.sms.channel import SmsChannel
from channels.sms.providers import KINDS
from channels.sms.providers.base import ProviderSettings
from channels.sms.routing.route import Route
from settings import Settings
from storage import Transactions
from tests.channels.recording import RecordingGateway
from tests.channels.sms.conftest import path_of
from tests.channels.sms.test_fuzz import BODIES

OWN: dict[str, dict[str, Any]] = {
    "simulator": {"url": "http://127.0.0.1:9", "secret": "x"},
    "jasmin": {"url": "http://127.0.0.1:9", "username": "dalil", "password": "x"},
    "kannel": {"url": "http://127.0.0.1:9", "username": "dalil", "password": "x"},
    "smsgate": {"url": "http://127.0.0.1:9", "username": "dalil", "password": "x", "signing_key": "x"},
    "twilio": {"account_sid": "AC1", "auth_token": "x"},
}
NAMES = ["id", "from", "to", "content", "coding", "binary", "message_status", "m", "s", "state", "text"]
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=20)), max_size=8)
FORMS = PAIRS.map(lambda pairs: "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs))
CALLS = st.tuples(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["inbound", "receipt"]),
    FORMS,
    BODIES | FORMS.map(str.encode),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain; charset=none", "/"]),
)


def made(kind: str) -> ProviderSettings:
    return KINDS[kind][0].model_validate({"kind": kind, "name": kind, "sender": "8000"} | OWN[kind])


async def statuses(settings: Settings, kind: str, base: str, calls: Any, gateway: RecordingGateway) -> list[int]:
    database = Transactions(settings.database_url)
    channel = SmsChannel(settings, gateway, database, [Route(made(kind), KINDS[kind][1](made(kind)))])
    app = web.Application()
    app.add_routes(channel.routes())
    found = []
    async with TestServer(app) as server, ClientSession() as session:
        for method, path, query, body, content_type in calls:
            url = URL(f"{server.make_url(f'{base}/{path}')}?{query}", encoded=True)
            async with session.request(method, url, data=body, headers={"Content-Type": content_type}) as response:
                found.append(response.status)
    await database.close()
    return found


@pytest.mark.parametrize("kind", sorted(OWN))
@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(CALLS, min_size=1, max_size=15))
def test_no_callback_breaks_the_gateway(settings: Settings, kind: str, calls: Any) -> None:
    found = asyncio.run(statuses(settings, kind, path_of(kind), calls, RecordingGateway()))
    assert all(status < 500 for status in found), found


@pytest.mark.parametrize("kind", sorted(OWN))
@hypothesis_settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(CALLS, min_size=1, max_size=15))
def test_without_the_secret_nothing_happens(settings: Settings, kind: str, calls: Any) -> None:
    gateway = RecordingGateway()
    found = asyncio.run(statuses(settings, kind, f"/sms/{kind}/{'0' * 32}", calls, gateway))
    assert set(found) == {403}
    assert gateway.messages == []


def test_every_kind_that_calls_is_tried() -> None:
    assert set(OWN) == {kind for kind, (settings, _) in KINDS.items() if settings.calls}
