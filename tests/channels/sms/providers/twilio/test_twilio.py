"""Twilio's documented webhooks, signatures and answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.contract import Accepted, Rejected, Retry, SendError, Unknown
from channels.errors import MalformedRequest, Unauthenticated
from channels.sms.errors import UnknownState
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import DeliveryState, ProviderRequest, Receipt, Submission
from channels.sms.providers.twilio import TwilioProvider, TwilioSettings
from channels.sms.providers.twilio.provider import signature

TOKEN = "12345"
URL = "https://dalil.example/sms/abroad/secret/inbound?m=1"
INBOUND = {"MessageSid": "SM1", "From": "+967771234567", "To": "+15005550006", "Body": "كم رسوم الجواز؟ 🙂"}


def made(url: str = "http://127.0.0.1:9") -> TwilioProvider:
    own = {"name": "abroad", "sender": "+15005550006", "url": url, "account_sid": "AC1", "auth_token": TOKEN}
    return TwilioProvider(TwilioSettings.model_validate(own))


def signed(fields: dict[str, str], url: str = URL, token: str = TOKEN) -> ProviderRequest:
    headers = {"x-twilio-signature": signature(token.encode(), url, list(fields.items()))}
    return ProviderRequest(urlencode(fields).encode(), headers=headers, url=url)


def test_the_signature_of_the_documentation() -> None:
    fields = {"Digits": "1234", "To": "+18005551212", "From": "+14158675310", "Caller": "+14158675310"}
    pairs = [("CallSid", "CA1234567890ABCDE"), *fields.items()]
    right = "GvWf1cFY/Q7PnoempGyD5oXAezc="
    assert signature(b"12345", "https://mycompany.com/myapp.php?foo=1&bar=2", pairs) == right


def test_a_message() -> None:
    sms = made().parse_inbound(signed(INBOUND))
    assert (sms.sender, sms.text, sms.provider_id) == (INBOUND["From"], INBOUND["Body"], "SM1")


def test_only_signed_calls_are_read() -> None:
    right = signed(INBOUND)
    changed = ProviderRequest(right.body.replace(b"1234567", b"1234568"), headers=right.headers, url=URL)
    elsewhere = ProviderRequest(right.body, headers=right.headers, url=URL + "1")
    for request in (signed(INBOUND, token="x"), ProviderRequest(right.body, url=URL), changed, elsewhere):
        with pytest.raises(Unauthenticated):
            made().parse_inbound(request)


RECEIPTS = [
    ({"MessageStatus": "sent"}, DeliveryState.ACCEPTED, "sent"),
    ({"MessageStatus": "delivered"}, DeliveryState.DELIVERED, "delivered"),
    ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, DeliveryState.FAILED, "30003"),
]


@pytest.mark.parametrize(("fields", "state", "code"), RECEIPTS, ids=range(3))
def test_receipts(fields: dict[str, str], state: DeliveryState, code: str) -> None:
    receipt = made().parse_receipt(signed(fields | {"MessageSid": "SM1"}))
    assert receipt == Receipt(state, provider_id="SM1", code=code)


def test_what_is_not_in_the_table_is_no_guess() -> None:
    with pytest.raises(UnknownState):
        made().parse_receipt(signed({"MessageSid": "SM1", "MessageStatus": "teleported"}))
    with pytest.raises(MalformedRequest):
        made().parse_receipt(signed({"MessageSid": "SM1"}))
    with pytest.raises(MalformedRequest):
        made().parse_inbound(ProviderRequest(b"Body=%ff", url=URL))


ANSWERS = [
    (201, {"sid": "SM1"}, Accepted("SM1")),
    (400, {"code": 21211}, Rejected(SendError.RECIPIENT_REJECTED, "21211")),
    (401, {"code": 20003}, Retry(SendError.NOT_CONFIGURED, 3.0, "20003")),
    (429, {"code": 20429}, Retry(SendError.THROTTLED, 3.0, "20429")),
    (503, {}, Retry(SendError.UNAVAILABLE, 3.0, "503")),
    (400, {"code": 99999}, Unknown(SendError.RESPONSE_UNPARSEABLE, "400")),
    (400, {"code": []}, Unknown(SendError.RESPONSE_UNPARSEABLE, "400")),
    (500, {}, Unknown(SendError.RESPONSE_UNPARSEABLE, "500")),
]


@pytest.mark.parametrize(("status", "body", "outcome"), ANSWERS, ids=range(len(ANSWERS)))
async def test_submissions(status: int, body: dict[str, Any], outcome: object) -> None:
    seen: list[Any] = []

    async def messages(request: web.Request) -> web.Response:
        seen.append(dict(await request.post()))
        return web.json_response(body, status=status, headers={"Retry-After": "3"})

    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/AC1/Messages.json", messages)
    async with TestServer(app) as server:
        provider = made(str(server.make_url("")))
        await provider.start()
        sent = Submission("m1", "+967771234567", "+15005550006", "الرسوم", Encoding.UCS2, receipt_url="http://r/")
        assert await provider.submit(sent) == outcome
        await provider.stop()
    assert (seen[0]["Body"], seen[0]["ValidityPeriod"], seen[0]["StatusCallback"]) == ("الرسوم", "36000", "http://r/")
