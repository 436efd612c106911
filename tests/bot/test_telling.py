"""What is to be told reaches the gateway's door, and what the gateway says decides whether it is told again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.gateway import Gateway
from bot.telling import Teller
from integrations.exchange.followings import Followings, News, Waiting
from integrations.exchange.model import Change, RequiredAction, State
from integrations.exchange.simulator import simulated_exchange
from settings import load_settings
from tests.bot.assistant import TOKEN

REFERENCE = "PSP-2026-000104"
SENT_BACK = Change(
    subscription="s1",
    at=datetime(2026, 11, 26, 9, 0, tzinfo=timezone.utc),
    state=State.SENDBACK,
    word="SENDBACK",
    ended=False,
    required=RequiredAction("أحضر صورة شخصية"),
)


class NobodyWaits:
    """Those who wait for an agency: at most one."""

    def __init__(self, waiting: Waiting | None) -> None:
        self.waiting = [waiting] if waiting else []

    async def to_tell(self) -> list[Waiting]:
        return self.waiting

    async def told(self, waiting: Waiting) -> None:
        self.waiting = []


class Due(Followings):
    """A list with these news, which remembers what became of each."""

    def __init__(self, *news: News, waiting: Waiting | None = None) -> None:
        self.news = list(news)
        self.became: dict[int, str] = {}
        self.waits = NobodyWaits(waiting)  # type: ignore[assignment]

    async def to_tell(self, limit: int = 50) -> list[News]:
        found, self.news = self.news, []
        return found

    async def told(self, news: News) -> None:
        self.became[news.id] = "told"

    async def end(self, identifier: int) -> None:
        self.became[identifier] = "ended"


class Door:
    """The gateway's door: answers with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.taken: list[Any] = []

    async def take(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        self.taken.append(await request.json())
        return web.json_response({}, status=self.status)


@pytest.fixture
async def door() -> AsyncIterator[tuple[Door, int]]:
    door = Door()
    app = web.Application()
    app.router.add_post("/v1/push", door.take)
    server = TestServer(app)
    await server.start_server()
    yield door, server.port or 0
    await server.close()


def news(channel: str = "sms", change: Change | None = SENT_BACK, agency: str = "passports") -> News:
    return News(7, "f" * 64, channel, agency, REFERENCE, change)


def teller(due: Due, port: int, quiet_hours: str = "") -> Teller:
    settings = load_settings(_env_file=None, assistant_token=TOKEN, push_port=port, quiet_hours=quiet_hours)
    return Teller(settings, Gateway(settings), due, simulated_exchange().client.configuration)


@pytest.mark.parametrize(
    ("status", "became"),
    [(200, "told"), (404, "ended"), (409, "ended"), (422, "ended"), (401, None), (400, None), (503, None)],
)
async def test_what_the_gateway_says_decides(door: tuple[Door, int], status: int, became: str | None) -> None:
    gateway, port = door
    gateway.status = status
    due = Due(news())
    await teller(due, port).tell()
    assert due.became.get(7) == became
    assert len(gateway.taken) == 1


async def test_a_gateway_that_is_away_is_asked_again_later() -> None:
    due = Due(news())
    await teller(due, 1).tell()
    assert due.became == {}


async def test_a_repetition_has_the_same_id_and_another_change_another(door: tuple[Door, int]) -> None:
    gateway, port = door
    later = Change(**{**vars(SENT_BACK), "word": "APPROVED", "state": State.APPROVED})
    for item in (news(), news(), news(change=later), news(change=None)):
        await teller(Due(item), port).tell()
    first, second, other, lost = [message["id"] for message in gateway.taken]
    assert first == second
    assert len({first, other, lost}) == 3
    assert all(len(message["id"]) <= 64 for message in gateway.taken)


@pytest.mark.parametrize(
    ("channel", "change", "says", "not_says"),
    [
        ("sms", SENT_BACK, ["دليل: المعاملة PSP-2026-000104: معادة إليك", "أحضر صورة شخصية"], ["لدى"]),
        ("telegram", SENT_BACK, ["تغيرت حالة المعاملة PSP-2026-000104 لدى مصلحة الهجرة", "إيقاف"], []),
        ("sms", None, ["لم تعد مصلحة الهجرة", "حالة PSP-2026-000104"], []),
    ],
)
async def test_what_is_said(
    door: tuple[Door, int], channel: str, change: Change | None, says: list[str], not_says: list[str]
) -> None:
    gateway, port = door
    await teller(Due(news(channel, change)), port).tell()
    [message] = gateway.taken
    assert message["conversation"] == "f" * 64
    assert message["kind"] == "application-changed"
    [text] = message["texts"]
    assert [word in text for word in says] == [True] * len(says)
    assert not any(word in text for word in not_says)


async def test_an_agency_that_is_gone_from_the_configuration_ends_it(door: tuple[Door, int]) -> None:
    gateway, port = door
    due = Due(news(agency="nobody"))
    await teller(due, port).tell()
    assert due.became == {7: "ended"}
    assert gateway.taken == []


async def test_at_night_everything_waits(door: tuple[Door, int]) -> None:
    gateway, port = door
    due = Due(news())
    await teller(due, port, "00:00-23:59").tell()
    assert (len(due.news), gateway.taken) == (1, [])


@pytest.mark.parametrize(("status", "left"), [(200, 0), (404, 0), (409, 0), (503, 1)])
async def test_who_waited_for_an_agency_hears_once_that_it_is_back(
    door: tuple[Door, int], status: int, left: int
) -> None:
    gateway, port = door
    gateway.status = status
    due = Due(waiting=Waiting(3, "f" * 64, "sms", "passports", REFERENCE))
    await teller(due, port).tell()
    [message] = gateway.taken
    assert message["texts"] == [
        "دليل: عاد نظام مصلحة الهجرة والجوازات والجنسية يجيب. لتعرف حالة المعاملة أرسل: حالة PSP-2026-000104"
    ]
    assert len(due.waits.waiting) == left  # type: ignore[attr-defined]
