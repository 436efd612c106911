"""The engine with a trained model over the sample catalogue; every conversation has its own database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import quiet, slim

# Before anything imports rasa.
quiet.install()
slim.install(serving=True)

from bot.engine import models  # noqa: E402
from bot.engine.conversations import ConversationStore  # noqa: E402
from bot.engine.engine import Engine  # noqa: E402
from bot.engine.manifest import current  # noqa: E402
from bot.engine.models import LoadedModel  # noqa: E402
from integrations.catalogue import live  # noqa: E402
from integrations.catalogue.live import LiveCatalogue  # noqa: E402
from integrations.catalogue.repository import SqlCatalogue  # noqa: E402
from integrations.exchange import desk  # noqa: E402
from settings import Settings, load_settings  # noqa: E402
from storage import SyncDatabase, Transactions  # noqa: E402
from tests.bot.trained import LONGEST_TRAINING, model_folder, sample_url  # noqa: E402, F401 - fixtures

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first conversation may have to wait for the training of a model."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(LONGEST_TRAINING))


@pytest.fixture(scope="session")
def sample(sample_url: str) -> LiveCatalogue:  # noqa: F811
    """The sample catalogue, as seen from Sana'a."""
    return LiveCatalogue(SqlCatalogue(SyncDatabase(sample_url)), "SAN")


@pytest.fixture(scope="session")
def loaded(model_folder: Path, sample: LiveCatalogue) -> LoadedModel:  # noqa: F811
    """The model in memory."""
    live.share(sample)
    return models.load(model_folder, current(model_folder))


@pytest.fixture
async def engine(loaded: LoadedModel, sample: LiveCatalogue, sqlite_url: str) -> AsyncIterator[Engine]:
    """What answers, with the settings that citizens meet."""
    live.share(sample)
    database = Transactions(sqlite_url, durable=False)
    counter = desk.open_desk(load_settings(_env_file=None), database)
    desk.share(counter)
    fields = Settings.model_fields
    yield Engine(
        loaded,
        ConversationStore(database=database),
        budget=fields["assistant_budget_seconds"].default,
        longest=fields["max_message_chars"].default,
    )
    assert counter is not None
    await counter.close()
    await database.close()
    desk.share(None)
    live.share(None)
