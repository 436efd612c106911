"""Dalil's assistant beside the same bot as a stock Rasa project, in one run: `make bench`.

Both answer the same held-out sentences from the same catalogue, one after the other in alternating rounds, so that
whatever else the machine does meets both. What is compared, and what each side is:

dalil   `python -m bot train`, `python -m bot serve --worker 0` (one worker, its SQLite database)
stock   `rasa train`, `rasa run` (REST channel, SQLTrackerStore on SQLite), action server over HTTP; Rasa 3.6.21 with
        Rasa's own pins in an environment of its own, made on first use (stock_project.py says what is the same)

Memory is of all processes of a side, after the load. Start is from starting the processes to the first answer.
Training is the whole command; when all epochs of stock would take longer than --training-limit, the figure is the
straight line through two short runs, marked so, and the model of the longer of them answers (it costs the same).
CPU a message depends least on what else the machine does. Projects, models and databases are in a temporary folder
that is removed at the end; processes are ended by their ids.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import load
from load import Conversation, Sample
from processes import BenchmarkError, Memory, Server, cpu_seconds, machine_cpu_seconds, memory
from report import MB, Report, Row
from sides import Dalil, Side, Stock, Training
from stock_project import ROOT

CLIENTS = (1, 8)
WARM_UP_SECONDS = 3.0
FIRST_QUESTION = "كم رسوم توثيق عقد الزواج؟"
PERCENTILES = (50, 95, 99)
# What the project promises of one worker.
TIMES_THROUGHPUT, A_THIRD = 10.0, 1 / 3


@dataclass
class Measured:
    """All figures of one side; seconds and bytes."""

    side: Side
    training: Training
    servers: list[Server] = field(default_factory=list)
    start_seconds: float = 0.0
    memory: Memory = field(default_factory=lambda: Memory(0, 0))
    samples: dict[int, Sample] = field(default_factory=lambda: {clients: Sample() for clients in CLIENTS})
    cpu_seconds: float = 0.0
    others_cpu_seconds: float = 0.0

    @property
    def answered(self) -> int:
        """How many messages got an answer."""
        return sum(len(sample.latencies) for sample in self.samples.values())

    @property
    def unanswered(self) -> list[str]:
        """Those that did not."""
        return [text for sample in self.samples.values() for text in sample.unanswered]

    @property
    def driven_seconds(self) -> float:
        """How long messages were sent."""
        return sum(sample.seconds for sample in self.samples.values())

    @property
    def cpu_each(self) -> float:
        """CPU seconds of all processes for one message."""
        return self.cpu_seconds / self.answered


def main() -> int:
    """Measure and report; 1 with the reason when that cannot be done."""
    options = _options()
    told = load.conversations(ROOT / "tests" / "nlu")
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dalil-bench-")))
            report = _compare(folder, told, options, stack)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\n{report.table()}")
    if options.json:
        report.write_json(options.json)
    if options.plot:
        report.draw(options.plot)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one round (default 5)")
    parser.add_argument("--rounds", type=int, default=6, help="rounds for each number of clients (default 6)")
    parser.add_argument(
        "--training-limit", type=float, default=600.0, help="most seconds for all epochs of stock (default 600)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the ratios as PNG")
    return parser.parse_args()


def _compare(folder: Path, told: Sequence[Conversation], options: argparse.Namespace, stack: ExitStack) -> Report:
    started = time.monotonic()
    dalil = Dalil(folder)
    stock = Stock(folder, dalil, training_limit=options.training_limit)
    dalil.prepare()
    both = [Measured(side, side.train()) for side in (dalil, stock)]
    for one in both:
        _start(one, stack)
    for one in both:
        asyncio.run(load.drive(one.side.door, told, max(CLIENTS), WARM_UP_SECONDS, "warm"))
    for clients in CLIENTS:
        for turn in range(1, options.rounds + 1):
            for one in both:
                _drive(one, told, clients, options.seconds, f"{clients}-{turn}")
    for one in both:
        one.memory = memory(one.servers)
    return Report(_rows(*both), _conditions(both, told, time.monotonic() - started))


def _start(one: Measured, stack: ExitStack) -> None:
    print(f"{one.side.name}: starting … ", end="", flush=True)
    started = time.monotonic()
    for server in one.side.start():
        stack.callback(server.stop)
        one.servers.append(server)
    asyncio.run(load.first_answer(one.side.door, FIRST_QUESTION, one.servers))
    one.start_seconds = time.monotonic() - started
    print(f"first answer after {one.start_seconds:.1f} s", flush=True)


def _drive(one: Measured, told: Sequence[Conversation], clients: int, seconds: float, label: str) -> None:
    print(f"{one.side.name}: {clients} client(s) for {seconds:.0f} s … ", end="", flush=True)
    machine, own, client = machine_cpu_seconds(), cpu_seconds(one.servers), time.process_time()
    sample = asyncio.run(load.drive(one.side.door, told, clients, seconds, label))
    used = cpu_seconds(one.servers) - own
    one.others_cpu_seconds += machine_cpu_seconds() - machine - used - (time.process_time() - client)
    one.cpu_seconds += used
    one.samples[clients] += sample
    print(f"{sample.throughput:.1f} messages/s, {len(sample.unanswered)} unanswered", flush=True)


def _rows(dalil: Measured, stock: Measured) -> list[Row]:
    rows = []
    for clients in CLIENTS:
        ours, theirs = dalil.samples[clients], stock.samples[clients]
        at = f"{clients} client{'s' if clients > 1 else ''}"
        rows.append(Row(f"throughput, {at}", "msg/s", ours.throughput, theirs.throughput, True, TIMES_THROUGHPUT))
        for percent in PERCENTILES:
            figures = ours.percentile(percent) * 1000, theirs.percentile(percent) * 1000
            rows.append(Row(f"latency p{percent}, {at}", "ms", *figures))
    note = " (stock extrapolated)" if stock.training.extrapolated else ""
    learnt, theirs_learnt = dalil.training.used, stock.training.used
    return [
        *rows,
        Row("CPU a message", "ms", dalil.cpu_each * 1000, stock.cpu_each * 1000),
        Row("memory, proportional (PSS)", "MB", dalil.memory.pss / MB, stock.memory.pss / MB, expected=A_THIRD),
        Row("memory, resident (RSS)", "MB", dalil.memory.rss / MB, stock.memory.rss / MB, expected=A_THIRD),
        Row("start to first answer", "s", dalil.start_seconds, stock.start_seconds),
        Row("training", "s", learnt.seconds, theirs_learnt.seconds, expected=A_THIRD, note=note),
        Row("training, CPU", "s", learnt.cpu_seconds, theirs_learnt.cpu_seconds, expected=A_THIRD, note=note),
    ]


def _conditions(both: Sequence[Measured], told: Sequence[Conversation], seconds: float) -> dict[str, Any]:
    driven = sum(one.driven_seconds for one in both)
    busy = sum(one.others_cpu_seconds for one in both) / driven
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "other work on the machine while driving": f"{busy:.2f} cores on average",
        "messages": f"{sum(len(told_one) for told_one in told)} held-out sentences in {len(told)} conversations",
        **{f"answered, {one.side.name}": one.answered for one in both},
        **{f"unanswered, {one.side.name}": len(one.unanswered) for one in both},
        **{f"  first of them, {one.side.name}": one.unanswered[0] for one in both if one.unanswered},
        "epochs of the stock model that answered": both[1].training.epochs,
        "took": f"{seconds / 60:.1f} min",
    }


if __name__ == "__main__":
    sys.exit(main())
