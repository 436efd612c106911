"""A small catalogue with every kind of fact, and databases to import it into."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.catalogue.document import Content
from integrations.catalogue.reader import read_folder
from integrations.catalogue.repository import SqlCatalogue
from storage import SyncDatabase

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLE = Path(__file__).parents[2] / "integrations" / "catalogue" / "sample"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small catalogue's files, to break."""
    return shutil.copytree(FIXTURES, tmp_path / "catalogue")


@pytest.fixture(scope="session")
def content() -> Content:
    """The small catalogue."""
    return read_folder(FIXTURES)


@pytest.fixture(scope="session")
def sample() -> Content:
    """The catalogue that comes with the product."""
    return read_folder(SAMPLE)


@pytest.fixture
def database(database_url: str) -> Iterator[SyncDatabase]:
    """An empty catalogue database, on SQLite and on PostgreSQL."""
    database = SyncDatabase(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[SyncDatabase]:
    """An empty catalogue database on SQLite."""
    database = SyncDatabase(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def catalogue(database: SyncDatabase) -> SqlCatalogue:
    """What callers have of `database`."""
    return SqlCatalogue(database)


def edit(path: Path, old: str, new: str) -> int:
    """Replace `old`, which stands once in the file, and give its line."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")
    return text.count("\n", 0, text.index(old)) + 1
