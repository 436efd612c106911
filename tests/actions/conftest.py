"""The sample catalogue as each side may show it, and citizens of a simulated exchange."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from integrations.catalogue import live
from integrations.catalogue.jurisdiction import for_jurisdiction
from integrations.catalogue.model import PublicService
from integrations.catalogue.reader import read_folder
from integrations.catalogue.resolve import Resolver
from integrations.exchange import desk
from integrations.exchange.desk import Attempts, Desk
from integrations.exchange.followings import Followings
from integrations.exchange.simulator import simulated_exchange
from integrations.exchange.simulator.seed import SAMPLE as SEED
from storage import Transactions
from tests.actions import making
from tests.actions.citizens import ENVELOPES, Citizen
from tests.actions.making import service

SAMPLE = Path(__file__).parents[2] / "integrations" / "catalogue" / "sample"
SIDES = ("SAN", "ADE")


@pytest.fixture(scope="session")
def whole() -> dict[str, PublicService]:
    """Every service of the sample with the facts of both sides."""
    return {
        service.id: Resolver(authority).service(service)
        for authority in read_folder(SAMPLE).authorities
        for service in authority.services
    }


@pytest.fixture(scope="session")
def views(whole: dict[str, PublicService]) -> dict[str, list[PublicService]]:
    """The services as each side's deployment has them."""
    return {side: [for_jurisdiction(service, side) for service in whole.values()] for side in SIDES}


@pytest.fixture
def seed() -> str | None:
    """The applications, where they are others than the sample's."""
    return None


@pytest.fixture
async def citizen(sqlite_url: str, seed: str | None, tmp_path: Path) -> AsyncIterator[Callable[..., Citizen]]:
    """Citizens of an exchange of their own."""
    live.share(making.live(service("passport", "جواز السفر"), service("id-card", "البطاقة الشخصية")))
    database = Transactions(sqlite_url)
    (tmp_path / "seed.yml").write_text(seed or "", "utf-8")
    exchange = simulated_exchange(tmp_path / "seed.yml" if seed else SEED)
    desk.share(Desk(exchange.client, Attempts(database, "a-key"), ENVELOPES, Followings(database)))
    yield lambda *arguments, **fields: Citizen(exchange.agencies, *arguments, **fields)
    desk.share(None)
    live.share(None)
    await database.close()
