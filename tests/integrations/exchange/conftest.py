"""A simulator over real mutual TLS for every test that wants one, and a search of every log record of every test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.exchange.simulator.certificates import Certificates, make_certificates
from integrations.exchange.simulator.seed import Seed, read_seed
from integrations.exchange.simulator.server import running_simulator

from .making import personal_in


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def seed() -> Seed:
    return read_seed()


@pytest.fixture
async def simulator(seed: Seed, certificates: Certificates):
    async with running_simulator(seed, certificates) as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_personal_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails whichever test made anything log a reference, a proof, a number or a name, at any level."""
    caplog.set_level(logging.DEBUG)
    yield
    for phase in ("setup", "call"):
        for record in caplog.get_records(phase):
            assert personal_in(record) == [], (record.name, record.msg)


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str, name: str = "seed.yml") -> Path:
        file = tmp_path / name
        file.write_text(text, "utf-8")
        return file

    return write
