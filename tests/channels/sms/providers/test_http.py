"""The door to providers' HTTP APIs, against servers that do what proxies and gateways do."""

from __future__ import annotations

import asyncio

from channels.sms.providers.http import HttpAnswer, HttpDoor

ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok"


async def test_a_server_that_closes_what_it_promised_to_keep() -> None:
    """Kannel does after a refused log-in, and every server some time after the last request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        await closing.wait()
        writer.close()

    closing = asyncio.Event()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    door = HttpDoor(5.0, idempotent=False)
    await door.open()
    try:
        first = await door.post(url)
        closing.set()
        answers = [first, *[await door.post(url) for _ in range(20)]]
    finally:
        await door.close()
        server.close()
    assert all(isinstance(answer, HttpAnswer) and answer.text == "ok" for answer in answers), answers
