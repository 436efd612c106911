"""The processes that `sms.py` measures: the gateway, an assistant, a database, and the peer."""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from processes import BenchmarkError, Server, free_port, is_ready, run, variables
from sms_operators import SECRET
from sqlalchemy import create_engine, text
from stock_project import ROOT

from channels.sms.addresses import Addresses
from storage.migrate import upgrade

READY_SECONDS = 60.0
PLENTY = "1000000"
_POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


class System:
    """One gateway with one assistant. `model` is a folder with a trained model; without it a stand-in answers."""

    def __init__(self, folder: Path, database_url: str, model: Path | None) -> None:
        folder.mkdir(parents=True)
        self._folder, self._model = folder, model
        gateway, self._assistant = free_port(), free_port()
        self.url = f"http://127.0.0.1:{gateway}"
        self.providers = folder / "providers.yml"
        own = {
            "database_url": database_url,
            "jurisdiction": "SAN",
            "model_folder": str(model or ROOT / "models"),
            "assistant_port": str(self._assistant),
            "assistant_token": SECRET,
            "gateway_port": str(gateway),
            "push_port": "0",
            "public_url": self.url,
            "sms_secret": SECRET,
            "sms_providers": str(self.providers),
            "web_enabled": "false",
            "log_level": "WARNING",
            "sms_messages_per_hour": PLENTY,
            "sms_messages_per_day": PLENTY,
        }
        self._environment = variables(**{f"DALIL_{name.upper()}": value for name, value in own.items()})
        self.servers: list[Server] = []

    def callback(self, provider: str) -> str:
        """Where that provider calls."""
        return Addresses(SECRET, provider, self.url).base

    async def start(self) -> None:
        """Start both and wait until they are ready."""
        assistant = ["-m", "bot", "serve"] if self._model else [_beside("sms_assistant.py"), str(self._assistant)]
        if self._model:
            sample = ["-m", "integrations.catalogue", "import", "integrations/catalogue/sample"]
            await asyncio.to_thread(self._run, "catalogue", sample)
        self._start("assistant", assistant)
        self._start("gateway", ["-m", "channels"])
        await self._ready()

    def train(self) -> None:
        """Make the model, for an assistant that is not a stand-in."""
        self._run("training", ["-m", "bot", "train"])

    def stop(self) -> None:
        """End both."""
        for server in reversed(self.servers):
            server.stop()

    def _run(self, label: str, command: list[str]) -> None:
        log = self._folder / f"{label}.log"
        run(label, [sys.executable, *command], log, folder=ROOT, environment=self._environment)

    def _start(self, name: str, command: list[str]) -> None:
        log = self._folder / f"{name}.log"
        server = Server(name, [sys.executable, *command], log, folder=ROOT, environment=self._environment)
        self.servers.append(server)

    async def _ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        async with aiohttp.ClientSession() as session:
            while not await is_ready(session, self.url):
                for server in self.servers:
                    server.check_running()
                if time.monotonic() > until:
                    raise BenchmarkError(f"the gateway is not ready after {READY_SECONDS:.0f} s: see {self._folder}")
                await asyncio.sleep(0.1)


class Peer:
    """What a short script would be: every message is answered at once, nothing is kept (`sms_peer.py`)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._port, self._log = free_port(), folder / "peer.log"
        self.callback = f"http://127.0.0.1:{self._port}"
        self.server: Server

    async def start(self, operator: str) -> None:
        """Start it and wait until it listens."""
        command = [sys.executable, _beside("sms_peer.py"), str(self._port), operator]
        self.server = Server("peer", command, self._log, folder=ROOT, environment=variables())
        while True:
            self.server.check_running()
            try:
                (await asyncio.open_connection("127.0.0.1", self._port))[1].close()
                return
            except OSError:
                await asyncio.sleep(0.05)


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database with its tables: a SQLite file, or one of PostgreSQL's on loopback.

    Raises:
        BenchmarkError: PostgreSQL does not answer.
    """
    if kind == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / f'{uuid.uuid4().hex}.db'}"
        upgrade(url)
        yield url
        return
    name = f"dalil_benchmark_{uuid.uuid4().hex}"
    admin = create_engine(_POSTGRESQL, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except Exception as error:
        raise BenchmarkError(f"no PostgreSQL on 127.0.0.1:5432 ({type(error).__name__})") from error
    url = _POSTGRESQL.rsplit("/", 1)[0] + f"/{name}"
    try:
        upgrade(url)
        yield url
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


def _beside(name: str) -> str:
    return str(Path(__file__).with_name(name))
