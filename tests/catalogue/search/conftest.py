"""The sample catalogue, indexed once."""

from __future__ import annotations

from pathlib import Path

import pytest

import integrations.catalogue
from integrations.catalogue.model import Authority, PublicService
from integrations.catalogue.reader import read_folder
from integrations.catalogue.resolve import Resolver
from integrations.catalogue.search import SearchIndex

SAMPLE = Path(integrations.catalogue.__file__).parent / "sample"


def service(
    identifier: str,
    name: str,
    also: tuple[str, ...] = (),
    keywords: tuple[str, ...] = (),
    authority: str = "جهة",
    description: str = "",
) -> PublicService:
    """A service of which only the words matter."""
    return PublicService(
        id=identifier, name=name, also=also, keywords=keywords, description=description, code=None, grade="X",
        jurisdiction="SAN", status="in-force", status_statement=None, audience=(), events=(), related=(),
        authority=Authority(authority, authority, (), None, "SAN"), eligibility=None, requirements=None, evidence=None,
        steps=None, costs=(), costs_complete=False, durations=(), channels=(), contacts=(), outputs=(), rules=(),
        legal=(), notes=(),
    )  # fmt: skip


@pytest.fixture(scope="session")
def sample() -> tuple[PublicService, ...]:
    """The sample's 55 services."""
    authorities = read_folder(SAMPLE).authorities
    return tuple(Resolver(authority).service(item) for authority in authorities for item in authority.services)


@pytest.fixture(scope="session")
def index(sample: tuple[PublicService, ...]) -> SearchIndex:
    """The index over the sample."""
    return SearchIndex.build(sample)
