"""How long the operators' page takes over a full database: `python benchmarks/operators_page.py --parts 200000`.

On SQLite, or on the empty, migrated database of `--database`. Each figure is the median of ten readings; "page" is the
whole answer to a browser, rendered and compressed.
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

from aiohttp import encode_basic_auth
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from channels.sms.operating import report
from channels.sms.operating.page.app import create_app
from channels.sms.operating.page.overview import DAYS
from channels.sms.operating.trace import trace
from channels.sms.outbound.budget import midnight
from settings import load_settings
from storage import SyncDatabase, utc_now
from storage.migrate import upgrade
from tests.channels.sms.operating.seeding import PROVIDERS, seed

READINGS = 10
NOW = utc_now()
QUERIES: dict[str, Callable[[Connection], object]] = {
    "queue": report.queue,
    "today": lambda connection: report.providers(connection, midnight(NOW)),
    "24 hours": lambda connection: report.providers(connection, NOW - timedelta(days=1)),
    "14 days": lambda connection: report.providers(connection, NOW - timedelta(days=14)),
    "parts a minute": lambda connection: report.per_minute(connection, NOW),
    "riyals a day": lambda connection: report.days(connection, NOW, DAYS),
    "one message": lambda connection: trace(connection, f"{77:032x}"),
}


def say(name: str, seconds: list[float]) -> None:
    """Print one line."""
    print(f"{name:15} {statistics.median(seconds) * 1000:7.1f} ms  (worst {max(seconds) * 1000:.1f})")


def queries(url: str, parts: int) -> None:
    """Fill the database and time each query by itself."""
    database = SyncDatabase(url)
    with database.engine.execution_options(dalil_writes=True).begin() as connection:
        seed(connection, parts, NOW)
    with database.engine.connect() as connection:
        for name, query in QUERIES.items():
            took = []
            for _ in range(READINGS):
                started = time.perf_counter()
                query(connection)
                took.append(time.perf_counter() - started)
            say(name, took)
    database.close()


async def page(url: str) -> None:
    """Time the page over HTTP."""
    settings = load_settings(database_url=url, _env_file=None)
    headers = {"Authorization": encode_basic_auth("bench", settings.operator_password.get_secret_value())}
    async with TestClient(TestServer(await create_app(settings, list(PROVIDERS)))) as client:
        took = []
        for _ in range(READINGS):
            started = time.perf_counter()
            async with client.get("/", headers=headers) as response:
                response.raise_for_status()
                await response.read()
            took.append(time.perf_counter() - started)
    say("page", took)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, default=200_000)
    parser.add_argument("--database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/page.db"
        upgrade(url)
        queries(url, options.parts)
        asyncio.run(page(url))


if __name__ == "__main__":
    main()
