"""The SMS channel over a gateway that writes down what it is given, a real database, and a provider on a script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert, select, update

from channels import outbox
from channels.contract import Accepted, OutboundMessage, Payload, SendOutcome
from channels.sms.addresses import Addresses
from channels.sms.channel import SmsChannel
from channels.sms.providers.base import Submission
from channels.sms.providers.simulator import SimulatorProvider, SimulatorSettings, SmsSimulator
from channels.sms.routing.route import Route
from channels.sms.tables import PartRow
from channels.tables import Address, Contact, OutboxRow
from channels.wiring import wire
from settings import Settings, load_settings
from storage import Transactions, utc_now
from tests.channels.recording import RecordingGateway
from tests.channels.sms.phone import Phone

hypothesis.settings.register_profile("untimed", deadline=None, max_examples=60)
hypothesis.settings.load_profile("untimed")

SECRET = "a-secret-of-the-tests"
CITIZEN = "+967771234567"
PUBLIC = "http://127.0.0.1:8080"


def addresses(provider: str = "simulator") -> Addresses:
    return Addresses(SECRET, provider, PUBLIC)


def path_of(provider: str = "simulator") -> str:
    """Where that provider calls, without the gateway's own address."""
    return addresses(provider).base.removeprefix(PUBLIC)


def provider_settings(name: str = "simulator", **changes: Any) -> SimulatorSettings:
    base = {"name": name, "sender": "777000000", "part_cost": 8.5, "parts_per_second": 1000, "secret": SECRET}
    return SimulatorSettings.model_validate(base | {"url": "http://127.0.0.1:9"} | changes)


class ScriptedProvider(SimulatorProvider):
    """The simulator's formats, without a network: submissions are kept and answered from `outcomes`."""

    def __init__(self, settings: SimulatorSettings | None = None, *, whole: bool = False) -> None:
        super().__init__(settings or provider_settings())
        self.whole = whole
        self.submissions: list[Submission] = []
        self.outcomes: list[SendOutcome | BaseException] = []

    async def submit(self, submission: Submission) -> SendOutcome:
        self.submissions.append(submission)
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted(f"mt-{len(self.submissions)}")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return load_settings(
        database_url=sqlite_url, sms_secret=SECRET, sms_foreign_codes="966", public_url=PUBLIC, _env_file=None
    )


@pytest.fixture
def gateway() -> RecordingGateway:
    return RecordingGateway()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Transactions]:
    database = Transactions(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
def provider() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
def sms_channel(
    settings: Settings, gateway: RecordingGateway, database: Transactions, provider: ScriptedProvider
) -> SmsChannel:
    return SmsChannel(settings, gateway, database, [Route(provider_settings(), provider)])


@pytest.fixture
async def client(sms_channel: SmsChannel) -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application()
    app.add_routes(sms_channel.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


Say = Callable[..., Awaitable[OutboundMessage]]


@pytest.fixture
def say(database: Transactions) -> Say:
    """Puts a text into the outbox and takes it out again, as the core does for each attempt."""

    async def say(text: str, **changes: Any) -> OutboundMessage:
        def put(connection: Any) -> None:
            if connection.scalar(select(Contact.id)) is None:
                now = utc_now()
                contact = {"id": "c", "channel": "sms", "started_at": now, "last_message_at": now, "opted_out": False}
                connection.execute(insert(Contact).values(**contact))
                connection.execute(insert(Address).values(conversation="c", address=CITIZEN))
            outbox.say(connection, outbox.Origin("c", "sms", True), [Payload({"text": text})])

        await database.write(put)
        return await take(database, **changes)

    return say


@pytest.fixture
def again(database: Transactions) -> Callable[..., Awaitable[OutboundMessage]]:
    """The next attempt of the one message there is, whatever became of the last one (its sender may have died)."""

    async def again(**changes: Any) -> OutboundMessage:
        late = {"due_at": utc_now() - timedelta(seconds=1)} | changes
        await database.write(lambda connection: connection.execute(update(OutboxRow).values(**late)))
        return await take(database)

    return again


async def take(database: Transactions, **changes: Any) -> OutboundMessage:
    [sending] = await outbox.Outbox(database).claim("sms", 1, idempotent=True)
    assert sending.message is not None
    return replace(sending.message, **changes)


@pytest.fixture
def rows(database: Transactions) -> Callable[[Any], Awaitable[list[Any]]]:
    async def rows(table: Any) -> list[Any]:
        query = select(table.__table__).order_by(table.id)
        return await database.read(lambda connection: list(connection.execute(query).all()))

    return rows


@pytest.fixture
def parts(rows: Any) -> Callable[[], Awaitable[list[Any]]]:
    return lambda: rows(PartRow)


@pytest.fixture
def messages(rows: Any) -> Callable[[], Awaitable[list[Any]]]:
    return lambda: rows(OutboxRow)


@pytest.fixture
def start_phone(start_gateway):
    """Starts a gateway with its operator."""

    async def start(database_url: str, **settings: object) -> Phone:
        found: list[SmsSimulator] = []

        def wiring(settings, core, database):
            parts = wire(settings, core, database)
            found.extend(part for part in parts if isinstance(part, SmsSimulator))
            return parts

        changes = {"sms_enabled": True, "web_enabled": False, **settings}
        gateway = await start_gateway(database_url, wiring=wiring, **changes)
        return Phone(gateway, found[0].operator)

    return start
