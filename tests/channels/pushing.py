"""Pushes as the assistant's side hands them in, and what the outbox has of them."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from channels.identity import conversation_id
from settings.model import DEVELOPMENT_SECRET
from tests.channels.harness import Gateway, until

AUTHORIZATION = f"Bearer {DEVELOPMENT_SECRET}"
CITIZEN = "967771234567"
NEWS = "تغيّرت حالة معاملتك."


def push(id: str = "p-1", address: str = CITIZEN, channel: str = "test", **changes: Any) -> dict[str, Any]:
    conversation = conversation_id(DEVELOPMENT_SECRET, channel, address)
    made = {"id": id, "conversation": conversation, "kind": "application-changed", "texts": [NEWS]} | changes
    return {name: value for name, value in made.items() if value is not None}


async def post(
    gateway: Gateway, body: Any, url: str = "", *, path: str = "/v1/push", **headers: str
) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Authorization": AUTHORIZATION} | headers
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url or gateway.push_url}{path}", data=data, headers=sent) as response:
            text = await response.text()
            return response.status, json.loads(text) if response.content_type == "application/json" else text


async def states(gateway: Gateway) -> list[tuple[str, str | None]]:
    return [(row.state, row.error) for row in await gateway.outbox() if row.push]


async def wait_for(gateway: Gateway, *expected: tuple[str, str | None]) -> None:
    async def there() -> bool:
        return await states(gateway) == list(expected)

    await until(there)
