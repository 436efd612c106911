"""`/metrics`: read with Prometheus's own parser, by who has the token."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from channels.contract import Accepted, Rejected, SendError
from channels.sms.channel import SmsChannel
from channels.sms.providers.bearerbox import BearerboxProvider, BearerboxSettings
from channels.sms.routing.route import Route
from tests.channels.sms.conftest import provider_settings

TOKEN = "a-token-of-the-tests"


async def read(channel: SmsChannel, authorization: str | None) -> tuple[int, str]:
    app = web.Application()
    app.add_routes(channel.routes())
    headers = {} if authorization is None else {"Authorization": authorization}
    async with TestClient(TestServer(app)) as client, client.get("/metrics", headers=headers) as response:
        return response.status, await response.text()


@pytest.fixture
def watched(settings, gateway, database, provider) -> SmsChannel:
    with_token = settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    return SmsChannel(with_token, gateway, database, [Route(provider_settings(), provider)])


async def test_figures(watched: SmsChannel, provider, say) -> None:
    provider.outcomes = [Accepted("mt-1"), Rejected(SendError.RECIPIENT_REJECTED, '1"1\n')]
    await watched.send(await say("س" * 150))
    status, page = await read(watched, f"Bearer {TOKEN}")
    assert status == 200
    figures: dict[Any, float] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            figures[(sample.name, *(value for _, value in sorted(sample.labels.items())))] = sample.value
    assert figures["dalil_sms_parts_today", "simulator", "accepted"] == 1
    assert figures["dalil_sms_failures_today", '1"1\n', "simulator"] == 2
    assert figures["dalil_sms_cost_today_riyals", "simulator"] == 8.5
    assert figures["dalil_sms_messages_open", "sending"] == 0
    assert figures["dalil_sms_provider_stopped", "simulator"] == 0


async def test_a_lost_connection_is_told(settings, gateway, database) -> None:
    with_token = settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    own = BearerboxSettings(name="operator", sender="8000", port=1)
    channel = SmsChannel(with_token, gateway, database, [Route(own, BearerboxProvider(own))])
    _, page = await read(channel, f"Bearer {TOKEN}")
    assert 'dalil_sms_provider_connected{provider="operator"} 0.0' in page


@pytest.mark.parametrize("authorization", [None, "", "Bearer wrong", TOKEN, "Bearer é"], ids=range(5))
async def test_nobody_else_reads_it(watched: SmsChannel, authorization: str | None) -> None:
    status, page = await read(watched, authorization)
    assert status == 401
    assert "dalil_sms" not in page


async def test_without_a_token_there_is_no_page(sms_channel: SmsChannel) -> None:
    assert (await read(sms_channel, "Bearer "))[0] == 404
