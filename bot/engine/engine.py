"""One message in, one reply out."""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections import OrderedDict
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import choices
from bot.engine.conversations import ConversationStore, Standing
from bot.engine.messages import BotMessage, Choice, Question, Reply, Request
from bot.engine.models import LoadedModel
from bot.engine.processor import ReplyCollector
from bot.errors import ActionFailed, OverBudget

logger = logging.getLogger(__name__)

_TOO_LONG = "رسالتك طويلة جدا. اكتب سؤالك في جملة أو جملتين، واذكر اسم الخدمة."
_EMPTY = "لم يصلنا نص نفهمه. اكتب سؤالك عن خدمة حكومية، مثل: كم رسوم توثيق عقد الزواج؟"
_NO_SUCH_NUMBER = "لا خيار بهذا الرقم. أرسل رقما من 1 إلى {}."
_LOCKS_KEPT = 10_000
_SLASHES = re.compile(r"^[\s/]+")
OFFERED = "choices"


class Engine:
    """Answers with the current model; messages of one conversation one at a time."""

    def __init__(self, model: LoadedModel, store: ConversationStore, *, budget: float, longest: int) -> None:
        self._model = model
        self._store = store
        self._budget = budget
        self._longest = longest
        self._locks: OrderedDict[str, asyncio.Lock] = OrderedDict()

    @property
    def model(self) -> LoadedModel:
        """The model that answers now."""
        return self._model

    def use(self, model: LoadedModel) -> None:
        """Answer with another model from the next message on; messages under way finish with theirs."""
        self._model = model

    async def reply(self, request: Request) -> Reply | dict[str, Any]:
        """Answer one message; the JSON of the earlier reply when it is a retry of the last one.

        Raises:
            OverBudget: it took too long.
            ActionFailed: an action raised.
        """
        text = clean(request.text)
        if len(text) > self._longest:
            return Reply("help", (BotMessage(_TOO_LONG),))
        try:
            async with self._lock(request.conversation):
                return await asyncio.wait_for(self._answer(request, text), self._budget)
        except asyncio.TimeoutError as error:
            raise OverBudget(f"no answer within {self._budget} s") from error

    async def forget(self, conversation: str) -> None:
        """Delete what is kept of a conversation."""
        async with self._lock(conversation):
            await self._store.forget(conversation)

    def _lock(self, conversation: str) -> asyncio.Lock:
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._locks.move_to_end(conversation)
        while len(self._locks) > _LOCKS_KEPT and not next(iter(self._locks.values())).locked():
            self._locks.popitem(last=False)
        return lock

    async def _answer(self, request: Request, text: str) -> Reply | dict[str, Any]:
        model = self._model
        standing = await self._store.load(request.conversation, model.processor.domain)
        if standing.last_message == request.id and standing.last_reply is not None:
            return standing.last_reply
        offered = standing.tracker.get_slot(OFFERED) or []
        if request.choice is None and choices.beyond(offered, text):
            return await self._offer_again(request, standing.tracker, offered)
        if not any(map(str.isalnum, text)) and choices.taken(offered, text, request.choice) is None:
            return Reply("help", (BotMessage(_EMPTY),))
        collector = ReplyCollector(request.channel)
        await model.processor.answer(_user_message(request, text, standing, collector), standing.tracker)
        reply, offered = _reply(collector.messages, standing.tracker)
        standing.tracker.update(SlotSet(OFFERED, offered or None), model.processor.domain)
        await self._store.keep(standing.tracker, request.id, reply.to_json())
        return reply

    async def _offer_again(
        self, request: Request, tracker: DialogueStateTracker, offered: list[dict[str, str]]
    ) -> Reply:
        """Say that there is no such number, with the same choices as before."""
        again = tuple(Choice(option["id"], option["title"]) for option in offered)
        named = tuple(service for option in offered if (service := choices.service_of(option)))
        reply = Reply("ambiguous", (BotMessage(_NO_SUCH_NUMBER.format(len(offered)), again),), options=named)
        await self._store.keep(tracker, request.id, reply.to_json())
        return reply


def clean(text: str) -> str:
    """The text without control characters, and without leading slashes: Rasa reads them as commands."""
    kept = "".join(" " if unicodedata.category(character) == "Cc" else character for character in text)
    return _SLASHES.sub("", kept).rstrip()


def _user_message(request: Request, text: str, standing: Standing, collector: ReplyCollector) -> UserMessage:
    option = choices.taken(standing.tracker.get_slot(OFFERED) or [], text, request.choice)
    return UserMessage(
        text=text,
        output_channel=collector,
        sender_id=request.conversation,
        parse_data=choices.parse_data(option, text) if option else None,
        input_channel=request.channel,
        message_id=request.id,
        metadata={"channel": request.channel},
    )


def _reply(said: list[dict[str, Any]], tracker: DialogueStateTracker) -> tuple[Reply, list[dict[str, str]]]:
    """The reply, and the choices as they are remembered: id, title and what each stands for."""
    answers = [message["answer"] for message in said if "answer" in message]
    if not answers:
        raise ActionFailed("no action said anything")
    offered: list[dict[str, str]] = []
    messages = []
    for message in said:
        own = []
        for button in message.get("buttons") or []:
            option = {"id": f"c{len(offered) + 1}", "title": button["title"], "payload": button["payload"]}
            offered.append(option)
            own.append(Choice(option["id"], option["title"]))
        messages.append(BotMessage(message["text"], tuple(own)))
    first, *others = answers
    latest = tracker.latest_message
    confidence = float(latest.intent.get("confidence") or 0.0) if latest else 0.0
    reply = Reply(
        kind=first["kind"],
        messages=tuple(messages),
        service=first["service"],
        options=tuple(first["options"]),
        reference=first["reference"],
        confidence=confidence,
        also=tuple(Question(other["kind"], other["service"]) for other in others),
    )
    return reply, offered
