"""What a great many followers cost. `python benchmarks/following.py [--followers 100000] [--database-url URL]`

One agency in this process whose feed tells of every follower; the real reader and the real list in a database.
Measured: the first reading, which hears of every follower; one without news, one with news of 1 % of them, and the
weekly one of the whole feed; questions to the agency and CPU seconds for each. The peer, in the same run: the same
client asked for the status of one application after another, as without a feed. Scaled to a million followers,
an hour of both.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from integrations.exchange.followings import FeedReader, Followings  # noqa: E402
from integrations.exchange.followings.feeds import RENEWED_EVERY  # noqa: E402
from integrations.exchange.followings.tables import ExchangeFeed, Following  # noqa: E402
from integrations.exchange.model import Change, Changes, Proof, ProofKind, State, StatusQuery  # noqa: E402
from integrations.exchange.simulator import simulated_exchange  # noqa: E402
from storage import Transactions, utc_now  # noqa: E402
from storage.migrate import upgrade  # noqa: E402

AGENCY = "passports"
QUERY = StatusQuery("PSP-2026-000103", Proof.of(ProofKind.LAST_FOUR, "1103"))
BEGAN = datetime(2026, 11, 1, tzinfo=timezone.utc)
READINGS_AN_HOUR, MILLION, ASKED = 12, 1_000_000, 300


class Agency:
    """A feed as a compacted log: a subscription's place is where it changed last."""

    def __init__(self, configuration: Any, followers: int) -> None:
        self.configuration = configuration
        self.questions = 0
        self._log: list[Change] = [self._change(number, "PENDING", BEGAN) for number in range(followers)]

    @staticmethod
    def _change(number: int, word: str, at: datetime) -> Change:
        return Change(f"s{number}", at, State(word), word, ended=False)

    def move(self, numbers: range, word: str) -> None:
        """These applications change."""
        self._log += [self._change(number, word, utc_now()) for number in numbers]

    async def changes(self, agency: str, cursor: str | None, limit: int) -> Changes:
        """A page of the feed."""
        self.questions += 1
        start = int(cursor or 0)
        page = self._log[start : start + limit]
        end = start + len(page)
        return Changes(agency, tuple(page), str(end), end < len(self._log))

    async def unsubscribe(self, agency: str, subscriptions: list[str]) -> None:
        """Nothing is ended here."""
        raise AssertionError(f"{len(subscriptions)} subscriptions are unknown")


@dataclass(frozen=True)
class Cost:
    """Of some work: questions to the agency, CPU and wall seconds."""

    questions: int
    cpu: float
    wall: float

    def __str__(self) -> str:
        return f"{self.questions:7,} questions  {self.cpu:7.2f} s CPU  {self.wall:7.2f} s"


class Measured:
    """The reader at work."""

    def __init__(self, agency: Agency, reader: FeedReader, database: Transactions) -> None:
        self._agency, self._reader, self._database = agency, reader, database

    async def reading(self) -> Cost:
        """One reading, however many pages it has."""
        questions, cpu, wall = self._agency.questions, time.process_time(), time.perf_counter()
        while await self._is_due():
            await self._reader.read_due()
        done = self._agency.questions - questions
        await self._database.write(lambda c: c.execute(update(ExchangeFeed).values(due_at=utc_now())))
        return Cost(done, time.process_time() - cpu, time.perf_counter() - wall)

    async def _is_due(self) -> bool:
        query = ExchangeFeed.__table__.select()
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return row is None or row.due_at <= utc_now() + timedelta(seconds=1)


async def fill(database: Transactions, followers: int) -> None:
    """Followers who know that their applications are pending."""
    now = utc_now() - timedelta(days=1)
    same = {"channel": "sms", "agency": AGENCY, "word": "PENDING", "created_at": now, "due_at": now, "seen": 0}
    for start in range(0, followers, 5000):
        rows = [
            same | {"conversation": f"c{number}", "reference": f"R-{number}", "subscription": f"s{number}"}
            for number in range(start, min(start + 5000, followers))
        ]
        await database.write(lambda connection, rows=rows: connection.execute(insert(Following), rows))


async def asking_each(times: int) -> Cost:
    """The peer: the status of one application after another, without a network in between."""
    client = simulated_exchange().client
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(times):
        await client.status(AGENCY, QUERY)
    return Cost(times, time.process_time() - cpu, time.perf_counter() - wall)


async def run(url: str, followers: int) -> None:
    """Measure and print."""
    database = Transactions(url)
    exchange = simulated_exchange()
    agency = Agency(exchange.client.configuration, followers)
    print(f"{followers:,} followers of one agency, {url.partition(':')[0]}: filling …", flush=True)
    await fill(database, followers)
    measured = Measured(agency, FeedReader(agency, Followings(database), 300), database)  # type: ignore[arg-type]
    print("the first reading  ", await measured.reading(), flush=True)
    print("nothing has changed", nothing := await measured.reading(), flush=True)
    changed = followers // 100
    agency.move(range(changed), "APPROVED")
    print(f"{changed:6,} have changed", news := await measured.reading(), flush=True)
    await database.write(lambda c: c.execute(update(ExchangeFeed).values(renewed_at=utc_now() - RENEWED_EVERY)))
    print("the whole feed     ", whole := await measured.reading(), flush=True)
    print("one status each    ", each := await asking_each(ASKED), flush=True)
    await database.close()
    _conclude(followers, whole, nothing, news, each)


def _conclude(followers: int, whole: Cost, nothing: Cost, news: Cost, each: Cost) -> None:
    """An hour of a million followers, 1 % of whom have news in it; the weekly reading spread over the week's hours."""
    scale = MILLION / followers
    weekly = 24 * 7
    questions = READINGS_AN_HOUR * nothing.questions + news.questions * scale + whole.questions * scale / weekly
    cpu = READINGS_AN_HOUR * nothing.cpu + news.cpu * scale + whole.cpu * scale / weekly
    alone = each.cpu / each.questions * MILLION
    print(f"a million, an hour: feed {questions:,.0f} questions, {cpu:,.1f} s CPU;", end=" ")
    print(f"one by one {MILLION:,} questions, {alone:,.0f} s CPU:", end=" ")
    print(f"{MILLION / questions:,.0f} times the questions, {alone / cpu:,.0f} times the CPU")


@contextmanager
def place(url: str | None) -> Iterator[str]:
    """The database: the one given, empty, or a file that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        found = url or f"sqlite:///{folder}/following.db"
        upgrade(found)
        yield found


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--followers", type=int, default=100_000)
    parser.add_argument("--database-url", help="an empty database; default: a SQLite file")
    options = parser.parse_args()
    with place(options.database_url) as url:
        asyncio.run(run(url, options.followers))


if __name__ == "__main__":
    main()
