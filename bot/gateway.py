"""The gateway's private listener (channels/private.py), for what the assistant wants of it by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from pydantic import SecretStr

from integrations.exchange.desk.codes import CodeLimit, CodeOver, CodesUnavailable, CodeWrong, NumberUnreachable
from settings import Settings

logger = logging.getLogger(__name__)
_TIMEOUT = aiohttp.ClientTimeout(total=5.0)
_REFUSALS = {
    404: CodeWrong,
    409: NumberUnreachable,
    410: CodeOver,
    422: NumberUnreachable,
    429: CodeLimit,
}


class Gateway:
    """Pushes messages; sends codes, and has them checked (the desk's `Codes`)."""

    def __init__(self, settings: Settings) -> None:
        host = f"[{settings.push_host}]" if ":" in settings.push_host else settings.push_host
        self._base = f"http://{host}:{settings.push_port}/v1"
        self._headers = {"Authorization": f"Bearer {settings.assistant_token.get_secret_value()}"}

    async def push(self, message: Mapping[str, object]) -> int:
        """Hand in a message (channels/push.py): HTTP's status, 0 when nobody answers."""
        return (await self._post("push", message))[0]

    async def send(self, conversation: str, number: SecretStr) -> None:
        """Send a code to a number, see `Codes`."""
        await self._asked("codes", {"conversation": conversation, "number": number.get_secret_value()})

    async def check(self, conversation: str, code: SecretStr) -> SecretStr:
        """Check a code, see `Codes`."""
        said = {"conversation": conversation, "code": code.get_secret_value()}
        return SecretStr((await self._asked("codes/check", said))["sender"])

    async def _asked(self, what: str, body: Mapping[str, object]) -> Any:
        status, answer = await self._post(what, body)
        if status == 200:
            return answer
        refusal = _REFUSALS.get(status, CodesUnavailable)
        if refusal is CodesUnavailable:
            logger.error("the gateway sends no codes (HTTP %s)", status or "silent")
        raise refusal

    async def _post(self, what: str, body: Mapping[str, object]) -> tuple[int, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT, headers=self._headers) as session,
                session.post(f"{self._base}/{what}", json=body) as response,
            ):
                return response.status, await response.json(content_type=None)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            return 0, None
