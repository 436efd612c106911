"""Rasa in this process as the assistant's processes have it, and the assistant's server over the sample catalogue."""

from __future__ import annotations

import copy
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot import quiet, slim

# Before anything imports rasa.
quiet.install()
slim.install(serving=True)

from aiohttp.test_utils import TestClient, TestServer  # noqa: E402
from rasa_sdk.executor import ActionExecutor  # noqa: E402

from bot import server  # noqa: E402
from bot.engine import models  # noqa: E402
from bot.engine.actions import load_actions  # noqa: E402
from bot.engine.manifest import Manifest, check, current  # noqa: E402
from bot.engine.models import LoadedModel  # noqa: E402
from integrations.catalogue import live  # noqa: E402
from integrations.catalogue.live import LiveCatalogue  # noqa: E402
from integrations.catalogue.repository import SqlCatalogue  # noqa: E402
from settings import load_settings  # noqa: E402
from storage import SyncDatabase  # noqa: E402
from tests.bot.assistant import TOKEN, Assistant  # noqa: E402
from tests.bot.trained import LONGEST_TRAINING, model_folder, sample_url  # noqa: E402, F401 - fixtures

REAL_LOAD = models.load
Start = Callable[..., Awaitable[Assistant]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test that needs a model may have to wait for its training."""
    for item in items:
        if "model_folder" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(LONGEST_TRAINING))


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("DALIL_") and not name.startswith("DALIL_TEST_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sample(sample_url: str) -> LiveCatalogue:  # noqa: F811
    """The sample catalogue with its search index, as seen from Sana'a."""
    return LiveCatalogue(SqlCatalogue(SyncDatabase(sample_url)), "SAN")


@pytest.fixture
def catalogue(sample: LiveCatalogue) -> Iterator[LiveCatalogue]:
    """The catalogue that this process answers from."""
    live.share(sample)
    yield sample
    live.share(None)


@pytest.fixture(scope="session")
def loaded(model_folder: Path, sample: LiveCatalogue) -> LoadedModel:  # noqa: F811
    """The model in memory; loading it takes a second or two, so tests share it."""
    live.share(sample)
    return models.load(model_folder, current(model_folder))


@pytest.fixture
def load_quickly(loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading checks the file as always and then takes the model that is in memory."""

    def load(folder: Path, manifest: Manifest, executor: ActionExecutor | None = None) -> LoadedModel:
        check(folder, manifest)
        processor = copy.copy(loaded.processor)
        processor.executor = executor or load_actions()
        return LoadedModel(manifest, processor)

    monkeypatch.setattr(models, "load", load)


@pytest.fixture
async def start_assistant(
    load_quickly: None,
    catalogue: LiveCatalogue,
    sqlite_url: str,
    model_folder: Path,  # noqa: F811
) -> AsyncIterator[Start]:
    """Starts the assistant's server with settings of the test's."""
    async with AsyncExitStack() as running:

        async def start(**settings: Any) -> Assistant:
            given = {"database_url": sqlite_url, "model_folder": model_folder, "assistant_token": TOKEN, **settings}
            app = server.create_app(load_settings(_env_file=None, **given))
            client = await running.enter_async_context(TestClient(TestServer(app)))
            return Assistant(client)

        yield start


@pytest.fixture
async def assistant(start_assistant: Start) -> Assistant:
    """The assistant's server."""
    return await start_assistant()
