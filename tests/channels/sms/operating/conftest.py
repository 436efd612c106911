"""The operators' page over HTTP, and who comes to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from aiohttp import ClientResponse, encode_basic_auth
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from channels.sms.operating.page.app import create_app
from settings import Settings

PASSWORD = "a-password-of-the-tests"
NAMES = ("yemen-mobile", "sabafon", "you")
OURS = {"Sec-Fetch-Site": "same-origin"}
_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


def basic(name: str, password: str) -> str:
    return encode_basic_auth(name, password, encoding="utf-8")


class Operator:
    """A browser of one operator; `clock` is the one that the page goes by."""

    def __init__(self, client: TestClient[Any, Any], clock: list[float]) -> None:
        self.client, self.clock = client, clock
        self.login: str | None = basic("سالم", PASSWORD)

    async def ask(self, method: str, path: str, **options: Any) -> tuple[ClientResponse, str]:
        login = options.pop("login", self.login)
        headers = ({} if login is None else {"Authorization": login}) | options.pop("headers", {})
        sent = self.client.request(method, path, headers=headers, allow_redirects=False, **options)
        async with sent as response:
            return response, await response.text()

    async def get(self, path: str = "/", **options: Any) -> tuple[int, str]:
        response, text = await self.ask("GET", path, **options)
        return response.status, text

    async def token(self) -> str:
        found = _TOKEN.search((await self.get())[1])
        assert found is not None
        return found.group(1)

    async def send(self, path: str, headers: Any = None, **fields: str) -> tuple[int, str]:
        """What a form of the page sends."""
        form = {"csrf": await self.token()} | fields
        response, text = await self.ask("POST", path, data=form, headers=OURS if headers is None else headers)
        return response.status, text


Open = Callable[..., Awaitable[Operator]]


@pytest.fixture
async def open_page(settings: Settings) -> AsyncIterator[Open]:
    clients: list[TestClient[Any, Any]] = []

    async def open_page(providers: Sequence[str] = NAMES, **changes: Any) -> Operator:
        clock = [1000.0]
        own = settings.model_copy(update={"operator_password": SecretStr(PASSWORD)} | changes)
        client = TestClient(TestServer(await create_app(own, providers, lambda: clock[0])))
        clients.append(client)
        await client.start_server()
        return Operator(client, clock)

    yield open_page
    for client in clients:
        await client.close()


@pytest.fixture
async def operator(open_page: Open) -> Operator:
    return await open_page()
