"""Behind the pages: trains what is proposed, publishes what is approved, keeps the workers on the live model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import Connection, Row, select

from channels.serving import DATABASE_AWAY
from console.knowledge import drafts
from console.knowledge.tables import TestSentenceRow
from console.publishing import comparison, files, proposals, schedule
from console.publishing.assistant import Assistant, CommandFailed
from console.publishing.nightly import Nightly
from console.publishing.proposals import File
from console.publishing.tables import State
from settings import Settings
from storage import Lease, LeaseLost, Transactions, utc_now

logger = logging.getLogger(__name__)
EVERY, SWAP_EVERY, AFTER_FAILURE = 1.0, 5.0, 15.0
_MOST_FAULTS = 50


class Publisher:
    """Of several consoles on one database the one that has the lease trains, publishes and undoes, one at a time."""

    def __init__(
        self, settings: Settings, database: Transactions, assistant: Assistant, lease: Lease | None = None
    ) -> None:
        self._root, self._frozen = settings.data_folder, settings.evaluation_folder
        self._work, self._models = settings.console_folder, settings.model_folder
        self._database, self.assistant = database, assistant
        self._lease = lease or Lease(database, "publishing")
        self._nightly = Nightly(settings, database, assistant, self._lease)
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There is something to do."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            pause = EVERY if await self._kept(self._turn) else AFTER_FAILURE
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except asyncio.TimeoutError:
                continue
            self._wake.clear()

    async def keep_swapped(self) -> None:
        """A worker that was away when a model went live has it when it is back."""
        while True:
            await asyncio.sleep(SWAP_EVERY)
            if self.assistant.current:
                await self._kept(self.assistant.swap)

    async def _kept(self, work: Any) -> bool:
        try:
            await work()
        except Exception:
            logger.exception("publishing: a step failed and is tried again")
            return False
        return True

    async def _turn(self) -> None:
        if await self._database.read(_is_work):
            await self._lease.hold(self._do)

    async def _do(self) -> None:
        """All there is to do. Who has the lease is the only one: what "is trained" now was left by one that died."""
        await self._lease.write(proposals.begin_anew)
        for state, work in ((State.PUBLISHING, self.publish), (State.ROLLING_BACK, self.undo)):
            for decided in await self._database.read(_in(state)):
                await work(decided)
        await self._nightly.look()
        number: int | None = await self._lease.write(proposals.due)
        if number is not None:
            await self._train(number)

    # Training

    async def _train(self, number: int) -> None:
        try:
            state, values = await self._tested(number)
        except (LeaseLost, *DATABASE_AWAY):
            raise  # not the proposal's fault: it is trained anew
        except Exception as error:
            said = {"proposal": number, "error": type(error).__name__}
            logger.warning("training failed", extra=said, exc_info=not isinstance(error, CommandFailed))
            state, values = State.FAILED, {"report": {"failed": str(error)}}
        await self._lease.write(lambda connection: proposals.tested(connection, number, state, values))
        kept = await self._database.read(proposals.models_in_use)
        await asyncio.to_thread(files.tidy, self._models, self._work, kept | {self.assistant.current})

    async def _tested(self, number: int) -> tuple[State, Mapping[str, Any]]:
        changed = await self._database.read(lambda connection: proposals.files(connection, number))
        model, against = f"dalil-p{number}-{utc_now():%Y%m%d%H%M%S}", self.assistant.current
        # Named after the model: what a console that has lost its lease still writes meets nothing of ours.
        folder = self._work / model
        await self._step(number, "lint")
        data = await asyncio.to_thread(files.laid_out, self._root, changed, folder / "nlu_data")
        if faults := await self.assistant.check_data(folder / "nlu_data"):
            return State.REFUSED, {"report": _linted(faults, folder / "nlu_data"), "data": data}
        await self._step(number, "train")
        await self.assistant.train(folder / "nlu_data", model)
        sets, own = await self._sets(folder)
        reports = []
        for step, name in (("test", model), ("test-live", against)):
            await self._step(number, step)
            reports.append(await self.assistant.evaluate(name, sets, folder / step, self._progress(number, step)))
        proposed, live = reports
        report = comparison.compare(live, proposed, own)
        state = State.REFUSED if report["refusals"] else State.TESTED
        return state, {"report": report, "model": model, "against": against, "data": data}

    async def _step(self, number: int, step: str, done: int = 0, total: int = 0) -> None:
        await self._lease.write(lambda connection: proposals.progress(connection, number, step, done, total))

    def _progress(self, number: int, step: str) -> Any:
        async def said(done: int, total: int) -> None:
            await self._step(number, step, done, total)

        return said

    async def _sets(self, folder: Path) -> tuple[list[Path], list[str]]:
        """The frozen set, and the sentences that citizens asked and staff have put right."""
        rows = await self._database.read(lambda connection: list(connection.execute(select(TestSentenceRow.__table__))))
        reported = folder / "reported"
        if not rows:
            return [self._frozen], []
        reported.mkdir(parents=True, exist_ok=True)
        cases = [
            {name: getattr(row, name) for name in ("text", "kind", "service", "topic")}
            | {"register": "reported", "faq": Path(row.topic).stem if row.kind == "faq" else None}
            for row in rows
        ]
        with (reported / "reported.yml").open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(cases, file)
        return [self._frozen, reported], [row.text for row in rows]

    # Publishing

    async def publish(self, number: int) -> None:
        """Write the files, make the model current, swap the workers; any of it may have been done before."""
        row, changed = await self._decided(number)
        await asyncio.to_thread(files.write, self._root, changed)
        await self.assistant.use(row.model)

        def done(connection: Connection) -> None:
            for file in changed:
                _settle(connection, self._root, file)
            proposals.published(connection, number)

        await self._lease.write(done)

    async def _decided(self, number: int) -> tuple[Row[Any], list[File]]:
        """A proposal with its files; LeaseLost, before anything is written, when another console carries it out."""
        return await self._lease.write(
            lambda connection: (proposals.get(connection, number), proposals.files(connection, number))
        )

    async def roll_back(self, number: int, who: str, reason: str, address: str) -> None:
        """Begin to go back to the files and model of before; what was published is a draft again. Raises Problem."""
        changed = await self._database.read(lambda connection: proposals.files(connection, number))

        def back(connection: Connection) -> None:
            proposals.roll_back(connection, number, who, reason, address)
            wrote = proposals.get(connection, number).authors
            for file in changed:
                if drafts.read_file(self._root, file.path) == file.after:
                    drafts.again(connection, file.path, file.before, file.after, who, wrote)

        await self._database.write(back)
        self.wake()

    async def undo(self, number: int) -> None:
        """Write the files of before, but for those that somebody has changed since, and go back to their model."""
        row, changed = await self._decided(number)
        undone = [File(file.path, file.after, file.before) for file in changed]
        await asyncio.to_thread(files.write, self._root, [file for file in undone if self._is_at(file)])
        await self.assistant.use(row.against)
        await self._lease.write(lambda connection: proposals.rolled_back(connection, number))

    def _is_at(self, file: File) -> bool:
        return drafts.read_file(self._root, file.path) == file.before

    async def data_moved_on(self, number: int) -> bool:
        """Whether the files are others than the proposal was trained over."""
        row = await self._database.read(lambda connection: proposals.get(connection, number))
        return bool(await asyncio.to_thread(files.digest_of, self._root) != row.data)


def _is_work(connection: Connection) -> bool:
    return proposals.is_work(connection) or schedule.is_due(connection)


def _in(state: State) -> Callable[[Connection], list[int]]:
    return lambda connection: proposals.in_state(connection, state)


def _settle(connection: Connection, root: Path, file: File) -> None:
    """The draft that is published now ends; one that has gone on since is over the published text."""
    draft = drafts.drafts(connection).get(file.path)
    if draft is not None and draft.text == file.after:
        drafts.drop(connection, file.path)
    elif draft is not None:
        state = drafts.merged(connection, file.after, file.path, draft)
        if not state.clash:
            drafts.keep(connection, root, file.path, state.text, draft.by)


def _linted(faults: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    shown = [
        f"{str(fault['file']).removeprefix(f'{folder}/')}:{fault['line']}: {fault['message']}"
        for fault in faults[:_MOST_FAULTS]
    ]
    return {"refusals": [{"why": "lint", "name": one, "live": 0, "proposed": 0} for one in shown]}
