"""A simulated remote catalogue on a free port of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

import integrations.catalogue
from integrations.catalogue.document import Content
from integrations.catalogue.jsonld import to_jsonld
from integrations.catalogue.reader import read_folder
from integrations.catalogue.remote.simulator import PATH, Simulator

SAMPLE = Path(integrations.catalogue.__file__).parent / "sample"


AUTHORITIES = {"civil-service", "passports", "pensions", "zakat"}


@pytest.fixture(scope="session")
def content() -> Content:
    """A few authorities of the sample, for speed."""
    whole = read_folder(SAMPLE)
    return without(whole, {item.id for item in whole.authorities if item.id not in AUTHORITIES}, set())


def without(content: Content, authorities: set[str], services: set[str]) -> Content:
    """The content without some authorities and services, and without what refers to them."""
    kept = [item for item in content.authorities if item.id not in authorities]
    named = {service.id for item in kept for service in item.services} - services
    smaller = [
        item.model_copy(
            update={
                "services": tuple(
                    service.model_copy(update={"related": tuple(name for name in service.related if name in named)})
                    for service in item.services
                    if service.id in named
                )
            }
        )
        for item in kept
    ]
    return content.model_copy(update={"authorities": tuple(smaller)})


@pytest.fixture
def without_pension(content: Content) -> Content:
    """The same, less one service."""
    return without(content, set(), {"pension"})


@pytest.fixture
def simulator(content: Content) -> Simulator:
    """A remote that serves it in four pages."""
    return Simulator(content, page_size=-(-len(to_jsonld(content)["@graph"]) // 4))


@pytest.fixture
async def address(simulator: Simulator) -> AsyncIterator[str]:
    """Where the simulator's catalogue is."""
    server = TestServer(simulator.app())
    await server.start_server()
    try:
        yield str(server.make_url(PATH))
    finally:
        simulator.released.set()
        await server.close()
