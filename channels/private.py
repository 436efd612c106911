"""The private listener, which no reverse proxy knows: what the assistant's side may ask of the gateway."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from aiohttp import web
from pydantic import SecretStr

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@runtime_checkable
class PrivatePart(Protocol):
    """What has routes on the private listener."""

    def private_routes(self) -> Sequence[web.AbstractRouteDef]:
        """The routes."""
        ...


def only_the_assistant(token: SecretStr) -> Any:
    """A middleware: 401 to whoever has not the assistant's token, before anything of the body is read."""
    expected = f"Bearer {token.get_secret_value()}".encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        claimed = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if hmac.compare_digest(claimed, expected):
            return await handler(request)
        headers = {"WWW-Authenticate": "Bearer"}
        return web.json_response({"error": "token"}, status=401, headers=headers)

    return check
