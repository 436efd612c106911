"""The SMS channel: the provider's callbacks in, parts out."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from aiohttp import web

from arabic import to_ascii_digits
from channels.body import read_body
from channels.contract import (
    Accepted,
    DeliveryReceipt,
    Gateway,
    InboundMessage,
    Limit,
    OutboundMessage,
    Payload,
    Rejected,
    Reply,
    SendError,
    SendOutcome,
)
from channels.errors import MalformedRequest, Unauthenticated
from channels.sms.errors import NumberRefused, TextUnsendable, UnknownState
from channels.sms.numbers import citizen_number, e164
from channels.sms.providers.base import InboundSms, ProviderRequest, Receipt, SmsProvider, Submission
from channels.sms.render import MORE_WORD, pages, reply_text
from channels.sms.repeats import ContentIds, LoopBreaker
from channels.sms.segments import split
from channels.sms.words import STARTED, STOPPED, Subscription, subscription_word
from settings import Settings

logger = logging.getLogger(__name__)
HOUR, DAY = 3600, 86400
LONGEST_ID = 150
Parsed = TypeVar("Parsed", InboundSms, Receipt)


class SmsChannel:
    """Receives at `/sms/<provider>/<secret>/inbound` and `/receipt`; sends through the provider."""

    name = "sms"

    def __init__(self, settings: Settings, gateway: Gateway, provider: SmsProvider) -> None:
        self._settings, self._gateway, self._provider = settings, gateway, provider
        self.limits = (Limit(settings.sms_messages_per_hour, HOUR), Limit(settings.sms_messages_per_day, DAY))
        self.idempotent, self.parallel = provider.idempotent, provider.parallel
        self._secret = settings.sms_secret.get_secret_value().encode()
        self._foreign = frozenset(int(code) for code in settings.sms_foreign_codes.split(",") if code)
        self._own = _own_numbers(settings.sms_sender)
        self._content_ids, self._loops = ContentIds(), LoopBreaker()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Where the provider calls. GET too, because some providers know nothing else."""
        base = f"/sms/{self._provider.name}/{{secret}}"
        return [
            web.route(method, f"{base}/{path}", handler)
            for path, handler in (("inbound", self._inbound), ("receipt", self._receipt))
            for method in ("GET", "POST")
        ]

    async def start(self) -> None:
        """Open the provider."""
        await self._provider.start()

    async def stop(self) -> None:
        """Close the provider."""
        await self._provider.stop()

    def render(self, reply: Reply) -> list[Payload]:
        """One text of at most three parts; the rest is held until the citizen sends "0"."""
        text = reply_text((message.text, [choice.title for choice in message.choices]) for message in reply.messages)
        return [Payload({"text": page}, held=place > 0) for place, page in enumerate(pages(text))]

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Submit one text; what it costs is recorded with it."""
        try:
            segments = split(str(message.body["text"]))
        except TextUnsendable:
            return Rejected(SendError.CONTENT_REJECTED)
        if not segments.units:
            return Rejected(SendError.CONTENT_REJECTED)
        self._content_ids.forget(message.address)
        outcome = await self._provider.submit(
            Submission(message.id, message.address, self._settings.sms_sender, segments)
        )
        if not isinstance(outcome, Accepted):
            return outcome
        parts = len(segments.parts)
        return replace(outcome, parts=parts, cost=parts * self._settings.sms_part_cost)

    async def _inbound(self, request: web.Request) -> web.Response:
        sms = await self._read(request, self._provider.parse_inbound)
        try:
            number = citizen_number(sms.sender, foreign_codes=self._foreign, own=self._own)
        except NumberRefused as refusal:
            logger.info("sms not answered", extra={"fault": refusal.fault})
            return self._acknowledge()
        message = self._message(number, sms)
        wish = message.opted_out is not None
        if not wish and self._loops.loops(number, message.text, message.external_id):
            logger.warning("sms not answered", extra={"fault": "loop"})
            return self._acknowledge()
        await self._gateway.accept(message)
        return self._acknowledge()

    def _message(self, number: str, sms: InboundSms) -> InboundMessage:
        own_id = sms.provider_id or self._content_ids.id_for(number, sms.text)
        message = InboundMessage(self.name, f"{self._provider.name}:{own_id}", number, sms.text)
        match subscription_word(sms.text):
            case Subscription.STOP:
                return replace(message, answer=STOPPED, opted_out=True)
            case Subscription.START:
                return replace(message, answer=STARTED, opted_out=False)
        return replace(message, more=to_ascii_digits(sms.text).strip() == MORE_WORD)

    async def _receipt(self, request: web.Request) -> web.Response:
        try:
            receipt = await self._read(request, self._provider.parse_receipt)
        except UnknownState:
            # Repeating it would not teach us the code: acknowledged, and an operator has to look.
            logger.error("sms receipt with an unknown code", extra={"provider": self._provider.name})
            return self._acknowledge()
        known = await self._gateway.record(
            DeliveryReceipt(self.name, receipt.state, receipt.message_id, receipt.provider_id)
        )
        if not known:
            logger.warning("sms receipt of an unknown message", extra={"provider": self._provider.name})
        return self._acknowledge()

    async def _read(self, request: web.Request, parse: Callable[[ProviderRequest], Parsed]) -> Parsed:
        if not hmac.compare_digest(request.match_info["secret"].encode("utf-8", "surrogateescape"), self._secret):
            raise web.HTTPForbidden
        body = await read_body(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            return _with_sound_ids(parse(ProviderRequest(body, dict(request.query), headers)))
        except Unauthenticated:
            raise web.HTTPForbidden from None
        except MalformedRequest as fault:
            logger.warning("sms provider sent what cannot be read", extra={"fault": str(fault)})
            raise web.HTTPBadRequest from None

    def _acknowledge(self) -> web.Response:
        acknowledgement = self._provider.acknowledgement
        return web.Response(text=acknowledgement.text, content_type=acknowledgement.content_type)


def _with_sound_ids(parsed: Parsed) -> Parsed:
    """What the message log can hold: some databases refuse NUL, all refuse half a surrogate pair."""
    for value in (parsed.provider_id, parsed.message_id if isinstance(parsed, Receipt) else None):
        if value is not None and not (value.isprintable() and 0 < len(value) <= LONGEST_ID):
            raise MalformedRequest("id is empty, too long, or not printable")
    return parsed


def _own_numbers(sender: str) -> frozenset[str]:
    try:
        return frozenset({e164(sender)})
    except NumberRefused:
        return frozenset()
