"""The processes that are killed and started again, and what their database says in the end."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from kill_operator import TIMEOUT_SECONDS
from processes import BenchmarkError, Server, free_port, is_ready, run, variables
from sqlalchemy import create_engine, text
from stock_project import ROOT

from channels.sms.addresses import Addresses

WORKERS = 2
SECRET = "benchmark"
READY_SECONDS = 300.0
PLENTY = "1000000"
_GATEWAY = "gateway"
_NO_DATABASE = ("database system is", "DALIL_DATABASE_URL: connection failed")
"""Last words of a process that met a PostgreSQL which was starting, or none."""


@dataclass(frozen=True)
class Reply:
    """A reply to a telephone."""

    conversation: str
    question: str
    body: dict[str, Any]
    state: str


class System:
    """A gateway and two workers of the assistant, on one database.

    operator: the address of the simulated SMS operator; None for the provider of `providers`, a file that is still to
    be written.
    """

    def __init__(self, folder: Path, operator: str | None, database_url: str | None, *, idempotent: bool) -> None:
        self._folder = folder
        self._assistant_port = _ports_in_a_row(WORKERS)
        gateway_port = free_port()
        self.gateway = f"http://127.0.0.1:{gateway_port}"
        self.callback = Addresses(SECRET, "simulator" if operator else "kannel", self.gateway).base
        self.providers = folder / "providers.yml"
        url = database_url or f"sqlite:///{folder / 'dalil.db'}"
        # Connections that a restart of the database has ended are not used again.
        self._engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_pre_ping=True)
        own = {
            "mode": "development",
            "database_url": url,
            "jurisdiction": "SAN",
            "model_folder": str(folder / "models"),
            "assistant_host": "127.0.0.1",
            "assistant_port": str(self._assistant_port),
            "assistant_workers": str(WORKERS),
            "assistant_token": SECRET,
            "gateway_host": "127.0.0.1",
            "gateway_port": str(gateway_port),
            "push_port": "0",
            "public_url": self.gateway,
            "sms_secret": SECRET,
            "log_level": "WARNING",
            # Limits protect from citizens, of whom there are many here on one address.
            "web_messages_per_minute": PLENTY,
            "web_sessions_per_hour": PLENTY,
            "sms_messages_per_hour": PLENTY,
            "sms_messages_per_day": PLENTY,
            **({} if operator else {"sms_providers": str(self.providers)}),
        }
        self._environment = variables(
            **{f"DALIL_{name.upper()}": value for name, value in own.items()},
            KILL_OPERATOR=operator or "",
            KILL_IDEMPOTENT="yes" if idempotent else "no",
            KILL_TIMEOUT=str(TIMEOUT_SECONDS),
            PYTHONPATH=str(ROOT),
        )
        program = [str(Path(__file__).with_name("kill_gateway.py"))] if operator else ["-m", "channels"]
        self._commands = {_GATEWAY: [sys.executable, *program]}
        self._addresses = {_GATEWAY: self.gateway}
        for worker in range(WORKERS):
            command = [sys.executable, "-m", "bot", "serve", "--worker", str(worker)]
            self._commands[f"assistant {worker}"] = command
            self._addresses[f"assistant {worker}"] = f"http://127.0.0.1:{self._assistant_port + worker}"
        self._running: dict[str, Server] = {}
        self.restarted = 0
        """How often one was started again because it had met a database that was away while it started itself, and had
        ended with a line that says so, as an operator's supervisor would."""

    @property
    def names(self) -> list[str]:
        """What can be killed."""
        return list(self._commands)

    def prepare(self) -> None:
        """Tables, catalogue, model."""
        for label, arguments in (
            ("tables", ["-m", "storage", "upgrade"]),
            ("catalogue", ["-m", "integrations.catalogue", "import", "integrations/catalogue/sample"]),
            ("training", ["-m", "bot", "train"]),
        ):
            log = self._folder / "prepare.log"
            run(label, [sys.executable, *arguments], log, folder=ROOT, environment=self._environment)

    def start(self) -> None:
        """Start what does not run."""
        for name, command in self._commands.items():
            if name not in self._running:
                log = self._folder / f"{name}.log"
                self._running[name] = Server(name, command, log, folder=ROOT, environment=self._environment)

    def kill(self, name: str) -> None:
        """SIGKILL; one that ended by itself is an error, unless the database was away."""
        self._check(name)
        self._running.pop(name).kill()

    def _check(self, name: str) -> None:
        server = self._running[name]
        if not server.wait(0):
            return
        last = server.log.read_text("utf-8", "replace")[-2000:]
        if not any(words in last for words in _NO_DATABASE):
            server.check_running()
        self._running.pop(name)
        self.restarted += 1
        self.start()

    async def supervise(self) -> None:
        """Start again, for ever, what has ended for want of a database: a gateway is not ready without an assistant."""
        while True:
            for name in self.names:
                self._check(name)
            await asyncio.sleep(0.2)

    def stop(self) -> None:
        """End everything."""
        for server in self._running.values():
            server.stop()
        self._running.clear()
        self._engine.dispose()

    async def ready(self, session: aiohttp.ClientSession, names: Iterable[str]) -> None:
        """Wait until these processes are ready."""
        for name in names:
            until = time.monotonic() + READY_SECONDS
            while not await is_ready(session, self._addresses[name]):
                self._check(name)
                if time.monotonic() > until:
                    raise BenchmarkError(f"{name} is not ready after {READY_SECONDS:.0f} s")
                await asyncio.sleep(0.1)

    async def ask(self, session: aiohttp.ClientSession, message: dict[str, Any]) -> dict[str, Any]:
        """Ask the first worker directly."""
        url = f"http://127.0.0.1:{self._assistant_port}/v1/messages"
        async with session.post(url, json=message, headers={"Authorization": f"Bearer {SECRET}"}) as response:
            response.raise_for_status()
            reply: dict[str, Any] = await response.json()
            return reply

    def unfinished(self) -> int:
        """Messages that are not answered yet, and replies that did not go out yet."""
        asked = self._rows("select count(*) from inbox where state <> 'done'")
        answered = self._rows("select count(*) from outbox where state in ('queued', 'sending')")
        return int(asked[0][0] + answered[0][0])

    def replies(self) -> dict[str, str]:
        """For each message that went out to a telephone, the provider's id of the message that it answers."""
        rows = self._rows(
            "select outbox.message_id, inbox.external_id from outbox join inbox on inbox.id = outbox.inbox_id"
            " where outbox.channel = 'sms'"
        )
        return {message: external.partition(":")[2] for message, external in rows}

    def uncertain(self) -> set[str]:
        """The provider's ids of the messages whose reply is marked as unknown."""
        rows = self._rows(
            "select inbox.external_id from outbox join inbox on inbox.id = outbox.inbox_id"
            " where outbox.state = 'unknown'"
        )
        return {external.partition(":")[2] for (external,) in rows}

    def replies_by_sms(self) -> list[Reply]:
        """Every reply to a telephone, in the order in which the messages came."""
        rows = self._rows(
            "select inbox.conversation, inbox.text, outbox.body, outbox.state from outbox"
            " join inbox on inbox.id = outbox.inbox_id where outbox.channel = 'sms' order by inbox.id"
        )
        return [Reply(row.conversation, row.text, _body(row.body), row.state) for row in rows]

    def came_in(self) -> set[tuple[str, str]]:
        """Conversation and text of every message of a telephone that the gateway has."""
        return set(map(tuple, self._rows("select conversation, text from inbox where channel = 'sms'")))

    def way_of(self, conversation: str, said: str) -> list[str]:
        """What the gateway knows of a message of a telephone: for each reply the states of both and of its parts."""
        rows = self._rows(
            "select inbox.state as asked, inbox.outcome, inbox.reply_kind, outbox.state, outbox.error, outbox.code,"
            " (select count(*) from sms_parts where sms_parts.message_id = outbox.message_id) as parts from inbox"
            " left join outbox on outbox.inbox_id = inbox.id where inbox.conversation = :conversation"
            " and inbox.text = :text",
            conversation=conversation,
            text=said,
        )
        return [", ".join(f"{name} {value}" for name, value in row._mapping.items()) for row in rows]

    def sms_states(self) -> dict[str, int]:
        """How many replies to telephones are in each state."""
        rows = self._rows("select state, count(*) from outbox where channel = 'sms' group by state")
        return {str(state): int(count) for state, count in rows}

    def apologies(self, channel: str) -> int:
        """Messages that were answered with the gateway's own words, because the assistant was away for too long."""
        rows = self._rows(
            "select count(*) from inbox where outcome = 'fallback' and channel = :channel", channel=channel
        )
        return int(rows[0][0])

    def _rows(self, query: str, **values: str) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(text(query), values))


def _body(kept: str | dict[str, Any] | None) -> dict[str, Any]:
    """As the database gives it; nothing is left of the rest of an answer that nobody asked for."""
    body = json.loads(kept) if isinstance(kept, str) else kept
    return body or {"text": ""}


def _ports_in_a_row(count: int) -> int:
    """The first of so many free ports that follow each other; found by trying, as the system gives single ones."""
    for _ in range(100):
        first = free_port()
        if first + count <= 65_535 and all(_is_free(first + place) for place in range(1, count)):
            return first
    raise BenchmarkError("no free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
