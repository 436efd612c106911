"""The sample catalogue as each side may show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.catalogue.jurisdiction import for_jurisdiction
from integrations.catalogue.model import PublicService
from integrations.catalogue.reader import read_folder
from integrations.catalogue.resolve import Resolver

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
