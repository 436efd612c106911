"""What a provider has handed over, by whatever way: a message into the gateway's inbox, a receipt into the ledger."""

from __future__ import annotations

import logging
from dataclasses import replace

from channels.contract import InboundMessage
from channels.errors import MalformedRequest
from channels.sms.errors import NumberRefused
from channels.sms.inbound.door import CHANNEL, Door
from channels.sms.inbound.joining import Joiner
from channels.sms.outbound.ledger import Ledger
from channels.sms.providers.base import InboundSms, Receipt

logger = logging.getLogger(__name__)
LONGEST_ID = 150
_LONGEST_CODE = 40


class StoringIntake:
    """The Intake of the provider called `name`."""

    def __init__(self, name: str, door: Door, joiner: Joiner, ledger: Ledger) -> None:
        self.name = name
        self._door, self._joiner, self._ledger = door, joiner, ledger

    async def message(self, sms: InboundSms) -> None:
        """Store a message, unless it is one that is never answered; see Intake."""
        _check_ids(sms.provider_id)
        try:
            number = self._door.number(sms.sender)
        except NumberRefused as refusal:
            logger.info("sms not answered", extra={"fault": refusal.fault})
            return
        own_id = sms.provider_id or self._door.content_ids.id_for(number, sms.text)
        message = InboundMessage(CHANNEL, f"{self.name}:{own_id}", number, sms.text, copy_within=sms.copy_within)
        if sms.joint is not None:
            await self._joiner.add(self.name, message, sms.joint)
        else:
            await self._door.accept(message)

    async def receipt(self, receipt: Receipt) -> None:
        """Keep a receipt; one that names no message of ours is logged. See Intake."""
        _check_ids(receipt.provider_id, receipt.submission_id)
        if not await self._ledger.receive(self.name, replace(receipt, code=plain(receipt.code))):
            logger.warning("sms receipt of an unknown message", extra={"provider": self.name})

    def strange_receipt(self, code: str) -> None:
        """See Intake: an alarm."""
        logger.error("sms receipt with an unknown code", extra={"provider": self.name, "code": plain(code)})


def _check_ids(*ids: str | None) -> None:
    """What the message log can hold: some databases refuse NUL, all refuse half a surrogate pair."""
    for value in ids:
        if value is not None and not (value.isprintable() and 0 < len(value) <= LONGEST_ID):
            raise MalformedRequest("an id is empty, too long or not printable")


def plain(code: str | None) -> str | None:
    """A provider's code as it may be logged and stored: a short word of ASCII, whatever it sent."""
    if code is None:
        return None
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in code[:_LONGEST_CODE])
