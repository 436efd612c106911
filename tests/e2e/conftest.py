"""One running Dalil for all of these tests, and the citizens who use it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import async_playwright, expect

from tests.bot.trained import LONGEST_TRAINING, model_folder, sample_url  # noqa: F401 - fixtures
from tests.channels.web.browser import chromium  # noqa: F401 - a fixture
from tests.e2e.citizens import Phone, TelegramCitizen
from tests.e2e.installation import LONGEST_START, PATIENCE, Installation

HERE = Path(__file__).parent
NUMBERS = itertools.count(771_234_501)
CHATS = itertools.count(880_011_223)
expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test starts the system; on a fresh checkout it trains the assistant before."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(LONGEST_TRAINING + LONGEST_START))


@pytest.fixture(scope="session")
def installation(
    model_folder: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """The folder of a Dalil, which is running or not."""
    installation = Installation(tmp_path_factory.mktemp("dalil"), model_folder)
    yield installation
    installation.clean_up()


@pytest.fixture
def system(installation: Installation) -> Installation:
    """A Dalil that is running and ready: started by the first test, and again after a test that stopped it."""
    installation.start()
    installation.wait_until_ready()
    return installation


@pytest.fixture
async def provider(system: Installation) -> AsyncIterator[aiohttp.ClientSession]:
    """Where the simulated operator and the simulated Bot API are."""
    async with aiohttp.ClientSession(system.url) as session:
        yield session


@pytest.fixture
def phone(system: Installation, provider: aiohttp.ClientSession) -> Phone:
    """A handset of a number that nobody has used."""
    return Phone(system, provider, f"+967{next(NUMBERS)}")


@pytest.fixture
def telegram(system: Installation, provider: aiohttp.ClientSession) -> TelegramCitizen:
    """A new private chat with the bot."""
    return TelegramCitizen(system, provider, next(CHATS))


@pytest.fixture
async def browse(chromium: str) -> AsyncIterator[Any]:  # noqa: F811
    """Opens pages, each as a visitor of its own; an error in the page or a request elsewhere fails the test."""
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        contexts = []

        async def open_page(url: str, width: int = 1440, *, script: bool = True, quiet: bool = False) -> Any:
            size = {"width": width, "height": 740 if width < 600 else 900}
            context = await browser.new_context(viewport=size, java_script_enabled=script, reduced_motion="reduce")
            contexts.append(context)
            page = await context.new_page()
            page.set_default_timeout(PATIENCE * 1000)
            if not quiet:
                page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda request: None if request.url.startswith(url) else faults.append(request.url))
            await page.goto(url)
            return page

        yield open_page
        for context in contexts:
            await context.close()
    assert faults == []
