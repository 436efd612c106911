"""The sample catalogue, indexed once."""

from __future__ import annotations

from pathlib import Path

import pytest

import integrations.catalogue
from integrations.catalogue.model import PublicService
from integrations.catalogue.reader import read_folder
from integrations.catalogue.resolve import Resolver
from integrations.catalogue.search import SearchIndex

SAMPLE = Path(integrations.catalogue.__file__).parent / "sample"


@pytest.fixture(scope="session")
def sample() -> tuple[PublicService, ...]:
    """The sample's 55 services."""
    authorities = read_folder(SAMPLE).authorities
    return tuple(Resolver(authority).service(item) for authority in authorities for item in authority.services)


@pytest.fixture(scope="session")
def index(sample: tuple[PublicService, ...]) -> SearchIndex:
    """The index over the sample."""
    return SearchIndex.build(sample)
