"""What the schedule does when its time has come: it proposes, and nobody's work is published by it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from console.knowledge import drafts
from console.publishing import files, proposals, schedule
from console.publishing.assistant import Assistant, CommandFailed
from console.publishing.proposals import File
from console.publishing.tables import Outcome
from settings import Settings
from storage import Lease, Transactions, utc_now

LATEST = timedelta(hours=3)
"""A time that was missed is made up for so long. Later the machine is wanted by who asks, and the next night comes."""
EDITED = "تدريب مجدول: تعديلات لم تُقترح بعد."
MOVED_ON = "تدريب مجدول: تغيّرت البيانات في المستودع منذ تدريب النموذج الحالي."


class Nightly:
    """Makes the schedule's proposals, under the lease of who publishes."""

    def __init__(self, settings: Settings, database: Transactions, assistant: Assistant, lease: Lease) -> None:
        self._root, self._folder = settings.data_folder, settings.console_folder / "schedule"
        self._database, self._assistant, self._lease = database, assistant, lease

    async def look(self) -> None:
        """Propose what is new, if it is time; once, whatever dies when."""
        now = await self._database.read(schedule.read)
        if now.next_at is None or now.next_at > utc_now():
            return
        if utc_now() - now.next_at > LATEST:
            await self._lease.write(lambda connection: schedule.done(connection, Outcome.MISSED))
            return
        try:
            fresh = await self._database.read(lambda connection: proposals.unproposed(connection, self._root))
            fit = await self._fit(fresh)
            reason = EDITED if fit else MOVED_ON if await self._moved_on() else ""
        except CommandFailed:
            await self._lease.write(lambda connection: schedule.done(connection, Outcome.FAILED))
            return
        await self._lease.write(lambda connection: self._propose(connection, fit, reason, left=len(fresh) - len(fit)))

    def _propose(self, connection: Connection, paths: list[str], reason: str, left: int) -> None:
        if not schedule.is_due(connection):
            return  # it was switched off, or to another hour, meanwhile
        if not reason:
            schedule.done(connection, Outcome.FAULTY if left else Outcome.NOTHING)
            return
        number = proposals.propose_scheduled(connection, self._root, paths, reason)
        schedule.done(connection, Outcome.MADE, number)

    async def _fit(self, paths: list[str]) -> list[str]:
        """Those of the drafts that pass the lint together: one with an error stays until somebody has mended it."""
        left = await self._database.read(lambda connection: self._files(connection, paths))
        while left:
            await asyncio.to_thread(files.laid_out, self._root, left, self._folder)
            faults = await self._assistant.check_data(self._folder)
            blamed = {name.removeprefix(f"{self._folder}/") for fault in faults for name in _named(fault)}
            fit = [file for file in left if file.path not in blamed]
            if len(fit) == len(left):
                return [] if faults else [file.path for file in fit]
            left = fit
        return []

    def _files(self, connection: Connection, paths: list[str]) -> list[File]:
        return [File(path, "", drafts.state(connection, self._root, path).text) for path in paths]

    async def _moved_on(self) -> bool:
        """Whether the data are others than the live model's, and no proposal has tried them as they are."""
        data = await asyncio.to_thread(files.digest_of, self._root)
        if not self._assistant.current:
            return False
        tried = await self._database.read(lambda connection: proposals.is_trained_over(connection, data))
        return not tried and not await self._assistant.is_current()


def _named(fault: dict[str, Any]) -> list[str]:
    return [str(fault["file"]), str(fault.get("values", {}).get("other_file", ""))]
