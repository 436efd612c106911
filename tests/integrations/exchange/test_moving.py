"""Applications that move on while the simulator runs, and what its feeds tell of it."""

from __future__ import annotations

import asyncio
import ssl

import aiohttp
import pytest

from integrations.exchange.client import ExchangeClient
from integrations.exchange.commands.cli import main
from integrations.exchange.configuration import ExchangeConfiguration
from integrations.exchange.errors import CursorExpired, NotFoundOrNotYours, NotOffered, RateLimited
from integrations.exchange.model import Change, Proof, ProofKind, State, StatusQuery
from integrations.exchange.simulator import SimulatedExchange, simulated_exchange
from integrations.exchange.simulator.following import MOST_OF_ONE
from integrations.exchange.simulator.inside import InsideDoor
from integrations.exchange.simulator.security_server import SecurityServer
from integrations.exchange.simulator.seed import Move, Required
from integrations.exchange.simulator.server import RunningSimulator
from integrations.exchange.simulator.writing import configuration_text

from .making import QUERY

PENDING = StatusQuery("PSP-2026-000103", Proof.of(ProofKind.LAST_FOUR, "1103"))
IDENTITY = StatusQuery("ID-1100201", Proof.of(ProofKind.LAST_FOUR, "1201"))


@pytest.fixture
def simulated() -> SimulatedExchange:
    return simulated_exchange()


async def followed(client: ExchangeClient, cursor: str | None = None, limit: int = 100) -> tuple[list[Change], str]:
    """All changes from there on, and the cursor after them."""
    found: list[Change] = []
    while True:
        page = await client.changes("passports", cursor, limit)
        found, cursor = [*found, *page.changes], page.cursor
        if not page.more:
            return found, cursor


def states(changes: list[Change]) -> list[State]:
    return [change.state for change in changes]


async def test_a_subscription_begins_with_the_state_it_finds_and_tells_what_follows(simulated) -> None:
    client, agencies = simulated
    assert await followed(client) == ([], (await client.changes("passports", None)).cursor)
    subscription = await client.subscribe("passports", PENDING)
    assert agencies.move("PSP-2026-000103", Move(state=State.APPROVED))
    changes, cursor = await followed(client, subscription.cursor)
    assert states(changes) == [State.APPROVED]  # of two changes before the first question, the last
    assert changes[0].subscription == subscription.id
    required = Required(text="أحضر صورة", code="BRING_PHOTO")
    agencies.move("psp-2026-٠٠٠١٠٣", Move(state=State.SENDBACK, reason="MISSING", required=required))
    (change,), cursor = await followed(client, cursor)
    assert (change.state, change.reason, change.required.text) == (State.SENDBACK, "MISSING", "أحضر صورة")
    assert (await followed(client, cursor))[0] == []
    status = await client.status("passports", PENDING)
    assert (status.state, status.required.code, status.updated) == (State.SENDBACK, "BRING_PHOTO", change.at)
    assert [step.state for step in status.history][-2:] == [State.APPROVED, State.SENDBACK]


async def test_what_happened_between_the_question_and_the_subscription_is_told(simulated) -> None:
    client, agencies = simulated
    assert (await client.status("passports", PENDING)).state is State.PENDING
    agencies.move("PSP-2026-000103", Move(state=State.REJECTED))
    subscription = await client.subscribe("passports", PENDING)
    (change,), _ = await followed(client, subscription.cursor)
    assert (change.state, change.ended) == (State.REJECTED, True)


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_every_change_is_told_once_oldest_first_in_pages(simulated, limit: int) -> None:
    client, agencies = simulated
    ids = [(await client.subscribe("passports", query)).id for query in (QUERY, PENDING, QUERY)]
    _, cursor = await followed(client, None, limit)
    agencies.move(PENDING.reference, Move(state=State.APPROVED))
    agencies.move(QUERY.reference, Move(state=State.PENDING))
    changes, after = await followed(client, cursor, limit)
    assert [change.subscription for change in changes] == [ids[1], ids[0], ids[2]]
    assert await followed(client, cursor, limit) == (changes, after)  # asking moves nothing


async def test_without_a_cursor_it_is_the_last_state_of_every_living_subscription(simulated) -> None:
    client, agencies = simulated
    ended, living = [await client.subscribe("passports", query) for query in (QUERY, PENDING)]
    agencies.move(PENDING.reference, Move(state=State.APPROVED))
    await client.unsubscribe("passports", [ended.id, ended.id, "unknown"])
    agencies.move(QUERY.reference, Move(state=State.PENDING))
    agencies.feeds.restart()
    with pytest.raises(CursorExpired):
        await client.changes("passports", living.cursor)
    changes, _ = await followed(client)
    assert [(change.subscription, change.state) for change in changes] == [(living.id, State.APPROVED)]


@pytest.mark.parametrize("cursor", ["x", "1", ".1", "{life}.-1", "{life}.", "{life}.99", "{life}." + "9" * 99])
async def test_a_cursor_that_was_not_given_out(simulated, cursor: str) -> None:
    client, _ = simulated
    life = (await client.subscribe("passports", PENDING)).cursor.partition(".")[0]
    with pytest.raises(CursorExpired):
        await client.changes("passports", cursor.format(life=life))


async def test_who_cannot_prove_it_cannot_follow_it_and_guessing_counts(simulated) -> None:
    client, _ = simulated
    wrong = StatusQuery(PENDING.reference, Proof.of(ProofKind.LAST_FOUR, "9999"))
    for asking in [client.subscribe, client.status] * 10:
        with pytest.raises(NotFoundOrNotYours):
            await asking("passports", wrong)
    with pytest.raises(RateLimited):
        await client.subscribe("passports", PENDING)
    assert (await followed(client))[0] == []


async def test_subscriptions_to_one_application_are_limited(simulated) -> None:
    client, _ = simulated
    for _ in range(MOST_OF_ONE):
        await client.subscribe("passports", PENDING)
    with pytest.raises(RateLimited):
        await client.subscribe("passports", PENDING)
    await client.subscribe("passports", QUERY)


def of_another_client(simulated: SimulatedExchange) -> ExchangeClient:
    ours: ExchangeConfiguration = simulated.client.configuration
    transport = ours.transports[0].model_copy(update={"client": "YE-SIM/GOV/other/subsystem"})
    door = InsideDoor(SecurityServer(simulated.agencies, b""))
    return ExchangeClient(ours.model_copy(update={"transports": (transport,)}), door=lambda _: door)


async def test_another_client_and_another_agency_see_and_end_nothing_of_ours(simulated) -> None:
    client, agencies = simulated
    other = of_another_client(simulated)
    subscription = await client.subscribe("passports", PENDING)
    await client.subscribe("civil-status", IDENTITY)
    assert (await followed(other))[0] == []
    await other.unsubscribe("passports", [subscription.id])
    await client.unsubscribe("civil-status", [subscription.id])
    agencies.move(PENDING.reference, Move(state=State.APPROVED))
    assert states((await followed(client))[0]) == [State.APPROVED]
    assert states(list((await client.changes("civil-status", None)).changes)) == [State.PENDING]


async def test_agencies_without_following_have_no_such_address(simulated) -> None:
    client, agencies = simulated
    assert sorted(one.id for one in client.configuration.agencies if one.follow) == [
        "civil-status",
        "justice",
        "passports",
    ]
    believing = [agency.model_copy(update={"follow": True}) for agency in client.configuration.agencies]
    configuration = client.configuration.model_copy(update={"agencies": tuple(believing)})
    door = InsideDoor(SecurityServer(agencies, b""))
    async with ExchangeClient(configuration, door=lambda _: door) as wrong:
        with pytest.raises(NotOffered, match="status 404"):
            await wrong.changes("economy", None)
        assert (await wrong.readiness("economy")).reason == "exchange-fault not_among_allowed_methods"


def test_moving_what_nobody_has(simulated) -> None:
    assert not simulated.agencies.move("PSP-2026-777777", Move(state=State.APPROVED))


async def put(simulator: RunningSimulator, reference: str, body: str) -> int:
    context = ssl.create_default_context(cafile=simulator.certificates.ca)
    context.load_cert_chain(*simulator.certificates.pair("client"))
    address = f"{simulator.address}/simulator/applications/{reference}"
    async with aiohttp.ClientSession() as session, session.put(address, data=body, ssl=context) as response:
        return response.status


async def test_over_mutual_tls_while_it_runs(simulator: RunningSimulator) -> None:
    async with ExchangeClient(simulator.configuration()) as client:
        subscription = await client.subscribe("passports", PENDING)
        body = '{"state": "SENDBACK", "required": {"text": "أحضر صورة", "due": "2026-12-15"}}'
        assert await put(simulator, PENDING.reference, body) == 204
        (change,), _ = await followed(client, subscription.cursor)
        assert (change.subscription, change.required.text) == (subscription.id, "أحضر صورة")
        await client.unsubscribe("passports", [subscription.id])
        assert (await followed(client))[0] == []


@pytest.mark.parametrize(
    ("reference", "body", "status"),
    [
        ("ق/2026/301", '{"state": "APPROVED"}', 204),
        ("PSP-2026-777777", '{"state": "APPROVED"}', 404),
        ("PSP-2026-000103", '{"state": "SLEEPING"}', 400),
        ("PSP-2026-000103", '{"state": "APPROVED", "name": "x"}', 400),
        ("PSP-2026-000103", "", 400),
    ],
)
async def test_what_can_be_put(simulator: RunningSimulator, reference: str, body: str, status: int) -> None:
    assert await put(simulator, reference, body) == status


async def test_the_command(simulator: RunningSimulator, written, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(written(configuration_text(simulator.configuration()), "exchange.yml"))

    async def move(*arguments: str) -> int:
        return await asyncio.to_thread(main, ["move", *arguments, "--agencies", file])

    assert await move("ق/2026/301", "SENDBACK", "--required", "أحضر العقد") == 0
    assert await move("PSP-2026-777777", "APPROVED") == 1
    assert capsys.readouterr().err == "no such application\n"
    moved = simulator.agencies._applications["justice", "ق/2026/301"]
    assert (moved.state, moved.required.text) == (State.SENDBACK, "أحضر العقد")
