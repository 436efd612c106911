"""The 55 services by name and other names only, as the identifiers' list gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.catalogue.model import Authority, PublicService
from integrations.catalogue.search import SearchIndex

NAMES = Path(__file__).parent / "services.tsv"


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


def named_services() -> list[PublicService]:
    """All 55 services."""
    rows = (line.split("\t") for line in NAMES.read_text("utf-8").splitlines())
    return [
        service(row[0], row[1], tuple(part.strip() for part in row[2].split("،") if part.strip()), authority=row[3])
        for row in rows
    ]


@pytest.fixture(scope="session")
def index() -> SearchIndex:
    return SearchIndex.build(named_services())
