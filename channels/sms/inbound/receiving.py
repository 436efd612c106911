"""The providers' callbacks: messages and delivery receipts. Verified first, stored next, acknowledged last."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from aiohttp import web

from channels.body import read_body
from channels.contract import InboundMessage
from channels.errors import MalformedRequest, Unauthenticated
from channels.sms.addresses import Addresses
from channels.sms.errors import NumberRefused, UnknownState
from channels.sms.inbound.door import CHANNEL, Door
from channels.sms.inbound.joining import Joiner
from channels.sms.outbound.ledger import Ledger
from channels.sms.providers.base import InboundSms, ProviderRequest, Receipt, SmsProvider

logger = logging.getLogger(__name__)
LONGEST_ID = 150
_LONGEST_CODE = 40
Parsed = TypeVar("Parsed", InboundSms, Receipt)


class Receiver:
    """Reads what one provider sends; `addresses` are those that it calls."""

    def __init__(
        self, name: str, provider: SmsProvider, addresses: Addresses, door: Door, joiner: Joiner, ledger: Ledger
    ) -> None:
        self._name, self._provider, self._addresses = name, provider, addresses
        self._door, self._joiner, self._ledger = door, joiner, ledger

    async def inbound(self, request: web.Request) -> web.Response:
        """Take a message; 200 once it is stored, or when it is one that is never answered."""
        sms = await self._read(request, self._provider.parse_inbound)
        if sms is None:
            return self._acknowledge()
        try:
            number = self._door.number(sms.sender)
        except NumberRefused as refusal:
            logger.info("sms not answered", extra={"fault": refusal.fault})
            return self._acknowledge()
        own_id = sms.provider_id or self._door.content_ids.id_for(number, sms.text)
        message = InboundMessage(CHANNEL, f"{self._name}:{own_id}", number, sms.text)
        if sms.joint is not None:
            await self._joiner.add(self._name, message, sms.joint)
        else:
            await self._door.accept(message)
        return self._acknowledge()

    async def receipt(self, request: web.Request) -> web.Response:
        """Keep a receipt. One that names no message of ours, or with a strange code, is acknowledged all the same."""
        signed = self._submission(request.query)
        try:
            receipt = await self._read(request, self._provider.parse_receipt)
        except UnknownState as unknown:
            # Repeating it would not teach us the code: acknowledged, and an operator has to look.
            code = _plain(unknown.code)
            logger.error("sms receipt with an unknown code", extra={"provider": self._name, "code": code})
            return self._acknowledge()
        if receipt is None:
            return self._acknowledge()
        receipt = replace(receipt, submission_id=signed or receipt.submission_id, code=_plain(receipt.code))
        if not await self._ledger.receive(self._name, receipt):
            logger.warning("sms receipt of an unknown message", extra={"provider": self._name})
        return self._acknowledge()

    def _submission(self, query: Mapping[str, str]) -> str | None:
        """The submission that the address names, if it is signed by us."""
        if "m" not in query:
            return None
        submission = self._addresses.submission(query)
        if submission is None:
            raise web.HTTPForbidden
        return submission

    async def _read(self, request: web.Request, parse: Callable[[ProviderRequest], Parsed | None]) -> Parsed | None:
        if not self._addresses.ours(request.match_info["secret"]):
            raise web.HTTPForbidden
        body = await read_body(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        url = self._addresses.public(request.raw_path)
        try:
            parsed = parse(ProviderRequest(body, dict(request.query), headers, url))
        except Unauthenticated:
            raise web.HTTPForbidden from None
        except MalformedRequest as fault:
            logger.warning("sms provider sent what cannot be read", extra={"provider": self._name, "fault": str(fault)})
            raise web.HTTPBadRequest from None
        return None if parsed is None else _with_sound_ids(parsed)

    def _acknowledge(self) -> web.Response:
        acknowledgement = self._provider.acknowledgement
        return web.Response(text=acknowledgement.text, content_type=acknowledgement.content_type)


def _with_sound_ids(parsed: Parsed) -> Parsed:
    """What the message log can hold: some databases refuse NUL, all refuse half a surrogate pair."""
    for value in (parsed.provider_id, parsed.submission_id if isinstance(parsed, Receipt) else None):
        if value is not None and not (value.isprintable() and 0 < len(value) <= LONGEST_ID):
            raise web.HTTPBadRequest
    return parsed


def _plain(code: str | None) -> str | None:
    """A provider's code as it may be logged and stored: a short word of ASCII, whatever it sent."""
    if code is None:
        return None
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in code[:_LONGEST_CODE])
