"""The providers' callbacks: messages and delivery receipts. Verified first, stored next, acknowledged last."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from channels.body import read_body
from channels.errors import MalformedRequest, Unauthenticated
from channels.sms.addresses import Addresses
from channels.sms.errors import UnknownState
from channels.sms.inbound.intake import StoringIntake
from channels.sms.providers.base import CallingProvider, ProviderRequest

logger = logging.getLogger(__name__)


class Receiver:
    """Reads what one provider sends; `addresses` are those that it calls."""

    def __init__(self, provider: CallingProvider, addresses: Addresses, intake: StoringIntake) -> None:
        self._provider, self._addresses, self._intake = provider, addresses, intake

    async def inbound(self, request: web.Request) -> web.Response:
        """Take a message; 200 once it is stored, or when it is one that is never answered."""
        read = await self._read(request)
        try:
            sms = self._provider.parse_inbound(read)
            if sms is not None:
                await self._intake.message(sms)
        except (Unauthenticated, MalformedRequest) as fault:
            raise self._refusal(fault) from None
        return self._acknowledge()

    async def receipt(self, request: web.Request) -> web.Response:
        """Keep a receipt. One that names no message of ours, or with a strange code, is acknowledged all the same."""
        signed = self._submission(request.query)
        read = await self._read(request)
        try:
            receipt = self._provider.parse_receipt(read)
            if receipt is not None:
                await self._intake.receipt(replace(receipt, submission_id=signed or receipt.submission_id))
        except UnknownState as unknown:
            self._intake.strange_receipt(unknown.code)
        except (Unauthenticated, MalformedRequest) as fault:
            raise self._refusal(fault) from None
        return self._acknowledge()

    def _submission(self, query: Mapping[str, str]) -> str | None:
        """The submission that the address names, if it is signed by us."""
        if "m" not in query:
            return None
        submission = self._addresses.submission(query)
        if submission is None:
            raise web.HTTPForbidden
        return submission

    async def _read(self, request: web.Request) -> ProviderRequest:
        if not self._addresses.ours(request.match_info["secret"]):
            raise web.HTTPForbidden
        body = await read_body(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        return ProviderRequest(body, dict(request.query), headers, self._addresses.public(request.raw_path))

    def _refusal(self, fault: Exception) -> web.HTTPException:
        if isinstance(fault, Unauthenticated):
            return web.HTTPForbidden()
        extra = {"provider": self._intake.name, "fault": str(fault)}
        logger.warning("sms provider sent what cannot be read", extra=extra)
        return web.HTTPBadRequest()

    def _acknowledge(self) -> web.Response:
        acknowledgement = self._provider.acknowledgement
        return web.Response(text=acknowledgement.text, content_type=acknowledgement.content_type)
