"""A caller of the assistant's HTTP API, as the gateway is one."""

from __future__ import annotations

import itertools
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from rasa_sdk.executor import ActionExecutor

from bot.engine.engine import Engine
from bot.server import ENGINE, EXECUTOR

TOKEN = "a-token-of-the-tests"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}


class Assistant:
    """Talks to one server; message ids are new ones unless given."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self._numbers = itertools.count(1)

    @property
    def engine(self) -> Engine:
        return self.client.app[ENGINE]

    @property
    def executor(self) -> ActionExecutor:
        return self.client.app[EXECUTOR]

    async def post(self, text: str = "مساعدة", **fields: Any) -> ClientResponse:
        """Send one message; `fields` replace those of the request."""
        message = {"id": f"m-{next(self._numbers)}", "conversation": "c1", "channel": "web", "text": text}
        return await self.client.post("/v1/messages", json={**message, **fields}, headers=AUTHORISED)

    async def ask(self, text: str, **fields: Any) -> dict[str, Any]:
        """The reply to one message."""
        response = await self.post(text, **fields)
        assert response.status == 200, await response.text()
        return await response.json()

    async def forget(self, conversation: str) -> int:
        """Delete a conversation; the status."""
        response = await self.client.delete(f"/v1/conversations/{conversation}", headers=AUTHORISED)
        return response.status


def about(reply: dict[str, Any]) -> tuple[str, str | None]:
    """Kind and service of a reply."""
    return reply["kind"], reply["service"]


def said(reply: dict[str, Any]) -> str:
    """All texts of a reply."""
    return "\n".join(message["text"] for message in reply["messages"])


def offered(reply: dict[str, Any]) -> list[dict[str, str]]:
    """All choices of a reply."""
    return [choice for message in reply["messages"] for choice in message["choices"]]
