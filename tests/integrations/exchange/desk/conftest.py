"""A desk over the simulated exchange."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from integrations.exchange.desk import Attempts, Desk
from integrations.exchange.simulator import simulated_exchange
from integrations.exchange.simulator.agency import SimulatedAgencies
from settings.sealing import Envelopes
from storage import Transactions

ENVELOPES = Envelopes(SecretStr("a-token-of-the-tests"))


class Office(NamedTuple):
    """The desk, what it asks, and what it keeps."""

    desk: Desk
    agencies: SimulatedAgencies
    database: Transactions


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    database = Transactions(database_url)
    exchange = simulated_exchange()
    desk = Desk(exchange.client, Attempts(database, "a-key-of-the-tests"), ENVELOPES)
    yield Office(desk, exchange.agencies, database)
    await desk.close()
    await database.close()
