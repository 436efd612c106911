"""The staff console with much in it: 5,000 topics of the FAQ and 200,000 logged messages, page by page.

    PYTHONPATH=. .venv/bin/python benchmarks/staff_pages.py [--topics N] [--messages N] [--json FILE]

Each page is asked for several times of the real application over HTTP; the median is in milliseconds. Beside it, in the
same run, stands one full scan of the message log: what a page would take at least that counted without an index.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, insert, text

from channels.quality.rollup import Rollup
from channels.tables import Contact, InboxRow
from console.access.roles import Grant, Role
from console.accounts import staff
from console.accounts.sessions import Sessions
from console.app import KNOWLEDGE, create_app
from integrations.catalogue.importer import import_folder
from settings import load_settings
from storage import SyncDatabase, Transactions, utc_now
from storage.migrate import upgrade

ROOT = Path(__file__).parents[1]
TOPIC = """\
version: "3.1"
# موضوع رقم {n}
nlu:
- intent: faq/t-{n}
  examples: |
{examples}responses:
  utter_faq/t-{n}:
  - text: |-
      جواب الموضوع رقم {n} كما كتبته الوزارة.
    metadata: {{source: الوزارة, url: null, published: null, grade: B, jurisdiction: BOTH}}
"""
PAGES = (
    "/",
    "/inbox",
    "/inbox/{message}",
    "/faq",
    "/faq?q=موضوع رقم 4999",
    "/faq/t-77",
    "/training",
    "/publish",
    "/figures",
)
LIMIT = 300.0
TIMES = 7


def main() -> int:
    """Fill, measure, print; 1 when a page takes longer than LIMIT."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="dalil-console-") as name:
        made = asyncio.run(_measure(Path(name), options))
    print(f"{'page':<28} {'ms':>7} {'of a scan':>10}")
    for page, ms in made["pages"].items():
        print(f"{page:<28} {ms:>7.0f} {ms / made['scan_ms']:>10.2f}")
    print(f"{'full scan of the log':<28} {made['scan_ms']:>7.0f}")
    print(f"first read of the files {made['read_s']:.1f} s, index of sentences {made['index_s']:.1f} s")
    if options.json:
        Path(options.json).write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")
    return 1 if max(made["pages"].values()) > LIMIT else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topics", type=int, default=5000)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--json", metavar="FILE")
    return parser.parse_args()


async def _measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    url = f"sqlite:///{folder}/dalil.db"
    upgrade(url)
    database = SyncDatabase(url)
    import_folder(database, ROOT / "integrations/catalogue/sample")
    sentences = _topics(folder / "nlu_data", options.topics)
    settings = load_settings(database_url=url, data_folder=folder / "nlu_data", model_folder=folder / "models")
    with database.engine.execution_options(dalil_writes=True).begin() as connection:
        message = _messages(connection, options.messages, sentences)
        cookie = _session(connection, Sessions(settings))
        connection.execute(text("ANALYZE"))
    # As the gateway's hourly tidying has done it.
    rolling = Transactions(url)
    await Rollup(rolling).catch_up()
    await rolling.close()
    app = await create_app(settings)
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client:
        started = time.perf_counter()
        await app[KNOWLEDGE].refresh()
        read = time.perf_counter() - started
        await app[KNOWLEDGE].checker.rebuild()
        index = time.perf_counter() - started - read
        pages = {page: await _page(client, page.format(message=message), cookie) for page in PAGES}
    with database.engine.connect() as connection:
        scan = _scan(connection)
    database.close()
    return {"pages": pages, "scan_ms": scan, "read_s": read, "index_s": index}


async def _page(client: TestClient, page: str, cookie: str) -> float:
    took = []
    for _ in range(TIMES):
        started = time.perf_counter()
        async with client.get(page, headers={"Cookie": cookie}, allow_redirects=False) as response:
            body = await response.read()
            assert response.status == 200, (page, response.status, body[:300])
        took.append((time.perf_counter() - started) * 1000)
    print(f"{page}: {len(body) // 1024} KiB", file=sys.stderr)
    return median(took)


def _scan(connection: Connection) -> float:
    started = time.perf_counter()
    connection.execute(text("SELECT COUNT(*) FROM inbox WHERE text LIKE '%no such word%'")).scalar()
    return (time.perf_counter() - started) * 1000


def _topics(folder: Path, count: int) -> list[str]:
    """The real data, and so many topics whose sentences are those of the real ones with a number."""
    shutil.copytree(ROOT / "nlu_data", folder)
    real = [
        line.strip()[2:]
        for path in sorted((folder / "faq").glob("*.yml"))
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("    - ")
    ]
    chance = random.Random(7)
    for number in range(count):
        lines = [f"    - {sentence} {number}\n" for sentence in chance.sample(real, 8)]
        (folder / f"faq/t-{number}.yml").write_text(TOPIC.format(n=number, examples="".join(lines)), "utf-8")
    return real


def _messages(connection: Connection, count: int, sentences: list[str]) -> str:
    """So many messages over 90 days, one of ten not answered; the texts of the last 30 days. Gives one of those."""
    now, chance = utc_now(), random.Random(7)
    contact = {"id": "c" * 64, "channel": "web", "started_at": now, "last_message_at": now, "opted_out": False}
    connection.execute(insert(Contact).values(**contact))
    from datetime import timedelta

    missed = ""
    for begin in range(0, count, 10_000):
        rows = []
        for number in range(begin, min(begin + 10_000, count)):
            at = now - timedelta(days=90) * (1 - number / count)
            kind = "out_of_scope" if chance.random() < 0.1 else chance.choice(("fees", "requirements", "status", "faq"))
            kept = now - at < timedelta(days=30)
            said = f"{chance.choice(sentences)} {chance.randrange(60)}" if kept else None
            rows.append(_row(number, at, kind, said))
            missed = rows[-1]["message_id"] if kind == "out_of_scope" else missed
        connection.execute(insert(InboxRow), rows)
    return missed


def _row(number: int, at: Any, kind: str, said: str | None) -> dict[str, Any]:
    key = f"{number:032x}"
    fixed = {
        "conversation": "c" * 64,
        "channel": "web",
        "task": "message",
        "more": False,
        "state": "done",
        "attempts": 1,
    }
    when = {"received_at": at, "due_at": at, "done_at": at}
    return {
        "message_id": key,
        "external_id": key,
        "text": said,
        "outcome": "answered",
        "reply_kind": kind,
        **fixed,
        **when,
    }


def _session(connection: Connection, sessions: Sessions) -> str:
    grants = [Grant(role) for role in (Role.EDITOR, Role.REVIEWER, Role.ADMIN)]
    return (
        f"{sessions.cookie}={sessions.begin(connection, staff.add(connection, 'bench', 'bench', grants), second=True)}"
    )


if __name__ == "__main__":
    sys.exit(main())
