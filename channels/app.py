"""The composition root: everything of the gateway is made and joined here."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from aiohttp import web

from channels.assistant import HttpAssistant
from channels.gateway import GatewayCore
from channels.health import Health
from channels.private import PrivatePart, only_the_assistant
from channels.push import PushDoor
from channels.serving import DATABASE_AWAY, harden
from channels.wiring import RunningPart, Wiring, wire
from settings import Settings
from storage import Transactions

logger = logging.getLogger(__name__)
BODY_LIMIT = 64 * 1024
_SORRY = "عذرًا، حدث خلل عندنا. حاول مرة أخرى بعد قليل من فضلك.\n"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def create_app(
    settings: Settings, wiring: Wiring = wire, pushing: socket.socket | None = None
) -> web.Application:
    """The gateway as one aiohttp application; `wiring` chooses its channels.

    pushing: the private listener (private.py); the application itself is public and has no such route.
    """
    database = Transactions(settings.database_url)
    assistant = HttpAssistant(
        workers(settings), settings.assistant_token.get_secret_value(), settings.assistant_budget_seconds + 1
    )
    core = GatewayCore(settings, database, assistant)
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[_answer_failures])
    app.add_routes(Health(database, assistant, core).routes())
    parts = wiring(settings, core, database)
    running = [part for part in parts if isinstance(part, RunningPart)]
    for part in [*core.channels.values(), *parts]:
        app.add_routes(part.routes())

    door = PushDoor(database, core.channels, core.signals)
    private: list[PrivatePart] = [door, *(part for part in parts if isinstance(part, PrivatePart))]

    async def run(_app: web.Application) -> AsyncIterator[None]:
        for part in running:
            await part.start()
        await core.start()
        pushes = await _served(settings, private, pushing) if pushing is not None else None
        yield
        if pushes is not None:
            await pushes.cleanup()
        await core.stop()
        for part in running:
            await part.stop()
        await assistant.close()
        await database.close()

    async def close(_app: web.Application) -> None:
        core.signals.close()

    app.cleanup_ctx.append(run)
    app.on_shutdown.append(close)
    app.on_response_prepare.append(harden)
    return app


async def _served(settings: Settings, parts: Sequence[PrivatePart], listening: socket.socket) -> web.AppRunner:
    """A second application of this process on a listener of its own."""
    middlewares = [_answer_failures, only_the_assistant(settings.assistant_token)]
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=middlewares)
    for part in parts:
        app.add_routes(part.private_routes())
    app.on_response_prepare.append(harden)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    return runner


def workers(settings: Settings) -> list[str]:
    """The addresses of the assistant's workers."""
    host = f"[{settings.assistant_host}]" if ":" in settings.assistant_host else settings.assistant_host
    return [f"http://{host}:{settings.assistant_port + number}" for number in range(settings.assistant_workers)]


@web.middleware
async def _answer_failures(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Nobody sees a stack trace; a provider hears 503 when the database is away, and repeats its message."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except DATABASE_AWAY:
        logger.exception("database away", extra={"route": _route(request)})
        return web.Response(status=503, text=_SORRY, headers={"Retry-After": "2"})
    except Exception:
        logger.exception("request failed", extra={"route": _route(request)})
        return web.Response(status=500, text=_SORRY)


def _route(request: web.Request) -> str:
    # Never the path itself: webhooks have secrets in it.
    resource = request.match_info.route.resource
    return resource.canonical if resource else "none"
