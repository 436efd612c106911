"""SMSGate's documented webhooks and answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.contract import Accepted, Rejected, Retry, SendError, Unknown
from channels.errors import MalformedRequest, Unauthenticated
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import DeliveryState, ProviderRequest, Receipt, Submission
from channels.sms.providers.smsgate import SmsGateProvider, SmsGateSettings

KEY = "a-key-of-the-tests"
RECEIVED = {
    "messageId": "abc123",
    "message": "كم رسوم الجواز؟",
    "sender": "771234567",
    "receivedAt": "2026-11-26T10:00:00",
}


def made(url: str = "http://127.0.0.1:9") -> SmsGateProvider:
    own = {"name": "phone", "sender": "777000000", "url": url, "username": "u", "password": "p", "signing_key": KEY}
    return SmsGateProvider(SmsGateSettings.model_validate(own))


def signed(event: Any, *, key: str = KEY, late: int = 0) -> ProviderRequest:
    body, at = json.dumps(event).encode(), str(int(time.time()) - late)
    signature = hmac.new(key.encode(), body + at.encode(), hashlib.sha256).hexdigest()
    return ProviderRequest(body, headers={"x-signature": signature, "x-timestamp": at})


def test_a_message_and_its_repetition() -> None:
    first = made().parse_inbound(signed({"event": "sms:received", "id": "1", "payload": RECEIVED}))
    again = made().parse_inbound(signed({"event": "sms:received", "id": "2", "payload": RECEIVED}))
    assert first == again
    assert first is not None
    assert (first.sender, first.text) == ("771234567", "كم رسوم الجواز؟")
    assert made().parse_inbound(signed({"event": "system:ping", "payload": {}})) is None


STATES = [
    ("sms:sent", DeliveryState.ACCEPTED),
    ("sms:delivered", DeliveryState.DELIVERED),
    ("sms:failed", DeliveryState.FAILED),
]


@pytest.mark.parametrize(("event", "state"), STATES)
def test_receipts(event: str, state: DeliveryState) -> None:
    request = signed({"event": event, "payload": {"messageId": "m1"}})
    assert made().parse_receipt(request) == Receipt(state, submission_id="m1", code=event)


def test_only_signed_and_recent_calls_are_read() -> None:
    event = {"event": "sms:received", "payload": RECEIVED}
    right = signed(event)
    changed = ProviderRequest(right.body.replace(b"771234567", b"771234568"), headers=right.headers)
    for request in (signed(event, key="x"), signed(event, late=301), ProviderRequest(right.body), changed):
        with pytest.raises(Unauthenticated):
            made().parse_inbound(request)


@pytest.mark.parametrize("event", [[], {"event": "sms:received"}, {"event": 1, "payload": {}}], ids=range(3))
def test_what_cannot_be_read(event: Any) -> None:
    with pytest.raises(MalformedRequest):
        made().parse_inbound(signed(event))


ANSWERS = [
    (202, Accepted("m1")),
    (409, Accepted()),
    (400, Rejected(SendError.CONTENT_REJECTED, "400")),
    (401, Retry(SendError.NOT_CONFIGURED, 7.0, "401")),
    (503, Retry(SendError.THROTTLED, 7.0, "503")),
    (500, Unknown(SendError.RESPONSE_UNPARSEABLE, "500")),
]


@pytest.mark.parametrize(("status", "outcome"), ANSWERS)
async def test_submissions(status: int, outcome: object) -> None:
    seen: list[Any] = []

    async def messages(request: web.Request) -> web.Response:
        seen.append((request.headers["Authorization"], await request.json()))
        return web.json_response({}, status=status, headers={"Retry-After": "7"})

    app = web.Application()
    app.router.add_post("/messages", messages)
    async with TestServer(app) as server:
        provider = made(str(server.make_url("")))
        await provider.start()
        assert await provider.submit(Submission("m1", "+967771234567", "x", "الرسوم", Encoding.UCS2)) == outcome
        await provider.stop()
    [(authorization, message)] = seen
    assert authorization == "Basic dTpw"
    assert (message["id"], message["textMessage"], message["phoneNumbers"]) == (
        "m1",
        {"text": "الرسوم"},
        ["+967771234567"],
    )
