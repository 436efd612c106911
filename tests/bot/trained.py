"""A trained model and the sample catalogue, for every test of a process that answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.engine.manifest import current
from bot.fingerprint import is_current
from integrations.catalogue.importer import import_folder
from storage import SyncDatabase
from storage.migrate import upgrade

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "integrations" / "catalogue" / "sample"
LONGEST_TRAINING = 900.0


def environment(**settings: object) -> dict[str, str]:
    """The environment of a process with these settings and with none of whoever runs the tests."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DALIL_")}
    # Without its compiled files every start would compile Rasa again.
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    return clean | {f"DALIL_{name.upper()}": str(value) for name, value in settings.items()}


def import_catalogue(url: str, folder: Path = SAMPLE) -> None:
    """Make the database of `url` hold the catalogue of `folder`."""
    database = SyncDatabase(url)
    import_folder(database, folder)
    database.close()


@pytest.fixture(scope="session")
def sample_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that holds the sample catalogue, to be read."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sample')}/dalil.db"
    upgrade(url)
    import_catalogue(url)
    return url


@pytest.fixture(scope="session")
def model_folder(sample_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the current model only: a copy of the checkout's, which is trained first if anything changed."""
    checkout = ROOT / "models"
    if not is_current(checkout):
        train = [sys.executable, "-m", "bot", "train"]
        settings = environment(database_url=sample_url, model_folder=checkout)
        done = subprocess.run(train, cwd=ROOT, env=settings, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    folder = tmp_path_factory.mktemp("models")
    for file in ("current", f"{current(checkout).name}.json", f"{current(checkout).name}.tar.gz"):
        shutil.copy(checkout / file, folder)
    return folder
