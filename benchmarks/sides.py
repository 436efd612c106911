"""The two sides of the comparison: how each is trained, started and asked."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import stock_project
from load import DalilDoor, Door, StockDoor
from processes import Server, Used, free_port, run, variables
from stock_project import FULL_EPOCHS, ROOT

TOKEN = "benchmark"
# Rasa's batches grow from the first epoch to the last, so this line is a little in stock's favour.
FEW_EPOCHS = (1, 4)


@dataclass(frozen=True)
class Training:
    """What training cost, from the start of the command to its end; `epochs` that the model which answers has had."""

    used: Used
    epochs: int | None = None
    extrapolated: bool = False


class Side(Protocol):
    """One of the two."""

    name: str

    @property
    def door(self) -> Door:
        """How it is asked."""
        ...

    def train(self) -> Training:
        """Train a model."""
        ...

    def start(self) -> list[Server]:
        """Start every process that takes part in answering."""
        ...


class Dalil:
    """`python -m bot train` and one worker of `python -m bot serve`."""

    name = "dalil"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        port = free_port()
        self.environment = variables(
            DALIL_DATABASE_URL=f"sqlite:///{folder / 'dalil.db'}",
            DALIL_MODEL_FOLDER=str(folder / "models"),
            DALIL_ASSISTANT_HOST="127.0.0.1",
            DALIL_ASSISTANT_PORT=str(port),
            DALIL_ASSISTANT_TOKEN=TOKEN,
            DALIL_JURISDICTION="SAN",
            DALIL_LOG_LEVEL="WARNING",
        )
        self.door = DalilDoor(f"http://127.0.0.1:{port}/v1/messages", TOKEN)

    def prepare(self) -> None:
        """The tables and the sample catalogue, which both sides answer from."""
        self._run("dalil: tables", "-m", "storage", "upgrade")
        self._run("dalil: catalogue", "-m", "integrations.catalogue", "import", "integrations/catalogue/sample")

    def _run(self, label: str, *arguments: str) -> Used:
        log = self._folder / "dalil.log"
        return run(label, [sys.executable, *arguments], log, folder=ROOT, environment=self.environment)

    def train(self) -> Training:
        """Train a model."""
        return Training(self._run("dalil: training", "-m", "bot", "train"))

    def start(self) -> list[Server]:
        """The only process."""
        command = [sys.executable, "-m", "bot", "serve", "--worker", "0"]
        log = self._folder / "dalil-serve.log"
        return [Server("dalil", command, log, folder=ROOT, environment=self.environment)]


class Stock:
    """`rasa train`, `rasa run` with the REST channel, and the action server."""

    name = "stock"

    def __init__(self, folder: Path, dalil: Dalil, *, training_limit: float) -> None:
        self._logs, self._project = folder, folder / "stock"
        self._python = str(stock_project.environment())
        self._limit = training_limit
        self._port, self._action_port = free_port(), free_port()
        self._action_environment = {**dalil.environment, "PYTHONPATH": f"{self._project}:{ROOT}"}
        self.door = StockDoor(f"http://127.0.0.1:{self._port}/webhooks/rest/webhook")

    def train(self) -> Training:
        """All epochs if they end within the limit, which two short runs tell; else the straight line through those."""
        few, several = FEW_EPOCHS
        least, more = self._train(few), self._train(several)
        expected = least.towards(more, (FULL_EPOCHS - few) / (several - few))
        if expected.seconds > self._limit:
            print(f"  {FULL_EPOCHS} epochs would take {expected.seconds / 60:.0f} min: extrapolated", flush=True)
            return Training(expected, several, extrapolated=True)
        return Training(self._train(FULL_EPOCHS), FULL_EPOCHS)

    def _train(self, epochs: int) -> Used:
        stock_project.build(self._project, epochs, self._action_port)
        command = [self._python, "-m", "rasa", "train", "--domain", "domain", "--fixed-model-name", "stock"]
        log = self._logs / "stock-train.log"
        return run(f"stock: training, {epochs} epochs", command, log, folder=self._project, environment=variables())

    def start(self) -> list[Server]:
        """The action server and Rasa, at the same time."""
        actions = [sys.executable, "-m", "rasa_sdk", "--actions", "catalogue_actions", "--port", str(self._action_port)]
        rasa = [self._python, "-m", "rasa", "run", "--port", str(self._port), "--interface", "127.0.0.1"]
        rasa += ["--model", "models/stock.tar.gz", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        # From the repository, where Dalil's settings and catalogue are looked for.
        return [
            Server(
                "stock actions",
                actions,
                self._logs / "stock-actions.log",
                folder=ROOT,
                environment=self._action_environment,
            ),
            Server("stock rasa", rasa, self._logs / "stock-rasa.log", folder=self._project, environment=variables()),
        ]
