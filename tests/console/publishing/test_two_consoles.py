"""Two consoles on one database: one trains and publishes, and the other one when that one is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from console.publishing import proposals
from console.publishing.assistant import CommandFailed
from console.publishing.publisher import Publisher
from console.publishing.tables import State
from storage import Lease, LeaseLost, Transactions
from tests.channels.harness import until
from tests.console.publishing.desk import NEW, TEXT, Desk, Models

LONG = 1000.0


class Second:
    """Another console on the desk's database and files, with a clock of its own."""

    def __init__(self, desk: Desk) -> None:
        self.database, self.models, self.now = Transactions(desk.settings.database_url), Models(), 0.0
        lease = Lease(self.database, "publishing", seconds=LONG, clock=lambda: self.now)
        self.publisher = Publisher(desk.settings, self.database, self.models, lease)

    async def turn(self) -> None:
        await self.publisher._turn()


@pytest.fixture
async def second(desk: Desk) -> AsyncIterator[Second]:
    second = Second(desk)
    yield second
    await second.database.close()


async def training(desk: Desk) -> asyncio.Task[None]:
    """The desk's console is in the middle of a training."""
    desk.models.may_train.clear()
    turn = asyncio.create_task(desk.turn())
    await until(lambda: desk.models.began)
    return turn


async def row(desk: Desk, number: int) -> Any:
    return await desk.database.read(lambda connection: proposals.get(connection, number))


async def test_a_training_that_goes_on_is_left_alone(desk: Desk, second: Second, proposed: int) -> None:
    turn = await training(desk)
    await second.turn()
    assert second.models.began == []
    assert await desk.state(proposed) is State.TRAINING
    desk.models.may_train.set()
    await turn
    await second.turn()
    assert (await row(desk, proposed)).model == desk.models.began[0]
    assert (len(desk.models.began), second.models.began) == (1, [])


async def test_the_second_goes_on_where_the_first_was_killed(
    desk: Desk, second: Second, proposed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = await training(desk)
    await second.turn()
    # Of a killed console there is nothing but its rows; this one also wakes up again, after the other has taken over.
    monkeypatch.setattr(desk.publisher._lease, "_give_back", nothing)
    second.now = LONG
    await second.turn()
    tested = await row(desk, proposed)
    assert (State(tested.state), tested.model) == (State.TESTED, second.models.began[0])
    desk.models.may_train.set()
    with pytest.raises(LeaseLost):
        await turn
    assert await row(desk, proposed) == tested


async def nothing() -> None:
    return


@pytest.mark.parametrize("state", [State.PUBLISHING, State.ROLLING_BACK])
async def test_what_was_decided_is_carried_out_by_whoever_is_there(
    desk: Desk, second: Second, proposed: int, state: State
) -> None:
    second.models.current = desk.models.current
    await desk.turn()
    await desk.decide(proposed, State.PUBLISHING)
    if state is State.ROLLING_BACK:
        await desk.turn()
        await desk.publisher.roll_back(proposed, "admin", "سبب", "")
    desk.models.fails_at = "use"
    with pytest.raises(CommandFailed):
        await desk.turn()
    await second.turn()
    done = {State.PUBLISHING: State.PUBLISHED, State.ROLLING_BACK: State.ROLLED_BACK}[state]
    assert await desk.state(proposed) is done
    assert desk.file(NEW) == (TEXT if state is State.PUBLISHING else "")


async def test_two_that_look_at_once_train_once(desk: Desk, second: Second, proposed: int) -> None:
    await asyncio.gather(desk.turn(), second.turn())
    assert len(desk.models.began) + len(second.models.began) == 1
    assert await desk.state(proposed) is State.TESTED


async def test_a_console_that_stops_leaves_its_training_to_the_other_at_once(
    desk: Desk, second: Second, proposed: int
) -> None:
    turn = await training(desk)
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    await second.turn()
    assert await desk.state(proposed) is State.TESTED
