"""How long the figures of the console take over a full log: `python benchmarks/figures.py --messages 200000`.

On SQLite, or on the empty, migrated database of `--database`. The log is spread over `--days`, counted by the gateway's
roll-up, and read over all of them and over the usual four weeks; each figure is the median of ten readings, beside the
time of one full scan of the same messages (every kind counted, which reads every row). `--no-rollup` reads the log as
it is when no gateway has counted it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Connection, text

from channels.quality.counting import day_of
from channels.quality.rollup import Rollup
from console.figures import period, samples
from console.figures.figures import figures
from storage import SyncDatabase, Transactions, utc_now
from storage.migrate import upgrade
from tests.console.figures.seeding import fill

READINGS = 10
NOW = utc_now()
SCAN = text("SELECT reply_kind, outcome, count(*), max(text), max(due_at) FROM inbox GROUP BY reply_kind, outcome")


def timed(connection: Connection, query: Callable[[Connection], object], readings: int = READINGS) -> float:
    """The median of some readings, in milliseconds."""
    took = []
    for _ in range(readings):
        started = time.perf_counter()
        query(connection)
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


async def roll_up(url: str) -> None:
    """As the gateway does every hour."""
    database = Transactions(url)
    started = time.perf_counter()
    days = await Rollup(database).catch_up()
    print(f"{'roll-up':26} {(time.perf_counter() - started) * 1000:8.1f} ms for {days} days, once")
    await database.close()


def measure(url: str, days: int) -> None:
    """Time the figures and say them beside a full scan."""
    database = SyncDatabase(url)
    with database.engine.connect() as connection:
        scan = timed(connection, lambda connection: connection.execute(SCAN).all())
        print(f"{'full scan of the messages':26} {scan:8.1f} ms")
        for name, length in (("figures, all days", days), ("figures, four weeks", 28), ("figures, today", 1)):
            chosen = period.latest(NOW, length)
            took = timed(connection, lambda connection, chosen=chosen: figures(connection, chosen))
            print(f"{name:26} {took:8.1f} ms, {took / scan:5.2f} of a full scan")
        usual = period.latest(NOW)
        took = timed(connection, lambda connection: samples.draw(connection, usual, 50, 1), 3)
        print(f"{'draw of 50 samples':26} {took:8.1f} ms, {took / scan:5.2f} of a full scan")
    database.close()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--no-rollup", action="store_true")
    parser.add_argument("--database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/figures.db"
        upgrade(url)
        database = SyncDatabase(url)
        first = day_of(NOW) - timedelta(days=options.days - 1)
        with database.engine.execution_options(dalil_writes=True).begin() as connection:
            fill(connection, options.messages, first, options.days)
        database.close()
        print(f"{options.messages} messages over {options.days} days")
        if not options.no_rollup:
            asyncio.run(roll_up(url))
        measure(url, options.days)


if __name__ == "__main__":
    main()
