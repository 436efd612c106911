"""Asks a process whether it is ready, over plain HTTP on this machine."""

from __future__ import annotations

import asyncio

ANSWER_SECONDS = 5.0
REASON_CHARS = 200


async def why_not_listening(host: str, port: int) -> str | None:
    """None when somebody listens there, else the reason in a few words."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), ANSWER_SECONDS)
    except (OSError, asyncio.TimeoutError):
        return "starting"
    writer.close()
    return None


async def why_not_ready(host: str, port: int) -> str | None:
    """None when GET /health/ready answers 200, else the reason in a few words."""
    try:
        answer = await asyncio.wait_for(_get(host, port), ANSWER_SECONDS)
    except (OSError, asyncio.TimeoutError):
        return "starting"
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.split(b"\r\n")[0].split(b" ")
    if len(status) > 1 and status[1] == b"200":
        return None
    return body.decode("utf-8", "replace").strip()[:REASON_CHARS] or "not ready"


async def _get(host: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET /health/ready HTTP/1.0\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        return await reader.read(65_536)
    finally:
        writer.close()
