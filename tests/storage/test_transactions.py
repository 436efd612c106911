"""Transactions in threads: each whole or not at all, even when several share a commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, event, text

from storage import Transactions


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Transactions]:
    transactions = Transactions(database_url)
    await transactions.write(lambda connection: connection.execute(text("CREATE TABLE note (name TEXT PRIMARY KEY)")))
    yield transactions
    await transactions.close()


def put(*names: str):
    def work(connection: Connection) -> str:
        for name in names:
            connection.execute(text("INSERT INTO note VALUES (:name)"), {"name": name})
        return names[-1]

    return work


async def names(database: Transactions) -> list[str]:
    query = text("SELECT name FROM note ORDER BY name")
    return await database.read(lambda connection: list(connection.execute(query).scalars()))


async def test_many_at_once_and_one_that_fails(database) -> None:
    works = [put("a"), put("b", "b"), put("c"), put("d")]
    results = await asyncio.gather(*(database.write(work) for work in works), return_exceptions=True)
    assert results[0] == "a"
    assert isinstance(results[1], Exception)
    assert results[2:] == ["c", "d"]
    assert await names(database) == ["a", "c", "d"]


async def test_a_failure_alone_leaves_nothing_behind(database) -> None:
    with pytest.raises(ZeroDivisionError):
        await database.write(lambda connection: put("a")(connection) and 1 / 0)
    assert await names(database) == []
    assert await database.write(put("a")) == "a"


async def test_a_commit_that_fails_is_not_made_again(database) -> None:
    """The answer to a commit may be lost when it was made: only who asked can find out."""
    runs: list[str] = []

    def counted(name: str):
        return lambda connection: runs.append(name) or put(name)(connection)

    def fail(_connection: object) -> None:
        raise ConnectionError("gone")

    engine = database._database.engine
    event.listen(engine, "commit", fail)
    try:
        results = await asyncio.gather(*(database.write(counted(name)) for name in "abc"), return_exceptions=True)
    finally:
        event.remove(engine, "commit", fail)
    assert [type(result) for result in results] == [ConnectionError] * 3
    assert runs == ["a", "b", "c"]
    assert await names(database) == []


async def test_a_caller_that_gives_up_does_not_stop_the_commit(database, database_url) -> None:
    waiting = asyncio.create_task(database.write(put("a")))
    others = [asyncio.create_task(database.write(put(name))) for name in "bc"]
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(*others)
    with pytest.raises(asyncio.CancelledError):
        await waiting

    await database.close()  # finishes what runs
    again = Transactions(database_url)
    assert await names(again) == ["a", "b", "c"]
    await again.close()


async def test_closing_finishes_what_runs(database_url) -> None:
    database = Transactions(database_url)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE note (name TEXT PRIMARY KEY)")))
    writing = [asyncio.create_task(database.write(put(name))) for name in "abc"]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*writing) == ["a", "b", "c"]


async def test_items_that_wait_together_are_done_together_and_each_gets_its_own(database) -> None:
    given: list[list[str]] = []

    def put_all(connection: Connection, items: list[str]) -> list[str]:
        given.append(list(items))
        return [put(item)(connection) for item in items]

    results = await asyncio.gather(
        database.write(put("z")), *(database.write_each(put_all, name) for name in ("a", "b", "c"))
    )
    assert results == ["z", "a", "b", "c"]
    assert sorted(name for items in given for name in items) == ["a", "b", "c"]
    assert len(given) < 3
    assert await names(database) == ["a", "b", "c", "z"]


async def test_of_items_together_only_the_one_that_fails_suffers(database) -> None:
    def put_all(connection: Connection, items: list[str]) -> list[str]:
        return [put(item)(connection) for item in items]

    await database.write(put("b"))
    works = [database.write_each(put_all, name) for name in ("a", "b", "c")]
    results = await asyncio.gather(*works, database.write(put("d")), return_exceptions=True)
    assert [results[0], results[2], results[3]] == ["a", "c", "d"]
    assert isinstance(results[1], Exception)
    assert await names(database) == ["a", "b", "c", "d"]
