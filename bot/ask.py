"""`python -m bot ask`: the door for people and for measurement. It needs no running server."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from rasa.core.channels.channel import UserMessage

from bot.engine import models
from bot.engine.conversations import ConversationStore
from bot.engine.engine import Engine, clean
from bot.engine.manifest import current, manifest_of
from bot.engine.messages import BotMessage, Reply, Request
from bot.errors import AssistantError, BadRequest
from integrations.exchange import desk
from integrations.exchange.desk import open_desk
from integrations.exchange.simulator.seed import SAMPLE
from settings import Settings
from storage import Transactions
from storage.migrate import upgrade

logger = logging.getLogger(__name__)
_UNAVAILABLE = "تعذر الجواب الآن لعطل عندنا. حاول بعد قليل."


class Asking:
    """An engine with conversations of its own, thrown away at the end."""

    def __init__(self, settings: Settings, seed: Path | None = None, model: str | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dalil-ask-")
        url = f"sqlite:///{Path(self._folder.name) / 'conversations.db'}"
        upgrade(url)
        self._database = Transactions(url, durable=False)
        # Whatever is configured: whoever tries things out asks no real agency.
        self._desk = open_desk(settings, self._database, seed or SAMPLE)
        desk.share(self._desk)
        folder = Path(settings.model_folder)
        loaded = models.load(folder, manifest_of(folder, model) if model else current(folder))
        self._engine = Engine(
            loaded,
            ConversationStore(database=self._database),
            budget=settings.assistant_budget_seconds,
            longest=settings.max_message_chars,
        )

    async def reply(self, request: Request) -> dict[str, Any]:
        """The reply's JSON; a failure of ours becomes kind `unavailable` and a line in the log."""
        try:
            reply = await self._engine.reply(request)
        except AssistantError as error:
            logger.error("%s: %s", request.id, error)
            reply = Reply("unavailable", (BotMessage(_UNAVAILABLE),), confidence=0.0)
        return reply.to_json() if isinstance(reply, Reply) else reply

    async def understood(self, text: str) -> dict[str, Any]:
        """What a text by itself may mean: `intents` and `services`, each with its score, best first."""
        parsed = await self._engine.model.processor.parse_message(UserMessage(text=clean(text)))
        return {"intents": parsed.get("intent_ranking", [])[:5], "services": parsed.get("services", [])[:5]}

    async def close(self) -> None:
        """Throw the conversations away."""
        if self._desk is not None:
            await self._desk.close()
        await self._database.close()
        self._folder.cleanup()


def requests(lines: TextIO) -> Iterator[tuple[Any, Request]]:
    """The requests of a JSON-lines file, each with the caller's own id.

    Raises:
        BadRequest: with the number of the wrong line.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _request(line, number)
            except (ValueError, BadRequest) as error:
                raise BadRequest(f"line {number}: {error}") from error


def _request(line: str, number: int) -> tuple[Any, Request]:
    item = json.loads(line)
    if not isinstance(item, dict) or "id" not in item:
        raise BadRequest('expected {"id", "text"}')
    body = {
        "id": f"line-{number}",
        "conversation": _conversation(item, number),
        "channel": item.get("channel") or "web",
        "text": item.get("text", ""),
        "choice": item.get("choice"),
    }
    return item["id"], Request.from_json(body)


def _conversation(item: dict[str, Any], number: int) -> str:
    """A conversation id that is safe whatever the caller calls it; without one, a line is its own."""
    named = item.get("conversation")
    return f"line-{number}" if named is None else "c-" + hashlib.sha256(str(named).encode()).hexdigest()


async def ask_lines(
    settings: Settings,
    source: TextIO,
    target: TextIO,
    seed: Path | None = None,
    model: str | None = None,
    *,
    explain: bool = False,
) -> None:
    """Answer each line of `source` with a line on `target`, in order.

    seed: applications of the simulated agencies. model: the name of another than the current one. explain: each line
    also says, under "understood", what the text by itself may mean.
    """
    asking = Asking(settings, seed, model)
    try:
        for name, request in requests(source):
            reply = await asking.reply(request)
            if explain:
                reply = {**reply, "understood": await asking.understood(request.text)}
            target.write(json.dumps({"id": name, **reply}, ensure_ascii=False) + "\n")
            target.flush()
    finally:
        await asking.close()


async def ask_once(
    settings: Settings, text: str, channel: str, seed: Path | None = None, model: str | None = None
) -> dict[str, Any]:
    """Answer one question."""
    asking = Asking(settings, seed, model)
    try:
        return await asking.reply(Request("ask", "ask", channel, text))
    finally:
        await asking.close()


def show(reply: dict[str, Any], target: TextIO = sys.stdout) -> None:
    """Print a reply for a person: its texts and choices, then what it is."""
    for message in reply["messages"]:
        print(message["text"], file=target)
        for place, choice in enumerate(message["choices"], start=1):
            print(f"  {place}) {choice['title']}", file=target)
    about = {name: value for name, value in reply.items() if name != "messages"}
    print(json.dumps(about, ensure_ascii=False), file=target)
