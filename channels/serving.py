"""What the servers of this room do alike: check the tables, take the port, end on a signal, harden the answers."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable

from aiohttp import web
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from channels.errors import StartupError
from storage import SyncDatabase
from storage.migrate import check_schema

logger = logging.getLogger(__name__)
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def check_tables(database_url: str) -> None:
    """Raise a StorageError unless the database answers and has the tables of this version."""
    database = SyncDatabase(database_url)
    try:
        check_schema(database)
    finally:
        database.close()


def listen(host: str, port: int, settings: str) -> socket.socket:
    """Take the port before anything is started that a second server on it would disturb.

    Raises:
        StartupError: it cannot be had; the line names the `settings` to change.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise StartupError(f"{settings}: cannot listen on {host}:{port}: {why}") from error


async def serve(making: Awaitable[web.Application], listening: socket.socket) -> None:
    """Serve the application until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    runner = web.AppRunner(await making, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    host, port = listening.getsockname()[:2]
    logger.info("listening", extra={"host": host, "port": port})
    await stopping.wait()
    logger.info("stopping")
    await runner.cleanup()


async def harden(_request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that a response has not set itself, and do not say what serves it."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)
