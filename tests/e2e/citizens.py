"""Citizens on each channel: what they send, and what they hear, over HTTP."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import aiohttp

from arabic import strip_marks
from tests.channels.web.conftest import Visitor
from tests.e2e.installation import PATIENCE, Installation


class WebCitizen:
    """A browser without eyes: the page's own calls."""

    def __init__(self, system: Installation) -> None:
        self._system = system
        self._visitor = Visitor(system.url)

    async def __aenter__(self) -> WebCitizen:
        await self._visitor.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._visitor.session.close()

    async def send(self, text: str) -> None:
        self._system.said.add(text)
        status, body = await self._visitor.send(uuid.uuid4().hex, text)
        assert (status, body) == (202, {"status": "accepted"})

    async def heard(self) -> list[str]:
        return [strip_marks(event["text"]) for event in await self._visitor.events(wait=0)]

    async def ask(self, text: str) -> str:
        """The answer to one question."""
        before = len(await self.heard())
        await self.send(text)
        return (await hears(self, before + 1))[-1]


class Phone:
    """A handset at the simulated operator; its number is written as +967…"""

    def __init__(self, system: Installation, session: aiohttp.ClientSession, number: str) -> None:
        self._system, self._session, self._number = system, session, number
        system.said |= {number, number.removeprefix("+967")}

    async def send(self, text: str) -> None:
        self._system.said.add(text)
        fields = {"from": self._number, "text": text}
        async with self._session.post("/simulator/handset/messages", json=fields) as response:
            assert (response.status, await response.json()) == (202, {"taken": True})

    async def received(self) -> list[dict[str, Any]]:
        """Every SMS from Dalil, with its parts and units."""
        async with self._session.get("/simulator/handset/messages", params={"number": self._number}) as response:
            return [message for message in (await response.json())["messages"] if not message["sent"]]

    async def heard(self) -> list[str]:
        return ["".join(part["text"] for part in message["parts"]) for message in await self.received()]


class TelegramCitizen:
    """A private chat with the bot, at the simulated Bot API."""

    def __init__(self, system: Installation, session: aiohttp.ClientSession, chat: int) -> None:
        self._system, self._session = system, session
        self._chat = f"/simulator/telegram/chats/{chat}"
        system.said |= {str(chat), "مواطن"}  # the first name that the simulated Bot API gives every citizen

    async def send(self, text: str) -> None:
        self._system.said.add(text)
        await self._post("messages", text=text)

    async def press(self, title: str) -> None:
        """Press the newest button with this title."""
        buttons = [button for message in await self.received() for button in message["buttons"]]
        await self._post("presses", data=[button["data"] for button in buttons if button["title"] == title][-1])

    async def _post(self, path: str, **fields: str) -> None:
        async with self._session.post(f"{self._chat}/{path}", json=fields) as response:
            assert response.status == 204

    async def received(self) -> list[dict[str, Any]]:
        """Every message from Dalil, with its buttons."""
        async with self._session.get(self._chat) as response:
            return [message for message in (await response.json())["messages"] if not message["mine"]]

    async def heard(self) -> list[str]:
        return [strip_marks(message["text"]) for message in await self.received()]


async def hears(citizen: WebCitizen | Phone | TelegramCitizen, count: int) -> list[str]:
    """What the citizen has heard once there are `count` messages: as many, and not one more."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while len(heard := await citizen.heard()) < count:
        assert asyncio.get_running_loop().time() < deadline, f"silence after {heard}"
        await asyncio.sleep(0.05)
    assert len(heard) == count, heard
    return heard
