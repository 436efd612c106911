"""The command that moves an application on at a simulator that runs, as an official would."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import quote

from yarl import URL

from integrations.exchange.configuration import Limits, read_configuration
from integrations.exchange.errors import ExchangeError
from integrations.exchange.transport import Answer, Call
from integrations.exchange.transport.http import HttpDoor


def move(file: Path, reference: str, state: str, required: str | None) -> int:
    """Tell the simulator of a configuration that `simulate` wrote. required: what the citizen must do, in Arabic.

    Raises:
        ExchangeError: it does not run, has no such application, or is no simulator.
    """
    transport = read_configuration(file).transports[0]
    url = URL(f"{transport.url}/simulator/applications/{quote(reference, safe='')}", encoded=True)
    change = {"state": state} | ({"required": {"text": required}} if required else {})
    call = Call("PUT", url, {}, json.dumps(change).encode(), Limits())  # type: ignore[call-arg]

    async def send() -> Answer:
        door = HttpDoor(transport)
        try:
            return await door.send(call)
        finally:
            await door.close()

    answer = asyncio.run(send())
    if answer.status != 204:
        raise ExchangeError("no such application" if answer.status == 404 else f"is no simulator ({answer.status})")
    return 0
