"""Whom to tell of what: from an agency's feed to the news of each follower."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select

from integrations.exchange.errors import Unavailable
from integrations.exchange.followings import FeedReader, Follower, Followings, News, feeds, kept, waits
from integrations.exchange.followings.kept import MOST
from integrations.exchange.followings.tables import Following
from integrations.exchange.model import Changes, Proof, ProofKind, State, StatusQuery
from integrations.exchange.simulator import SimulatedExchange, simulated_exchange
from integrations.exchange.simulator.seed import Move
from storage import Transactions

REFERENCE = "PSP-2026-000103"
EVERY = 300.0


class Spy:
    """An exchange that counts what it is asked, and fails when it is told to."""

    def __init__(self, simulated: SimulatedExchange) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.become(simulated)

    def become(self, simulated: SimulatedExchange) -> None:
        """The agencies were restarted, and have forgotten all subscriptions."""
        self._client, self.agencies = simulated
        self.configuration = self._client.configuration

    async def changes(self, agency: str, cursor: str | None, limit: int) -> Changes:
        self.asked.append(agency)
        if self.broken:
            raise Unavailable("down")
        return await self._client.changes(agency, cursor, limit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


@dataclass
class World:
    """Agencies, followers, and a clock that only the test moves."""

    spy: Spy
    followings: Followings
    reader: FeedReader
    now: datetime = field(default=datetime(2026, 11, 26, 9, 0, tzinfo=timezone.utc))

    async def follow(self, conversation: str = "c1", reference: str = REFERENCE, word: str | None = "PENDING") -> str:
        """Follow an application whose state the citizen knows; the agency's subscription."""
        proof = Proof.of(ProofKind.LAST_FOUR, f"1{reference[-3:]}")
        subscription = await self.spy.subscribe("passports", StatusQuery(reference, proof))
        await self.followings.add(Follower(conversation, "sms", "passports", reference, word), subscription)
        return subscription.id

    async def read(self) -> Sequence[News]:
        """What is to be told after the next reading."""
        self.now += timedelta(seconds=EVERY)
        await self.reader.read_due()
        return await self.followings.to_tell()

    def move(self, state: State, reference: str = REFERENCE) -> None:
        self.spy.agencies.clock = lambda: self.now
        assert self.spy.agencies.move(reference, Move(state=state))

    async def rows(self) -> int:
        query = select(func.count(Following.id))
        return await self.followings.database.read(lambda connection: connection.scalar(query)) or 0


@pytest.fixture
async def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    database = Transactions(database_url)
    spy, followings = Spy(simulated_exchange()), Followings(database)
    world = World(spy, followings, FeedReader(spy, followings, EVERY))
    for module in (kept, feeds, waits):
        monkeypatch.setattr(module, "utc_now", lambda: world.now)
    yield world
    await database.close()


def told(news: Sequence[News]) -> list[tuple[str, str | None]]:
    return [(item.conversation, item.change.word if item.change else None) for item in news]


async def test_a_change_is_told_once(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    assert await world.read() == []
    world.move(State.APPROVED)
    [news] = await world.read()
    assert told([news]) == [("c1", "APPROVED")]
    assert (news.channel, news.reference) == ("sms", REFERENCE)
    await world.followings.told(news)
    assert await world.read() == []


async def test_what_is_not_told_comes_again(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    world.move(State.APPROVED)
    assert len(await world.read()) == 1
    assert len(await world.read()) == 1


@pytest.mark.parametrize(
    ("knows", "expected"),
    [("UNDER_REVIEW", []), ("SUBMITTED", [("c1", "UNDER_REVIEW")]), (None, [("c1", "UNDER_REVIEW")])],
)
async def test_the_state_that_a_subscription_begins_with_is_news_to_who_does_not_know_it(
    world: World, knows: str | None, expected: list[tuple[str, str]]
) -> None:
    await world.follow(word=knows)
    assert told(await world.read()) == expected


async def test_the_same_state_anew_is_a_change(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    await world.read()
    world.move(State.SENDBACK)
    [first] = await world.read()
    await world.followings.told(first)
    world.now += timedelta(days=2)
    world.move(State.SENDBACK)
    assert told(await world.read()) == [("c1", "SENDBACK")]


async def test_what_went_back_before_it_was_told_is_not_told(world: World) -> None:
    await world.follow(word="SENDBACK")
    world.move(State.SENDBACK)
    assert await world.read() == []
    world.move(State.APPROVED)
    assert told(await world.read()) == [("c1", "APPROVED")]
    world.move(State.REJECTED)
    assert told(await world.read()) == [("c1", "REJECTED")]


async def test_one_message_a_day_and_the_last_state_only(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    world.move(State.APPROVED)
    [news] = await world.read()
    await world.followings.told(news)
    world.move(State.AWAITING_PAYMENT)
    assert await world.read() == []
    world.move(State.READY_FOR_COLLECTION)
    assert await world.read() == []
    world.now += timedelta(hours=24)
    assert told(await world.read()) == [("c1", "READY_FOR_COLLECTION")]


async def test_a_change_that_comes_while_another_is_told_is_not_lost(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    world.move(State.APPROVED)
    [news] = await world.read()
    world.move(State.READY_FOR_COLLECTION)
    await world.read()
    await world.followings.told(news)
    world.now += timedelta(hours=24)
    assert told(await world.read()) == [("c1", "READY_FOR_COLLECTION")]


async def test_following_ends_with_the_application_and_the_agency_hears_it(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    world.move(State.COMPLETED)
    [news] = await world.read()
    await world.followings.told(news)
    assert await world.read() == []
    assert await world.rows() == 0
    assert (await world.spy._client.changes("passports", None)).changes == ()


async def test_who_has_had_enough_hears_nothing_more(world: World) -> None:
    for conversation in ("c1", "c2"):
        await world.follow(conversation, word="UNDER_REVIEW")
    assert await world.followings.end_all("c1") == 1
    world.move(State.APPROVED)
    assert told(await world.read()) == [("c2", "APPROVED")]
    assert await world.rows() == 1


async def test_following_again_takes_the_place_of_the_first_time(world: World) -> None:
    for _ in range(3):
        await world.follow(word="UNDER_REVIEW")
    world.move(State.APPROVED)
    assert told(await world.read()) == [("c1", "APPROVED")]


async def test_a_conversation_follows_five_applications(world: World) -> None:
    references = [f"PSP-2026-00010{number}" for number in range(2, 2 + MOST)]
    for reference in references:
        assert await world.followings.has_room(Follower("c1", "sms", "passports", reference, None))
        await world.follow(reference=reference)
    assert not await world.followings.has_room(Follower("c1", "sms", "passports", "PSP-2026-000107", None))
    assert await world.followings.has_room(Follower("c1", "sms", "passports", references[0], None))


async def test_agencies_are_asked_once_an_interval_and_only_when_somebody_follows(world: World) -> None:
    await world.read()
    assert world.spy.asked == []
    for number in range(20):
        await world.follow(f"c{number}")
    await world.read()
    await world.reader.read_due()
    assert world.spy.asked == ["passports"]
    await world.read()
    assert world.spy.asked == ["passports"] * 2


async def test_two_processes_read_a_feed_once(world: World, database_url: str) -> None:
    await world.follow(word="UNDER_REVIEW")
    other = Transactions(database_url)
    second = FeedReader(world.spy, Followings(other), EVERY)
    await asyncio.gather(world.reader.read_due(), second.read_due())
    assert world.spy.asked == ["passports"]
    await other.close()


async def test_a_reading_that_died_is_taken_up_by_another(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    await feeds.Feeds(world.followings.database).claim("passports")
    await world.reader.read_due()
    assert world.spy.asked == []
    world.now += feeds.CLAIM
    await world.reader.read_due()
    assert world.spy.asked == ["passports"]


async def test_an_agency_that_is_down_is_asked_again_later_and_nothing_is_lost(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    await world.read()
    world.spy.broken = True
    world.move(State.APPROVED)
    assert await world.read() == []
    world.spy.broken = False
    assert told(await world.read()) == [("c1", "APPROVED")]


async def test_followers_of_an_agency_that_forgot_them_hear_that(world: World) -> None:
    await world.follow("c1", word="UNDER_REVIEW")
    await world.read()
    world.spy.become(simulated_exchange())
    await world.follow("c2", word="UNDER_REVIEW")
    [news] = await world.read()
    assert told([news]) == [("c1", None)]
    await world.followings.told(news)
    world.move(State.APPROVED)
    assert told(await world.read()) == [("c2", "APPROVED")]
    assert await world.rows() == 1


async def test_a_subscription_that_nobody_has_is_ended_at_the_second_reading(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    proofs = [Proof.of(ProofKind.LAST_FOUR, digits) for digits in ("1104", "1105")]
    lost = await world.spy.subscribe("passports", StatusQuery("PSP-2026-000104", proofs[0]))
    quick = await world.spy.subscribe("passports", StatusQuery("PSP-2026-000105", proofs[1]))
    await world.read()
    # The change was quicker than the row that it belongs to.
    await world.followings.add(Follower("c2", "sms", "passports", "PSP-2026-000105", None), quick)
    assert told(await world.read()) == [("c2", "AWAITING_PAYMENT")]
    left = {change.subscription for change in (await world.spy._client.changes("passports", None)).changes}
    assert quick.id in left
    assert lost.id not in left


async def test_once_a_week_the_whole_feed_is_read(world: World) -> None:
    await world.follow(word="UNDER_REVIEW")
    await world.read()
    cursors: list[str | None] = []
    changes = world.spy.changes

    async def recorded(agency: str, cursor: str | None, limit: int) -> Changes:
        cursors.append(cursor)
        return await changes(agency, cursor, limit)

    world.spy.changes = recorded  # type: ignore[method-assign]
    await world.read()
    world.now += feeds.RENEWED_EVERY
    await world.read()
    assert [cursor is None for cursor in cursors] == [False, True]
    assert await world.rows() == 1


async def test_who_asked_while_the_agency_was_down_hears_when_it_is_back(world: World) -> None:
    waiting_list, follower = world.followings.waits, Follower("c1", "sms", "passports", REFERENCE, None)
    world.spy.broken = True
    await waiting_list.add(follower)
    await waiting_list.add(follower)
    await world.read()
    assert await waiting_list.to_tell() == []
    world.spy.broken = False
    await world.read()
    [waiting] = await waiting_list.to_tell()
    assert (waiting.conversation, waiting.agency, waiting.reference) == ("c1", "passports", REFERENCE)
    await waiting_list.told(waiting)
    assert await waiting_list.to_tell() == []
    asked = len(world.spy.asked)
    await world.read()
    assert len(world.spy.asked) == asked  # nobody waits any more


@pytest.mark.parametrize("stops", [True, False])
async def test_who_waited_too_long_or_has_had_enough_is_not_told(world: World, stops: bool) -> None:
    await world.followings.waits.add(Follower("c1", "sms", "passports", REFERENCE, None))
    if stops:
        await world.followings.end_all("c1")
    else:
        world.now += timedelta(days=3)
    await world.read()
    assert await world.followings.waits.to_tell() == []
