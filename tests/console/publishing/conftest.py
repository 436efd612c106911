"""A publisher on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.publishing.desk import NEW, PRIVACY, TEXT, Desk


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(database_url, tmp_path)
    yield desk
    await desk.database.close()


@pytest.fixture
async def proposed(desk: Desk) -> int:
    """A proposal of one changed and one new file."""
    await desk.draft(PRIVACY, desk.file(PRIVACY).replace("من يشوف رسايلي", "من يقرا رسايلي"))
    await desk.draft(NEW, TEXT)
    return await desk.propose(PRIVACY, NEW)
