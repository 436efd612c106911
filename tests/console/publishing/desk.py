"""A publisher with its database and files, and an assistant that trains at once."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

from console.knowledge import drafts
from console.publishing import proposals
from console.publishing.assistant import CommandFailed
from console.publishing.publisher import Publisher
from console.publishing.tables import State
from settings import load_settings
from storage import Lease, Transactions, utc_now

DATA = Path(__file__).parents[1] / "nlu_data"
SHARE = {"share": 1.0}
PRIVACY, NEW = "faq/privacy.yml", "faq/q-new.yml"
TEXT = 'version: "3.1"\n# جديد\nnlu:\n- intent: faq/q-new\n  examples: |\n    - سؤال جديد\n'


def report(**kinds: tuple[int, int]) -> dict[str, Any]:
    by = {name: {"both": {"right": right, "of": of}} for name, (right, of) in kinds.items()}
    return {"messages": 10, "figures": {}, "by": {"kind": by, "service": {}, "faq": {}}, "failures": []}


class Models:
    """An assistant that trains at once, or when it may; what it does can be made to fail."""

    def __init__(self) -> None:
        self.current, self.trained, self.faults = "live", [], []
        self.reports = {"live": report(fees=(5, 9)), "new": report(fees=(5, 9))}
        self.fails_at, self.began, self.may_train = "", [], asyncio.Event()
        self.may_train.set()
        self.fresh = True

    async def check_data(self, folder: Path) -> list[dict[str, Any]]:
        found = await asyncio.to_thread(lambda: sorted(folder.rglob("*.yml")))
        self.trained = [path.relative_to(folder).as_posix() for path in found]
        if self.fails_at == "lint":
            raise CommandFailed("no catalogue")
        return [fault | {"file": f"{folder}/{fault['file']}"} for fault in self.faults if fault["file"] in self.trained]

    async def is_current(self) -> bool:
        return self.fresh

    async def train(self, folder: Path, name: str) -> None:
        self.began.append(name)
        await self.may_train.wait()
        if self.fails_at == "train":
            raise CommandFailed("out of memory")

    async def evaluate(self, model: str, sets: Any, output: Path, step: Any) -> dict[str, Any]:
        await step(5, 10)
        return self.reports["live" if model == "live" else "new"]

    async def use(self, model: str) -> None:
        if self.fails_at == "use":
            raise CommandFailed("killed")
        self.current = model

    async def swap(self) -> list[str]:
        return []


class Desk:
    """A publisher with its database and files."""

    def __init__(self, url: str, folder: Path) -> None:
        self.root = folder / "nlu_data"
        shutil.copytree(DATA, self.root)
        self.settings = load_settings(
            database_url=url, data_folder=self.root, console_folder=folder / "work", model_folder=folder / "models"
        )
        self.database, self.models = Transactions(url), Models()
        self.start()

    def start(self, lease: Lease | None = None) -> None:
        """As the console does after a crash."""
        self.publisher = Publisher(self.settings, self.database, self.models, lease)

    async def draft(self, path: str, text: str, by: str = "editor") -> None:
        await self.database.write(lambda connection: drafts.keep(connection, self.root, path, text, by))

    async def propose(self, *paths: str) -> int:
        return await self.database.write(
            lambda connection: proposals.propose(connection, self.root, paths, "سبب", "editor", "", utc_now())
        )

    async def turn(self) -> None:
        await self.publisher._turn()

    async def decide(self, number: int, state: State, who: str = "reviewer", reason: str = "سبب") -> None:
        await self.database.write(lambda connection: proposals.decide(connection, number, state, who, reason, ""))

    async def state(self, number: int) -> State:
        row = await self.database.read(lambda connection: proposals.get(connection, number))
        return State(row.state)

    async def drafted(self) -> dict[str, str]:
        found = await self.database.read(drafts.drafts)
        return {path: draft.text for path, draft in found.items()}

    def file(self, path: str) -> str:
        return drafts.read_file(self.root, path)
