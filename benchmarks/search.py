"""Search beside what a database offers, over synthetic catalogues: `python benchmarks/search.py`.

The same questions, cleanly typed and mistyped, go to Dalil's index, to SQLite FTS5 by words and by trigrams, and to
PostgreSQL's pg_trgm (nearest by similarity over a GiST index) where a server answers. Dalil gets the whole sentence
("ايش المطلوب عشان …"); the peers, which know no questions, get only the part that names the service, and all of them
text normalised by `arabic`. Times are of one thread, per question; CPU is of this process (PostgreSQL works in
another) and depends least on what else the machine does, so the limits are checked against it.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from synthetic import Question, catalogue, questions

from arabic import stem, words
from integrations.catalogue.model import PublicService
from integrations.catalogue.search import SearchIndex

POSTGRESQL = os.environ.get("DALIL_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
LIMIT = 5
LIMITS_MS = {1_000: 5.0, 50_000: 50.0}
Search = Callable[[Question], Sequence[str]]


@dataclass(frozen=True)
class Result:
    """One system on one catalogue and one set of questions; times in milliseconds."""

    system: str
    wall: tuple[float, float]
    cpu: tuple[float, float]
    first: float
    five: float


def dalil(services: Sequence[PublicService]) -> Search:
    """Our index."""
    index = SearchIndex.build(services)
    return lambda question: [hit.service for hit in index.search(question.text, limit=LIMIT)]


def fts5_words(services: Sequence[PublicService]) -> Search:
    """SQLite FTS5 over light stems, ranked by bm25."""
    rows = [(item.id, " ".join(map(stem, words(item.name)))) for item in services]
    return _fts5(rows, "unicode61", lambda named: [stem(word) for word in words(named)])


def fts5_trigrams(services: Sequence[PublicService]) -> Search:
    """SQLite FTS5's trigram tokenizer, any trigram of the question, ranked by bm25."""
    rows = [(item.id, " ".join(words(item.name))) for item in services]
    return _fts5(rows, "trigram", lambda named: sorted(_trigrams(" ".join(words(named)))))


def _trigrams(sentence: str) -> set[str]:
    return {sentence[place : place + 3] for place in range(len(sentence) - 2)}


def _fts5(rows: Sequence[tuple[str, str]], tokenizer: str, terms: Callable[[str], Sequence[str]]) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE service USING fts5(id UNINDEXED, name, tokenize='{tokenizer}')")
    database.executemany("INSERT INTO service VALUES (?, ?)", rows)
    query = f"SELECT id FROM service WHERE service MATCH ? ORDER BY bm25(service), id LIMIT {LIMIT}"

    def search(question: Question) -> list[str]:
        wanted = " OR ".join(f'"{term}"' for term in terms(question.named))
        return [row[0] for row in database.execute(query, (wanted,))] if wanted else []

    return search


def pg_trgm(services: Sequence[PublicService]) -> Search | None:
    """PostgreSQL's pg_trgm, or None where no server answers; its table lives as long as the connection."""
    try:
        connection = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT").connect()
    except OperationalError:
        return None
    table = f"search_{uuid.uuid4().hex}"
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    connection.execute(text(f"CREATE TEMPORARY TABLE {table} (id text, name text)"))
    rows = [{"id": item.id, "name": " ".join(words(item.name))} for item in services]
    connection.execute(text(f"INSERT INTO {table} VALUES (:id, :name)"), rows)
    connection.execute(text(f"CREATE INDEX ON {table} USING gist (name gist_trgm_ops)"))
    connection.execute(text(f"ANALYZE {table}"))
    query = text(f"SELECT id FROM {table} ORDER BY name <-> :words LIMIT {LIMIT}")
    return lambda question: connection.execute(query, {"words": " ".join(words(question.named))}).scalars().all()


SYSTEMS = {"dalil": dalil, "FTS5 words": fts5_words, "FTS5 trigrams": fts5_trigrams, "pg_trgm": pg_trgm}


def measure(system: str, search: Search, asked: Sequence[Question]) -> Result:
    """Ask all questions, one after the other."""
    search(asked[0])
    wall, cpu, found = [], [], []
    for question in asked:
        begin, begin_cpu = time.perf_counter(), time.process_time()
        found.append(list(search(question)))
        cpu.append((time.process_time() - begin_cpu) * 1000)
        wall.append((time.perf_counter() - begin) * 1000)
    pairs = list(zip(asked, found, strict=True))
    first = sum(ids[:1] == [question.service] for question, ids in pairs) / len(pairs)
    five = sum(question.service in ids for question, ids in pairs) / len(pairs)
    return Result(system, _percentiles(wall), _percentiles(cpu), first, five)


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def report(size: int, typed: str, results: Sequence[Result]) -> None:
    """Print a table; ratios are of the median time to ours."""
    ours = results[0]
    print(f"\n{size:,} services, {typed} questions")
    print(f"{'':16}{'p50 ms':>9}{'p95 ms':>9}{'CPU p50':>9}{'CPU p95':>9}{'x dalil':>9}{'first':>8}{'in five':>9}")
    for result in results:
        times = "".join(f"{value:>9.2f}" for value in (*result.wall, *result.cpu))
        ratio = result.wall[0] / ours.wall[0]
        print(f"{result.system:16}{times}{ratio:>9.2f}{result.first:>8.1%}{result.five:>9.1%}")
    load = f"{os.getloadavg()[0]:.1f} load on {os.cpu_count()} CPUs"
    if size in LIMITS_MS:
        verdict = "yes" if ours.cpu[0] <= LIMITS_MS[size] else "NO"
        print(f"dalil within {LIMITS_MS[size]:g} ms of CPU (median): {verdict}; {load}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=sorted(LIMITS_MS))
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    for size in options.sizes:
        services = catalogue(size)
        built: dict[str, Search] = {}
        for system, build in SYSTEMS.items():
            begin = time.perf_counter()
            search = build(services)
            if search is None:
                print(f"{system}: no server on {POSTGRESQL}", file=sys.stderr)
                continue
            built[system] = search
            print(f"{size:,} services: {system} built in {time.perf_counter() - begin:.1f} s")
        for typed, noisy in (("cleanly typed", False), ("mistyped", True)):
            asked = questions(services, options.questions, noisy)
            report(size, typed, [measure(system, search, asked) for system, search in built.items()])


if __name__ == "__main__":
    main()
