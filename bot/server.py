"""The assistant's private HTTP server: the contract is in docs/assistant.md."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from aiohttp import web
from rasa_sdk.executor import ActionExecutor

from bot.engine import models
from bot.engine.actions import load_actions
from bot.engine.conversations import ConversationStore
from bot.engine.engine import Engine
from bot.engine.manifest import current, manifest_of
from bot.engine.messages import Reply, Request
from bot.errors import ActionFailed, BadRequest, ModelError, OverBudget
from bot.gateway import Gateway
from bot.telling import EVERY, Teller
from integrations.catalogue import live
from integrations.exchange import desk
from integrations.exchange.desk import Desk, open_desk
from integrations.exchange.followings import FeedReader
from settings import Settings
from storage import Transactions

logger = logging.getLogger(__name__)

_LARGEST_BODY = 128 * 1024
_DAY = 86_400.0
_MOST_AT_ONCE = 64
SETTINGS = web.AppKey("settings", Settings)
ENGINE = web.AppKey("engine", Engine)
STORE = web.AppKey("store", ConversationStore)
EXECUTOR = web.AppKey("executor", ActionExecutor)
DESK: web.AppKey[Desk | None] = web.AppKey("desk")
UNDER_WAY = web.AppKey("under_way", asyncio.Semaphore)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _problem(status: int, title: str, detail: str, **headers: str) -> web.Response:
    return web.json_response({"title": title, "detail": detail}, status=status, headers=headers)


@web.middleware
async def _authorise(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path.startswith("/health/"):
        return await handler(request)
    expected = f"Bearer {request.app[SETTINGS].assistant_token.get_secret_value()}"
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
        return _problem(401, "unauthorised", "wrong or missing bearer token")
    return await handler(request)


@web.middleware
async def _failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors as problems; what happened goes to the log: an error's type and place, not its words, which may be ours
    or the citizen's.
    """
    try:
        return await handler(request)
    except BadRequest as error:
        return _problem(400, "bad request", str(error))
    except web.HTTPRequestEntityTooLarge:
        return _problem(413, "too large", f"a request has at most {_LARGEST_BODY} bytes")
    except OverBudget as error:
        return _problem(504, "over budget", str(error))
    except ModelError as error:
        return _problem(409, "model refused", str(error))
    except ActionFailed as error:
        logger.error("%s: %s", error, _origin(error))
        return _problem(500, "action failed", str(error))
    except web.HTTPException:
        raise
    except Exception as error:
        logger.error("a request failed: %s", _origin(error))
        return _problem(500, "failed", type(error).__name__)


def _origin(error: BaseException) -> str:
    """Type and place of what failed first."""
    while error.__cause__ is not None:
        error = error.__cause__
    return "\n".join([type(error).__name__, *traceback.format_tb(error.__traceback__)])


async def _messages(request: web.Request) -> web.Response:
    slots = request.app[UNDER_WAY]
    if slots.locked():
        return _problem(429, "busy", "too many messages at once", **{"Retry-After": "1"})
    async with slots:
        try:
            body = await request.json()
        except (ValueError, RecursionError) as error:
            raise BadRequest("the body is not JSON") from error
        reply = await request.app[ENGINE].reply(Request.from_json(body))
    return web.json_response(reply.to_json() if isinstance(reply, Reply) else reply, dumps=_dumps)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


async def _forget(request: web.Request) -> web.Response:
    conversation = request.match_info["conversation"]
    await request.app[ENGINE].forget(conversation)
    if (counter := request.app[DESK]) is not None:
        await counter.stop_following(conversation)
    return web.Response(status=204)


async def _swap(request: web.Request) -> web.Response:
    """Load a model beside the one that answers, then answer with it. `{"name": "dalil-…"}`; default the current one."""
    body = await request.json() if request.can_read_body else {}
    folder = request.app[SETTINGS].model_folder
    name = body.get("name")
    manifest = manifest_of(folder, name) if name else current(folder)
    loaded = await asyncio.to_thread(models.load, folder, manifest, request.app[EXECUTOR])
    request.app[ENGINE].use(loaded)
    logger.info("model swapped", extra={"model": manifest.name})
    return web.json_response({"model": manifest.name})


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def _ready(request: web.Request) -> web.Response:
    snapshot = live.shared().snapshot
    reasons = [] if snapshot.services else ["the catalogue is empty: run `python -m integrations.catalogue import`"]
    model = request.app[ENGINE].model.manifest.name
    body = {"ready": not reasons, "reasons": reasons, "model": model, "catalogue": snapshot.version}
    return web.json_response(body, status=503 if reasons else 200)


async def _every(seconds: float, work: Callable[[], Awaitable[object]], what: str) -> None:
    """Do `work` again and again; a failure is logged and the next turn tries anew."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            logger.exception("%s failed, trying again in %s s", what, seconds)


def _desk_chores(
    settings: Settings, counter: Desk | None
) -> Iterator[tuple[float, Callable[[], Awaitable[object]], str]]:
    """What is done for those who ask for applications and follow them."""
    if counter is None:
        return
    yield _DAY, counter.attempts.tidy, "forgetting old attempts"
    if counter.followings is None:
        return
    reader = FeedReader(counter.exchange, counter.followings, settings.exchange_poll_seconds)
    teller = Teller(settings, Gateway(settings), counter.followings, counter.configuration)
    often = min(EVERY, settings.exchange_poll_seconds)
    yield often, reader.read_due, "reading what has changed"
    yield often, teller.tell, "telling what has changed"


async def _background(app: web.Application) -> AsyncIterator[None]:
    settings, store = app[SETTINGS], app[STORE]
    catalogue = live.shared()
    tasks = [
        asyncio.create_task(
            _every(
                settings.catalogue_refresh_seconds,
                lambda: asyncio.to_thread(catalogue.refresh),
                "refreshing the catalogue",
            )
        ),
        asyncio.create_task(
            _every(_DAY, lambda: store.expire(settings.conversation_retention_days), "forgetting old conversations")
        ),
    ]
    tasks += [asyncio.create_task(_every(*chore)) for chore in _desk_chores(settings, app[DESK])]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def create_app(settings: Settings) -> web.Application:
    """The assistant's application: loads the model and the catalogue; blocks while it does.

    Raises:
        ModelError: no model, or one that is refused.
        StorageError: the database cannot be opened.
        FileInvalid: the file of agencies breaks its rules.
    """
    executor = load_actions()
    folder = Path(settings.model_folder)
    model = models.load(folder, current(folder), executor)
    database = Transactions(settings.database_url, durable=False)
    store = ConversationStore(database=database)
    app = web.Application(middlewares=[_authorise, _failures], client_max_size=_LARGEST_BODY)
    app[SETTINGS], app[STORE], app[EXECUTOR] = settings, store, executor
    codes = Gateway(settings) if settings.push_port and settings.sms_enabled else None
    app[DESK] = counter = open_desk(settings, database, codes=codes)
    desk.share(counter)
    app[UNDER_WAY] = asyncio.Semaphore(_MOST_AT_ONCE)
    app[ENGINE] = Engine(model, store, budget=settings.assistant_budget_seconds, longest=settings.max_message_chars)
    app.add_routes(
        [
            web.post("/v1/messages", _messages),
            web.delete(r"/v1/conversations/{conversation:[A-Za-z0-9_-]{1,128}}", _forget),
            web.post("/v1/model", _swap),
            web.get("/health/live", _alive),
            web.get("/health/ready", _ready),
        ]
    )
    app.cleanup_ctx.append(_background)

    async def _close(_app: web.Application) -> None:
        if counter is not None:
            await counter.close()
        await database.close()

    app.on_cleanup.append(_close)
    return app
