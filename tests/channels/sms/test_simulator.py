"""Our side of the simulated provider against the operator, over real HTTP on loopback, with its faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from channels.contract import Accepted, DeliveryState, Rejected, Retry, SendError, Unknown
from channels.sms.channel import SmsChannel
from channels.sms.providers.base import Submission
from channels.sms.providers.simulator import API_PREFIX, Fault, SimulatorProvider, SmsSimulator
from channels.sms.segments import split
from tests.channels.recording import RecordingGateway
from tests.channels.sms.conftest import SECRET

CITIZEN = "+967771234567"


@pytest.fixture
async def simulation(settings, gateway) -> AsyncIterator[tuple[SmsSimulator, SimulatorProvider, TestClient[Any, Any]]]:
    """Operator, channel and handset page in one application, as in development."""
    port = unused_port()
    own = f"http://127.0.0.1:{port}"
    simulator = SmsSimulator(f"{own}/sms/simulator/{SECRET}", SECRET, part_cost=8.5)
    provider = SimulatorProvider(own + API_PREFIX, SECRET)
    app = web.Application()
    app.add_routes([*simulator.routes(), *SmsChannel(settings, gateway, provider).routes()])
    await simulator.start()
    await provider.start()
    async with TestClient(TestServer(app, port=port)) as client:
        yield simulator, provider, client
        await simulator.operator.settle()
        await provider.stop()
        await simulator.stop()


def submission(text: str = "الرسوم 3,500 ريال", number: str = "m1") -> Submission:
    return Submission(number, CITIZEN, "Dalil", split(text))


OUTCOMES = [
    (Fault.THROTTLED, Retry(SendError.THROTTLED, 1.0)),
    (Fault.UNAVAILABLE, Retry(SendError.UNAVAILABLE, 1.0)),
    (Fault.INVALID_RECIPIENT, Rejected(SendError.RECIPIENT_REJECTED)),
    (Fault.UNHEARD_OF, Unknown(SendError.RESPONSE_UNPARSEABLE)),
    (Fault.HANGS_UP, Unknown(SendError.UNAVAILABLE)),
]


@pytest.mark.parametrize(("fault", "outcome"), OUTCOMES, ids=lambda value: getattr(value, "name", ""))
async def test_what_the_provider_answers(simulation, fault: Fault, outcome: object) -> None:
    simulator, provider, _ = simulation
    simulator.operator.faults.append(fault)
    assert await provider.submit(submission()) == outcome
    assert isinstance(await provider.submit(submission()), Accepted)
    # Whatever happened first, the citizen has the message once.
    assert len(simulator.operator.shown(CITIZEN)) == 1


async def test_no_provider_there(settings) -> None:
    provider = SimulatorProvider(f"http://127.0.0.1:{unused_port()}", SECRET)
    await provider.start()
    try:
        assert await provider.submit(submission()) == Retry(SendError.UNAVAILABLE)
    finally:
        await provider.stop()


async def test_a_provider_that_never_answers_leaves_the_outcome_unknown() -> None:
    async def never(_request: web.Request) -> web.Response:
        while True:
            await forever.wait()

    forever = asyncio.Event()
    app = web.Application()
    app.router.add_post("/messages", never)
    async with TestServer(app) as server:
        provider = SimulatorProvider(str(server.make_url("")).rstrip("/"), SECRET, aiohttp.ClientTimeout(total=0.2))
        await provider.start()
        assert await provider.submit(submission()) == Unknown(SendError.UNAVAILABLE)
        await provider.stop()


async def test_a_wrong_secret_sends_nothing(simulation) -> None:
    simulator, _, client = simulation
    stranger = SimulatorProvider(str(client.make_url(API_PREFIX)), "wrong")
    await stranger.start()
    assert await stranger.submit(submission()) == Rejected(SendError.NOT_CONFIGURED)
    await stranger.stop()
    assert simulator.operator.shown(CITIZEN) == []


RECEIPTS = [
    (Fault.NONE, [DeliveryState.ACCEPTED, DeliveryState.DELIVERED]),
    (Fault.UNDELIVERED, [DeliveryState.ACCEPTED, DeliveryState.FAILED]),
    (Fault.EXPIRED, [DeliveryState.ACCEPTED, DeliveryState.EXPIRED]),
    (Fault.LATE_ACCEPTED, [DeliveryState.DELIVERED, DeliveryState.ACCEPTED]),
    (Fault.STRANGE_RECEIPT, [DeliveryState.ACCEPTED]),
    (Fault.SILENT, []),
]


@pytest.mark.parametrize(("fault", "states"), RECEIPTS, ids=lambda value: getattr(value, "name", ""))
async def test_receipts_come_back_with_our_id(simulation, gateway: RecordingGateway, fault: Fault, states) -> None:
    simulator, provider, _ = simulation
    simulator.operator.faults.append(fault)
    await provider.submit(submission())
    await simulator.operator.settle()
    assert [receipt.state for receipt in gateway.receipts] == states
    assert {receipt.message_id for receipt in gateway.receipts} <= {"m1"}


async def test_the_handset_sends_and_shows_parts_units_and_cost(simulation, gateway: RecordingGateway) -> None:
    simulator, provider, client = simulation
    sent = await client.post("/simulator/handset/messages", json={"from": "0771234567", "text": "كم رسوم الجواز؟"})
    assert sent.status == 202
    assert (gateway.messages[0].address, gateway.messages[0].text) == (CITIZEN, "كم رسوم الجواز؟")
    await provider.submit(submission("س" * 140))
    await simulator.operator.settle()
    answer = await (await client.get("/simulator/handset/messages", params={"number": "771234567"})).json()
    question, reply = answer["messages"]
    assert (question["sent"], question["state"], question["units"]) == (True, "taken", 15)
    assert (reply["sent"], reply["state"], reply["encoding"], reply["cost"]) == (False, "DELIVRD", "UCS2", 25.5)
    assert [(part["units"], part["limit"]) for part in reply["parts"]] == [(67, 67), (67, 67), (6, 67)]


REFUSED = [
    {},
    {"from": "771234567"},
    {"from": "", "text": "x"},
    {"from": "771234567", "text": ""},
    {"from": 7, "text": "x"},
    {"from": "7" * 31, "text": "x"},
    {"from": "771234567", "text": "x" * 1001},
    {"from": "771234567", "text": "\ud800"},
    [],
    "x",
]


@pytest.mark.parametrize("fields", REFUSED, ids=range(len(REFUSED)))
async def test_the_handset_says_what_it_cannot_send(simulation, gateway: RecordingGateway, fields: Any) -> None:
    _, _, client = simulation
    assert (await client.post("/simulator/handset/messages", json=fields)).status == 400
    assert gateway.messages == []


async def test_the_page_runs_under_the_strict_policy(simulation) -> None:
    _, _, client = simulation
    page = await client.get("/simulator/handset")
    html = await page.text()
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<style" not in html and " style=" not in html and " onclick" not in html
    for name, kind in (("simulation.css", "text/css"), ("handset.js", "text/javascript")):
        assert f"/simulator/handset/static/{name}" in html
        assert (await client.get(f"/simulator/handset/static/{name}")).content_type == kind
    assert (await client.get("/simulator/handset/static/..%2Foperator.py")).status == 404
