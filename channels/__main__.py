"""`python -m channels`: run the gateway until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys

from aiohttp import web

from channels import logs
from channels.app import create_app
from channels.errors import StartupError
from settings import Settings, SettingsError, load_settings
from storage import StorageError, SyncDatabase
from storage.migrate import check_schema

logger = logging.getLogger("channels")


def main() -> int:
    """Run the gateway; 0 after a clean stop, 1 with one clear line when it cannot start."""
    try:
        settings = load_settings()
        logs.configure(settings.log_level)
        _check_schema(settings)
        asyncio.run(_serve(settings, _listen(settings.gateway_host, settings.gateway_port)))
    except (SettingsError, StorageError, StartupError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _check_schema(settings: Settings) -> None:
    database = SyncDatabase(settings.database_url)
    try:
        check_schema(database)
    finally:
        database.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is started that a second gateway on it would disturb."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise StartupError(f"DALIL_GATEWAY_HOST, DALIL_GATEWAY_PORT: cannot listen on {host}:{port}: {why}") from error


async def _serve(settings: Settings, listening: socket.socket) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    runner = web.AppRunner(await create_app(settings), access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    logger.info("listening", extra={"host": settings.gateway_host, "port": settings.gateway_port})
    await stopping.wait()
    logger.info("stopping")
    await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
