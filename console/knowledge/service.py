"""The library, its drafts and the checker together, as the rooms of the console share them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from bot.data import project
from bot.data.corpus import Known
from console.knowledge import drafts
from console.knowledge.checking import EVERY, Checker
from console.knowledge.library import Entry, Library
from storage import Transactions

logger = logging.getLogger(__name__)


class Knowledge:
    """Files of training data with the drafts over them."""

    def __init__(self, root: Path, database: Transactions, known: Callable[[], Known] = project.known) -> None:
        self.root = root
        self.library = Library(root)
        self.checker = Checker(self.library, known)
        self._database = database
        self._turn = asyncio.Lock()

    async def refresh(self) -> Library:
        """The library as files and drafts are now."""
        async with self._turn:
            files = self.library.files
            states = await self._database.read(lambda connection: drafts.texts(connection, files))
            await asyncio.to_thread(self.library.refresh, states)
            if self.library.files != files and states:
                files = self.library.files
                states = await self._database.read(lambda connection: drafts.texts(connection, files))
                await asyncio.to_thread(self.library.refresh, states)
        return self.library

    async def state(self, path: str) -> drafts.State:
        """One file as an editor meets it; what they see is remembered, to be compared with what they make of it."""

        def work(connection: Connection) -> drafts.State:
            now = drafts.state(connection, self.root, path)
            drafts.see(connection, now.text)
            return now

        return await self._database.write(work)

    async def entry(self, path: str) -> Entry | None:
        """One file of the library; None when there is none of this name."""
        library = await self.refresh()
        return next((entry for entry in library.entries() if entry.path == path), None)

    async def keep_checking(self) -> None:
        """Keep library and index up to date, until cancelled; what cannot be read now is tried again."""
        while True:
            try:
                await self.refresh()
                await self.checker.rebuild()
            except Exception:
                logger.exception("the index of sentences was not made")
            await asyncio.sleep(EVERY)
