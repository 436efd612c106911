"""Whose messages are answered, and how one is handed to the core; the same for every provider."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace

from arabic import to_ascii_digits
from channels.contract import Gateway, InboundMessage
from channels.sms.inbound.numbers import citizen_number
from channels.sms.inbound.repeats import ContentIds, LoopBreaker
from channels.sms.inbound.words import STARTED, STOPPED, Subscription, subscription_word
from channels.sms.outbound.render import MORE_WORD

logger = logging.getLogger(__name__)
CHANNEL = "sms"


class Door:
    """Into the gateway.

    Args:
        foreign: calling codes beside Yemen's whose mobiles are answered.
        own: our own numbers in E.164, which are never answered.
    """

    def __init__(self, gateway: Gateway, *, foreign: Collection[int], own: Collection[str]) -> None:
        self._gateway, self._foreign, self._own = gateway, foreign, own
        self.content_ids, self._loops = ContentIds(), LoopBreaker()

    def number(self, raw: str) -> str:
        """The sender in E.164.

        Raises:
            NumberRefused: not the telephone of a citizen who is answered.
        """
        return citizen_number(raw, foreign_codes=self._foreign, own=self._own)

    async def accept(self, message: InboundMessage) -> None:
        """Give a whole message to the core, unless its sender is a machine that goes round in circles."""
        message = meaning(message)
        wish = message.opted_out is not None
        if not wish and self._loops.loops(message.address, message.text, message.external_id):
            logger.warning("sms not answered", extra={"fault": "loop"})
            return
        await self._gateway.accept(message)


def meaning(message: InboundMessage) -> InboundMessage:
    """The message with what the channel itself understands of it: stop, start, more."""
    match subscription_word(message.text):
        case Subscription.STOP:
            return replace(message, answer=STOPPED, opted_out=True)
        case Subscription.START:
            return replace(message, answer=STARTED, opted_out=False)
    return replace(message, more=to_ascii_digits(message.text).strip() == MORE_WORD)
