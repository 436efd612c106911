"""Citizens who ask: conversations of the held-out sentences, sent by a number of clients at once, each reply timed."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
from processes import BenchmarkError, Server
from ruamel.yaml import YAML

SEED = 1447
LONGEST_CONVERSATION = 6
Conversation = tuple[str, ...]


class Door(Protocol):
    """How one side is asked."""

    @property
    def name(self) -> str:
        """Which side it is."""
        ...

    @property
    def url(self) -> str:
        """Where messages are posted."""
        ...

    @property
    def headers(self) -> dict[str, str]:
        """What is sent with each."""
        ...

    def body(self, conversation: str, number: int, text: str) -> dict[str, Any]:
        """The JSON of a message."""
        ...

    def answered(self, reply: Any) -> bool:
        """Whether the JSON of a reply says anything."""
        ...


@dataclass(frozen=True)
class StockDoor:
    """Rasa's REST channel, which says 200 and [] when it fails."""

    url: str
    name: str = "stock"
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, conversation: str, number: int, text: str) -> dict[str, Any]:
        """The JSON of a message."""
        return {"sender": conversation, "message": text}

    def answered(self, reply: Any) -> bool:
        """Whether there is a text in the reply."""
        return any(message.get("text") for message in reply)


@dataclass(frozen=True)
class DalilDoor:
    """The assistant's private API."""

    url: str
    token: str
    name: str = "dalil"

    @property
    def headers(self) -> dict[str, str]:
        """The shared secret."""
        return {"Authorization": f"Bearer {self.token}"}

    def body(self, conversation: str, number: int, text: str) -> dict[str, Any]:
        """The JSON of a message."""
        return {
            "id": f"{conversation}-{number}",
            "conversation": conversation,
            "channel": "web",
            "text": text,
            "choice": None,
        }

    def answered(self, reply: Any) -> bool:
        """Whether there is a text in the reply."""
        return any(message["text"] for message in reply["messages"])


@dataclass
class Sample:
    """What was measured: one latency in seconds for each answered message, what got no answer, how long it all took."""

    latencies: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __add__(self, other: Sample) -> Sample:
        return Sample(
            self.latencies + other.latencies, self.unanswered + other.unanswered, self.seconds + other.seconds
        )

    @property
    def throughput(self) -> float:
        """Answered messages a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """A percentile of the latencies, in seconds."""
        return statistics.quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


def conversations(folder: Path) -> list[Conversation]:
    """The held-out sentences as conversations of one to six messages, in an order that is always the same."""
    told, alone = [], []
    for path in sorted(folder.rglob("*.yml")):
        for entry in YAML(typ="safe").load(path):
            if "conversation" in entry:
                told.append(tuple(turn["text"] for turn in entry["conversation"]))
            else:
                alone.append(entry["text"])
    order = random.Random(SEED)
    order.shuffle(alone)
    while alone:
        length = order.randint(1, LONGEST_CONVERSATION)
        told.append(tuple(alone[:length]))
        del alone[:length]
    order.shuffle(told)
    return told


async def ask_once(door: Door, session: aiohttp.ClientSession, conversation: str, number: int, text: str) -> bool:
    """Ask; whether there was an answer."""
    async with session.post(door.url, json=door.body(conversation, number, text), headers=door.headers) as response:
        return response.status == 200 and door.answered(await response.json(content_type=None))


async def drive(door: Door, told: Sequence[Conversation], clients: int, seconds: float, label: str) -> Sample:
    """Let `clients` hold conversations, one after another, until `seconds` have passed.

    Every conversation is new and goes on until it is told, so that first and further messages are mixed as told.
    """
    sample = Sample()
    waiting = enumerate(itertools.cycle(told))
    started = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(
            *(_client(door, session, waiting, started + seconds, label, sample) for _ in range(clients))
        )
    sample.seconds = time.perf_counter() - started
    return sample


async def _client(
    door: Door,
    session: aiohttp.ClientSession,
    waiting: Iterator[tuple[int, Conversation]],
    until: float,
    label: str,
    sample: Sample,
) -> None:
    for place, told in waiting:
        for number, text in enumerate(told):
            asked = time.perf_counter()
            if asked >= until:
                return
            if await ask_once(door, session, f"{label}-{place}", number, text):
                sample.latencies.append(time.perf_counter() - asked)
            else:
                sample.unanswered.append(text)


async def first_answer(door: Door, text: str, servers: Iterable[Server], patience: float = 300.0) -> None:
    """Ask again and again until there is an answer.

    Raises:
        BenchmarkError: a server ended, or there was no answer in `patience` seconds.
    """
    until = time.monotonic() + patience
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < until:
            for server in servers:
                server.check_running()
            if await _answers(door, session, text):
                return
            await asyncio.sleep(0.02)
    raise BenchmarkError(f"{door.name}: no answer in {patience:.0f} s")


async def _answers(door: Door, session: aiohttp.ClientSession, text: str) -> bool:
    try:
        return await ask_once(door, session, f"first-{time.monotonic_ns()}", 0, text)
    except aiohttp.ClientError:
        return False  # it does not listen yet
