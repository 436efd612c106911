"""One message in, one reply out."""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from actions.applications.case import SLOT as APPLICATION
from actions.applications.case import passed_over
from arabic import words
from bot.components.understanding import CONTEXT
from bot.engine import choices
from bot.engine.bringing import bring
from bot.engine.choices import Option
from bot.engine.conversations import ConversationStore
from bot.engine.messages import BotMessage, Choice, Question, Reply, Request
from bot.engine.models import LoadedModel
from bot.engine.processor import ReplyCollector
from bot.engine.reading import Reading, Waiting, read
from bot.errors import ActionFailed, OverBudget
from integrations.exchange.desk import visiting
from integrations.exchange.references import find_reference

logger = logging.getLogger(__name__)

_TOO_LONG = "رسالتك طويلة جدا. اكتب سؤالك في جملة أو جملتين، واذكر اسم الخدمة."
_EMPTY = "لم يصلنا نص نفهمه. اكتب سؤالك عن خدمة حكومية، مثل: كم رسوم توثيق عقد الزواج؟"
_NO_SUCH_NUMBER = "لا خيار بهذا الرقم. أرسل رقما من 1 إلى {}."
_ONE_NUMBER = "اختر واحدا في كل مرة: أرسل رقما من 1 إلى {}."
_WHICH_NUMBER = "كتبت رقما ولم أعرف عم تسأل. إن كان رقم معاملة فاكتبه كاملا كما في سند التقديم، أو اكتب سؤالك بالكلمات."
_NOTHING_OFFERED = "لا خيارات معروضة الآن لتختار منها برقم. اكتب اسم الخدمة وما تريد معرفته عنها."
_LOCKS_KEPT = 10_000
_SHORTEST_PROOF = 4
_SLASHES = re.compile(r"^[\s/]+")
# Messages that what was offered and asked outlives; then a number is no answer any more.
_LONGEST_WAIT = 2
SERVICE, OFFERED, ASKED, WAITED = "service", "choices", "asked", "waited"


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
        tracker, domain = standing.tracker, model.processor.domain
        waiting = Waiting.of(tracker.get_slot(OFFERED), tracker.get_slot(ASKED))
        before = tracker.get_slot(APPLICATION)
        brought = bring(request, text, before)
        reading = brought.reading or read(brought.text, request.choice, waiting)
        wrong = _wrong_choice(reading, waiting) if request.choice is None else None
        if wrong:
            return await self._offer_again(request, tracker, waiting.offered, wrong)
        unread = _unread(reading, waiting)
        if unread:
            return Reply("help", (BotMessage(unread),))
        collector = ReplyCollector(request.channel)
        message = _user_message(request, reading, tracker.get_slot(SERVICE), collector)
        with visiting(brought.visit):
            await model.processor.answer(message, tracker)
        reply, offered = _reply(collector.messages, tracker)
        if tracker.get_slot(APPLICATION) == before:
            tracker.update(SlotSet(APPLICATION, passed_over(before)), domain)
        for slot in _waits_for(tracker, offered, answered=reading.option is not None):
            tracker.update(slot, domain)
        await self._store.keep(tracker, request.id, reply.to_json())
        return reply

    async def _offer_again(
        self, request: Request, tracker: DialogueStateTracker, offered: Sequence[Option], text: str
    ) -> Reply:
        """Say that nothing was chosen, with the same choices as before."""
        again = tuple(Choice(option["id"], option["title"]) for option in offered)
        named = tuple(dict.fromkeys(service for option in offered if (service := choices.service_of(option))))
        reply = Reply("ambiguous", (BotMessage(text.format(len(offered)), again),), options=named)
        await self._store.keep(tracker, request.id, reply.to_json())
        return reply


def clean(text: str) -> str:
    """The text without control characters, and without leading slashes: Rasa reads them as commands."""
    kept = "".join(" " if unicodedata.category(character) == "Cc" else character for character in text)
    return _SLASHES.sub("", kept).rstrip()


def _wrong_choice(reading: Reading, waiting: Waiting) -> str | None:
    """What is said to a place that no choice has, and to several at once."""
    if reading.option is not None or not waiting.offered:
        return None
    if choices.beyond(waiting.offered, reading.text):
        return _NO_SUCH_NUMBER
    return _ONE_NUMBER if waiting.which and choices.is_list(reading.text) else None


def _unread(reading: Reading, waiting: Waiting) -> str | None:
    """What is said to a message that has nothing to understand: no letters, or a number where nothing is offered."""
    if reading.option is not None:
        return None
    said = words(reading.text)
    if not said:
        return _EMPTY
    if not waiting.offered and choices.place_of(reading.text) is not None:
        return _NOTHING_OFFERED
    is_number = all(word.isdecimal() for word in said) and sum(map(len, said)) >= _SHORTEST_PROOF
    return _WHICH_NUMBER if is_number and find_reference(reading.text) is None else None


def _user_message(request: Request, reading: Reading, service: str | None, collector: ReplyCollector) -> UserMessage:
    """The message for Rasa; `service` is the one spoken of."""
    said = {"channel": request.channel, "corrects": reading.corrects, "about": reading.service, CONTEXT: service}
    return UserMessage(
        # What is left of a message may begin with a slash again.
        text=clean(reading.text),
        output_channel=collector,
        sender_id=request.conversation,
        parse_data=choices.parse_data(reading.option, reading.text) if reading.option else None,
        input_channel=request.channel,
        message_id=request.id,
        metadata=said,
    )


def _waits_for(tracker: DialogueStateTracker, offered: list[dict[str, str]], *, answered: bool) -> Iterator[SlotSet]:
    """What is offered and asked from now on: what was, unless it was taken, replaced, or passed over too often."""
    if offered:
        yield from (SlotSet(OFFERED, offered), SlotSet(WAITED, None))
        return
    waited = (tracker.get_slot(WAITED) or 0) + 1
    over = waited > _LONGEST_WAIT
    yield SlotSet(WAITED, None if over else waited)
    if over or answered:
        yield SlotSet(OFFERED, None)
    if over:
        yield SlotSet(ASKED, None)


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
        also=(*_asked_for(first), *(one for other in others for one in (_question(other), *_asked_for(other)))),
        faq=first.get("faq"),
        offers=tuple(topic for answer in answers for topic in answer.get("offers", ())),
    )
    return reply, offered


def _question(answer: Mapping[str, Any]) -> Question:
    return Question(answer["kind"], answer["service"])


def _asked_for(answer: Mapping[str, Any]) -> list[Question]:
    """Further questions that an answer asks back for at once."""
    return [Question(kind, None) for kind in answer.get("also", ())]
