"""How many SMS a second the gateway takes and answers, and how long a citizen waits: `benchmarks/sms.py`.

The real gateway runs in a process of its own, with its database, behind the simulated operator's HTTP and behind a real
Kannel, on SQLite and on PostgreSQL. Each answer has two parts; each part gets two receipts.

    flood   all messages as fast as they are taken: answered a second, and parts a second, until the last answer is out
    paced   so many a second for a while: from the citizen's message to the last part of its answer with the operator

Beside it, in the same run: a webhook of a few lines that keeps nothing (for the simulator), and a Kannel that answers
by itself with a fixed text (for Kannel). Without --train a stand-in answers in place of the assistant.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack, ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from processes import BenchmarkError, Server, cpu_seconds
from sms_assistant import ANSWER
from sms_operators import HttpNetwork, KannelNetwork, Network
from sms_system import Peer, System, new_database

QUESTION = "كم رسوم الجواز؟"
LONGEST_SECONDS = 300.0
_run_numbers = itertools.count()


@dataclass
class Figures:
    """What one configuration did; seconds, messages a second, CPU milliseconds of the measured processes a message."""

    name: str
    answered_per_second: float = 0.0
    parts_per_second: float = 0.0
    cpu_ms: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    within_two_seconds: float = 0.0


@dataclass
class Telephones:
    """Who asked when, and when the last part of the answer came."""

    asked: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    parts: int = 0
    _run: int = field(default_factory=lambda: next(_run_numbers))

    def part(self, number: str, last: bool) -> None:
        """An operator was given a part."""
        self.parts += 1
        if last:
            self.answered.setdefault(number.lstrip("+"), time.perf_counter())

    def new(self) -> str:
        """A telephone that has not written yet."""
        number = f"96777{self._run % 10}{len(self.asked):06d}"
        self.asked[number] = time.perf_counter()
        return number

    async def settle(self) -> None:
        """Wait until everyone is answered.

        Raises:
            BenchmarkError: some never were.
        """
        until = time.monotonic() + LONGEST_SECONDS
        while len(self.answered) < len(self.asked):
            if time.monotonic() > until:
                raise BenchmarkError(f"{len(self.asked) - len(self.answered)} messages were never answered")
            await asyncio.sleep(0.02)

    @property
    def waits(self) -> list[float]:
        """Seconds that each waited."""
        return [self.answered[number] - asked for number, asked in self.asked.items()]


def main() -> int:
    """Measure and print; 2 when that was not possible."""
    options = _options()
    try:
        with tempfile.TemporaryDirectory(prefix="dalil-sms-") as folder:
            found = asyncio.run(_measure_all(Path(folder), options))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    _print(found, options)
    if options.json:
        options.json.write_text(json.dumps([asdict(figures) for figures in found], indent=1) + "\n", "utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2000, help="of the flood (default 2000)")
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second when paced (default 50)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long they are paced (default 20)")
    parser.add_argument("--networks", default="simulator,bearerbox", help="and kannel: over smsbox")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--train", action="store_true", help="the real assistant, trained first")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    return parser.parse_args()


async def _measure_all(folder: Path, options: argparse.Namespace) -> list[Figures]:
    networks = [name for name in options.networks.split(",") if _there(name)]
    found = []
    model = _trained(folder) if options.train else None
    for network in networks:
        found.append(await _peer(folder / f"peer-{network}", network, options))
        for database in options.databases.split(","):
            try:
                found.append(await _dalil(folder / f"{network}-{database}", network, database, model, options))
            except BenchmarkError as error:
                print(f"{network} on {database}: {error}", file=sys.stderr)
    return found


def _there(network: str) -> bool:
    if network != "simulator" and shutil.which("bearerbox", path="/usr/sbin:/usr/bin") is None:
        print("Kannel is not installed (Debian: apt-get install kannel): measured without", file=sys.stderr)
        return False
    return True


def _trained(folder: Path) -> Path:
    with new_database("sqlite", folder) as url:
        model = folder / "models"
        System(folder / "training", url, model).train()
        return model


async def _dalil(folder: Path, network: str, database: str, model: Path | None, options: argparse.Namespace) -> Figures:
    figures = Figures(f"dalil, {network}, {database}")
    print(f"{figures.name} …", flush=True)
    with ExitStack() as held:
        system = System(folder / "system", held.enter_context(new_database(database, folder)), model)
        held.callback(system.stop)
        phones = [Telephones(), Telephones()]
        async with AsyncExitStack() as closing:
            door = _network(network, folder, system.callback(network), phones)
            await door.start(closing)
            system.providers.write_text(f"providers:\n  - {door.provider()}\n", "utf-8")
            await system.start()
            await _measure(figures, door, phones, system.servers, options)
    return figures


async def _peer(folder: Path, network: str, options: argparse.Namespace) -> Figures:
    figures = Figures("peer, webhook that keeps nothing" if network == "simulator" else "peer, kannel alone")
    print(f"{figures.name} …", flush=True)
    phones = [Telephones(), Telephones()]
    servers: list[Server] = []
    async with AsyncExitStack() as closing:
        if network == "simulator":
            peer = Peer(folder)
            door: Network = HttpNetwork(peer.callback, lambda number, last: phones[-1].part(number, last))
            await door.start(closing)
            await peer.start(door._address)  # type: ignore[attr-defined]
            closing.callback(peer.server.stop)
            servers = [peer.server]
        else:
            own = lambda number, last: phones[-1].part(number, last)  # noqa: E731
            door = KannelNetwork(folder / "kannel", "http://127.0.0.1:9", own, ANSWER)
            await door.start(closing)
        await _measure(figures, door, phones, servers, options)
    return figures


def _network(network: str, folder: Path, callback: str, phones: list[Telephones]) -> Network:
    """`phones`: the last are those who write now."""

    def part(number: str, last: bool) -> None:
        phones[-1].part(number, last)

    if network == "simulator":
        return HttpNetwork(callback, part)
    return KannelNetwork(folder / "kannel", callback if network == "kannel" else None, part)


async def _measure(
    figures: Figures, door: Network, phones: list[Telephones], servers: list[Server], options: argparse.Namespace
) -> None:
    await _pace(door, _now(phones), 10.0, 3.0)  # warm
    flood = _now(phones)
    used, started = cpu_seconds(servers), time.perf_counter()
    await asyncio.gather(*(door.send(number := flood.new(), QUESTION, number) for _ in range(options.messages)))
    await flood.settle()
    seconds = time.perf_counter() - started
    figures.cpu_ms = 1000 * (cpu_seconds(servers) - used) / options.messages
    figures.answered_per_second, figures.parts_per_second = options.messages / seconds, flood.parts / seconds
    await asyncio.sleep(3)
    waits = (await _pace(door, _now(phones), options.rate, options.seconds)).waits
    figures.p50, figures.p95 = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
    figures.within_two_seconds = sum(wait <= 2 for wait in waits) / len(waits)


def _now(phones: list[Telephones]) -> Telephones:
    phones.append(Telephones())
    return phones[-1]


async def _pace(door: Network, phones: Telephones, rate: float, seconds: float) -> Telephones:
    """Messages at an even rate, whether the earlier ones are answered or not."""
    started, sends = time.perf_counter(), []
    for place in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, started + place / rate - time.perf_counter()))
        number = phones.new()
        sends.append(asyncio.create_task(door.send(number, QUESTION, number)))
    await asyncio.gather(*sends)
    await phones.settle()
    return phones


def _print(found: list[Figures], options: argparse.Namespace) -> None:
    head = f"{'':36}{'answered/s':>11}{'parts/s':>9}{'CPU ms':>8}{'p50 s':>8}{'p95 s':>8}{'<= 2 s':>8}{'of peer':>9}"
    print(f"\nflood of {options.messages}; paced at {options.rate:g} a second for {options.seconds:g} s")
    print(head, "-" * len(head), sep="\n")
    peer = 0.0
    for one in found:
        peer = one.answered_per_second if one.name.startswith("peer") else peer
        rest = f"{one.p50:>8.3f}{one.p95:>8.3f}{one.within_two_seconds:>8.1%}{one.answered_per_second / peer:>9.2f}"
        print(f"{one.name:36}{one.answered_per_second:>11.0f}{one.parts_per_second:>9.0f}{one.cpu_ms:>8.1f}{rest}")


if __name__ == "__main__":
    sys.exit(main())
