"""Our side of the simulated provider against the operator, over real HTTP on loopback, with its faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from channels.contract import Accepted, Rejected, Retry, SendError, Unknown
from channels.sms.addresses import Addresses
from channels.sms.channel import SmsChannel
from channels.sms.outbound.segments import Encoding, split
from channels.sms.providers.base import Joint, Submission
from channels.sms.providers.simulator import API_PREFIX, Fault, SimulatorProvider, SmsSimulator
from channels.sms.routing.route import Route
from tests.channels.recording import RecordingGateway
from tests.channels.sms.conftest import SECRET, provider_settings

CITIZEN = "+967771234567"


@pytest.fixture
async def simulation(settings, gateway, database) -> AsyncIterator[Any]:
    """Operator, channel and handset page in one application, as in development."""
    port = unused_port()
    own = f"http://127.0.0.1:{port}"
    where = Addresses(SECRET, "simulator", own)
    simulator = SmsSimulator(where.base, SECRET, part_cost=8.5)
    own_settings = provider_settings(url=own + API_PREFIX, gateway_url=own)
    provider = SimulatorProvider(own_settings)
    app = web.Application()
    channel = SmsChannel(settings, gateway, database, [Route(own_settings, provider)])
    app.add_routes([*simulator.routes(), *channel.routes()])
    await simulator.start()
    await provider.start()
    async with TestClient(TestServer(app, port=port)) as client:
        yield simulator, provider, channel, client
        await simulator.operator.settle()
        await provider.stop()
        await simulator.stop()


def submission(text: str = "الرسوم 3,500 ريال", *, joint: Joint | None = None, receipts: str = "") -> Submission:
    name = f"m1-{joint.number}" if joint else "m1"
    return Submission(name, CITIZEN, "Dalil", text, Encoding.UCS2, joint=joint, receipt_url=receipts)


OUTCOMES = [
    (Fault.THROTTLED, Retry(SendError.THROTTLED, 1.0, "throttled")),
    (Fault.UNAVAILABLE, Retry(SendError.UNAVAILABLE, 1.0, "unavailable")),
    (Fault.INVALID_RECIPIENT, Rejected(SendError.RECIPIENT_REJECTED, "invalid_recipient")),
    (Fault.UNHEARD_OF, Unknown(SendError.RESPONSE_UNPARSEABLE, "418")),
    (Fault.HANGS_UP, Unknown(SendError.UNAVAILABLE, "ServerDisconnectedError")),
]


@pytest.mark.parametrize(("fault", "outcome"), OUTCOMES, ids=lambda value: getattr(value, "name", ""))
async def test_what_the_provider_answers(simulation, fault: Fault, outcome: object) -> None:
    simulator, provider, _, _ = simulation
    simulator.operator.faults.append(fault)
    assert await provider.submit(submission()) == outcome
    assert isinstance(await provider.submit(submission()), Accepted)
    # Whatever happened first, the citizen has the message once.
    assert len(simulator.operator.shown(CITIZEN)) == 1


async def test_no_provider_there(settings) -> None:
    provider = SimulatorProvider(provider_settings(url=f"http://127.0.0.1:{unused_port()}"))
    await provider.start()
    try:
        assert await provider.submit(submission()) == Retry(SendError.UNAVAILABLE, code="connect")
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
        url = str(server.make_url("")).rstrip("/")
        provider = SimulatorProvider(provider_settings(url=url, timeout_seconds=1))
        await provider.start()
        assert await provider.submit(submission()) == Unknown(SendError.UNAVAILABLE, code="timeout")
        await provider.stop()


async def test_a_wrong_secret_sends_nothing(simulation) -> None:
    simulator, _, _, client = simulation
    stranger = SimulatorProvider(provider_settings(url=str(client.make_url(API_PREFIX)), secret="wrong"))
    await stranger.start()
    assert await stranger.submit(submission()) == Retry(SendError.NOT_CONFIGURED, code="unauthorized")
    await stranger.stop()
    assert simulator.operator.shown(CITIZEN) == []


RECEIPTS = [
    (Fault.NONE, "delivered", None),
    (Fault.UNDELIVERED, "failed", "UNDELIV"),
    (Fault.EXPIRED, "expired", "EXPIRED"),
    (Fault.LATE_ACCEPTED, "delivered", None),
    (Fault.REPEATED_RECEIPTS, "delivered", None),
    (Fault.STRANGE_RECEIPT, "accepted", None),
    (Fault.SILENT, "accepted", None),
]


@pytest.mark.parametrize(("fault", "state", "code"), RECEIPTS, ids=lambda value: getattr(value, "name", ""))
async def test_receipts_take_a_message_forward(simulation, say, messages, fault: Fault, state, code) -> None:
    simulator, _, channel, _ = simulation
    simulator.operator.faults.append(fault)
    await channel.send(await say("الرسوم 3,500 ريال"))
    await simulator.operator.settle()
    [row] = await messages()
    assert (row.state, row.code) == (state, code)


async def test_the_handset_sends_and_shows_parts_units_and_cost(simulation, gateway: RecordingGateway) -> None:
    simulator, provider, _, client = simulation
    sent = await client.post("/simulator/handset/messages", json={"from": "0771234567", "text": "كم رسوم الجواز؟"})
    assert sent.status == 202
    assert (gateway.messages[0].address, gateway.messages[0].text) == (CITIZEN, "كم رسوم الجواز؟")
    for number, part in enumerate(split("س" * 140).parts, 1):
        await provider.submit(submission(part, joint=Joint(7, 3, number)))
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
    _, _, _, client = simulation
    assert (await client.post("/simulator/handset/messages", json=fields)).status == 400
    assert gateway.messages == []


async def test_the_page_runs_under_the_strict_policy(simulation) -> None:
    _, _, _, client = simulation
    page = await client.get("/simulator/handset")
    html = await page.text()
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<style" not in html and " style=" not in html and " onclick" not in html
    for name, kind in (("simulation.css", "text/css"), ("handset.js", "text/javascript")):
        assert f"/simulator/handset/static/{name}" in html
        assert (await client.get(f"/simulator/handset/static/{name}")).content_type == kind
    assert (await client.get("/simulator/handset/static/..%2Foperator.py")).status == 404
