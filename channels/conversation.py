"""What is done with one accepted message: a list of steps, each of which may end in a reply; silence is not one."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from channels import text
from channels.assistant import Answer, Assistant, Question
from channels.contract import BotMessage, Channel, Choice, PushChannel, Reply
from channels.errors import AssistantError, AssistantRefused
from channels.handover.says import NO_FILES
from channels.inbox import Inbox, Result, Work
from channels.notices.board import Board
from channels.notices.publishing import Notice
from channels.notices.telling import Banners
from channels.notices.wishes import unsubscribes
from channels.tables import Outcome
from settings.sealing import Envelopes

logger = logging.getLogger(__name__)
POISONED = 4
"""A message that took this many gateways down with it is answered without asking the assistant again."""

# Whoever asks to be told of changes wants to be told.
_WISHES = {"stop": True, "start": False, "follow": False}


class Conversations:
    """Answers messages."""

    def __init__(
        self,
        inbox: Inbox,
        assistant: Assistant,
        envelopes: Envelopes,
        max_chars: int,
        board: Board,
        banners: Banners,
    ) -> None:
        self._inbox, self._board, self._banners = inbox, board, banners
        self._assistant = assistant
        self._envelopes = envelopes
        self._max_chars = max_chars

    async def answer(self, work: Work, channel: Channel) -> Result:
        """The reply to one message, ready for the outbox; when the assistant fails, the fallback."""
        notice = self._board.view.answer(work.channel)
        if notice is not None and not work.held and not unsubscribes(work.text):
            return _own(work, channel, Outcome.NOTICE, notice.text)
        if not work.text:
            return _own(work, channel, Outcome.EMPTY, _nothing(work))
        if len(work.text) > self._max_chars:
            return _own(work, channel, Outcome.TOO_LONG, text.TOO_LONG.format(limit=self._max_chars))
        if work.held:
            return Result(Outcome.HANDOVER)
        if work.more and await self._inbox.has_held(work.conversation):
            return Result(Outcome.MORE)
        if work.attempts >= POISONED:
            logger.error("message given up", extra={"message_id": work.message_id, "attempts": work.attempts})
            return _own(work, channel, Outcome.FALLBACK, text.FALLBACK)
        try:
            answer = await self._ask(work, channel)
        except AssistantError as error:
            level = logging.ERROR if isinstance(error, AssistantRefused) else logging.WARNING
            logger.log(level, "assistant failed", extra={"message_id": work.message_id, "fault": str(error)})
            return _own(work, channel, Outcome.FALLBACK, text.FALLBACK)
        return _answered(work, channel, answer, await self._in_front(work, channel, answer))

    async def _in_front(self, work: Work, channel: Channel, answer: Answer) -> list[Notice]:
        """The banners that go with an answer; the page of a channel without pushes shows them by itself."""
        running = self._board.view.banners(work.channel)
        if not running or answer.kind == "stop" or not isinstance(channel, PushChannel):
            return []
        return await self._banners.untold(work.channel, work.conversation, running)

    async def _ask(self, work: Work, channel: Channel) -> Answer:
        choice = await self._inbox.chosen(work)
        proven = work.address if isinstance(channel, PushChannel) and channel.proves_sender else None
        sender = self._envelopes.seal(work.conversation, proven) if proven else None
        return await self._assistant.reply(
            Question(work.message_id, work.conversation, work.channel, work.text, choice, sender)
        )


def _nothing(work: Work) -> str:
    if work.choice:
        return text.STALE
    return NO_FILES if work.held else text.EMPTY


def _own(work: Work, channel: Channel, outcome: Outcome, says: str) -> Result:
    reply = Reply(work.message_id, outcome.value, (BotMessage(says),))
    return Result(outcome, kind=None, payloads=channel.render(reply))


def _answered(work: Work, channel: Channel, answer: Answer, banners: Sequence[Notice]) -> Result:
    front = tuple(BotMessage(notice.text) for notice in banners)
    messages = tuple(
        BotMessage(says, tuple(Choice(id_, title, f"{work.message_id}.{id_}") for id_, title in choices))
        for says, choices in answer.messages
    )
    return Result(
        Outcome.ANSWERED,
        kind=answer.kind,
        service=answer.service,
        confidence=answer.confidence,
        payloads=channel.render(Reply(work.message_id, answer.kind, front + messages)),
        choices={choice.id: choice.title for message in messages for choice in message.choices},
        opted_out=_WISHES.get(answer.kind),
        notices=[notice.id for notice in banners],
    )
