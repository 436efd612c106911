"""Jasmin's answers and callbacks, against a small HTTP server that speaks as its sources do."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.contract import Accepted, Rejected, Retry, SendError, Unknown
from channels.errors import MalformedRequest
from channels.sms.channel import SmsChannel
from channels.sms.errors import UnknownState
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import DeliveryState, Joint, ProviderRequest, Submission
from channels.sms.providers.jasmin import JasminProvider, JasminSettings
from channels.sms.routing.route import Route
from tests.channels.sms.conftest import CITIZEN, PUBLIC, path_of

NAME = "8c1b2f0e-5b0c-4f0e-9f57-0d6c8f3a1b2c"


def jasmin(url: str = "http://127.0.0.1:1401", **changes: Any) -> JasminSettings:
    base = {"name": "jasmin", "sender": "8000", "username": "dalil", "password": "pw", "parts_per_second": 1000}
    return JasminSettings.model_validate(base | {"url": url} | changes)


def request(**fields: str) -> ProviderRequest:
    return ProviderRequest(urlencode(fields).encode())


async def submit(status: int, body: str, text: str = "كم الرسوم؟ 😀", encoding=Encoding.UCS2) -> Any:
    seen: list[dict[str, Any]] = []

    async def send(call: web.Request) -> web.Response:
        seen.append(dict(await call.post()))
        return web.Response(status=status, text=body)

    app = web.Application()
    app.router.add_post("/send", send)
    async with TestServer(app) as server:
        provider = JasminProvider(jasmin(str(server.make_url("/"))))
        await provider.start()
        receipts = "http://127.0.0.1/r?m=m1&s=x"
        outcome = await provider.submit(Submission("m1", CITIZEN, "8000", text, encoding, receipt_url=receipts))
        await provider.stop()
    return outcome, seen[0]


OUTCOMES = [
    (200, f'Success "{NAME}"', Accepted(NAME)),
    (400, 'Error "Argument [to] has an invalid value: [x]."', Rejected(SendError.RECIPIENT_REJECTED, "400")),
    (400, 'Error "Argument [dlr-url] has an invalid value"', Retry(SendError.NOT_CONFIGURED, code="400")),
    (400, 'Error "content or hex-content not present."', Rejected(SendError.CONTENT_REJECTED, "400")),
    (
        400,
        'Error "Authorization failed for user [d] (Long content not authorized)"',
        Retry(SendError.NOT_CONFIGURED, code="400"),
    ),
    (403, 'Error "Authentication failure for username:dalil"', Retry(SendError.NOT_CONFIGURED, code="403")),
    (403, 'Error "User throughput exceeded"', Retry(SendError.THROTTLED, code="403")),
    (412, 'Error "No route found"', Retry(SendError.UNAVAILABLE, code="412")),
    (503, 'Error "InterceptorPB not connected !"', Retry(SendError.UNAVAILABLE, code="503")),
    (500, 'Error "Cannot send submit_sm"', Unknown(SendError.RESPONSE_UNPARSEABLE, "500")),
    (200, "<html>", Unknown(SendError.RESPONSE_UNPARSEABLE, "200")),
    (412, "<html>", Unknown(SendError.RESPONSE_UNPARSEABLE, "412")),
]


@pytest.mark.parametrize(("status", "body", "outcome"), OUTCOMES)
async def test_what_jasmin_answers(status: int, body: str, outcome: object) -> None:
    assert (await submit(status, body))[0] == outcome


async def test_what_jasmin_is_given() -> None:
    _, arabic = await submit(200, f'Success "{NAME}"')
    assert bytes.fromhex(arabic["hex-content"]).decode("utf-16-be") == "كم الرسوم؟ 😀"
    assert (arabic["to"], arabic["from"], arabic["coding"]) == ("967771234567", "8000", "8")
    assert (arabic["dlr"], arabic["dlr-level"], arabic["dlr-method"]) == ("yes", "3", "POST")
    assert arabic["dlr-url"] == "http://127.0.0.1/r?m=m1&s=x"
    assert "validity-period" not in arabic and "content" not in arabic
    _, latin = await submit(200, f'Success "{NAME}"', "Fee: 5 €\nok", Encoding.GSM7)
    assert (latin["coding"], latin["content"].replace("\r\n", "\n")) == ("0", "Fee: 5 €\nok")


STATES = [
    ("ESME_ROK", DeliveryState.ACCEPTED),
    ("ESME_RINVDSTADR", DeliveryState.FAILED),
    ("DELIVRD", DeliveryState.DELIVERED),
    ("EXPIRED", DeliveryState.EXPIRED),
    ("UNDELIV", DeliveryState.FAILED),
    ("REJECTD", DeliveryState.FAILED),
    ("UNKNOWN", DeliveryState.UNKNOWN),
]


@pytest.mark.parametrize(("word", "state"), STATES)
def test_receipts(word: str, state: DeliveryState) -> None:
    receipt = JasminProvider(jasmin()).parse_receipt(request(id=NAME, message_status=word, level="1"))
    assert (receipt.state, receipt.provider_id, receipt.code) == (state, NAME, word)


ARABIC = "كم الرسوم؟".encode("utf-16-be").hex()
INBOUND = [
    ({"coding": "8", "binary": ARABIC}, "كم الرسوم؟", None),
    ({"coding": "\x08", "binary": ARABIC}, "كم الرسوم؟", None),
    ({"coding": "\x08", "binary": "050003070201" + ARABIC}, "كم الرسوم؟", Joint(7, 2, 1)),
    ({"coding": "\x00", "content": "fees", "binary": "66656573"}, "fees", None),
    ({"coding": "\x03", "binary": "e9"}, "é", None),
    ({"coding": "8", "binary": "050003070201" + ARABIC}, "كم الرسوم؟", Joint(7, 2, 1)),
    ({"coding": "0", "content": "fees"}, "fees", None),
    ({"coding": "3", "binary": "e9"}, "é", None),
]


@pytest.mark.parametrize(("fields", "text", "joint"), INBOUND)
def test_inbound(fields: dict[str, str], text: str, joint: Joint | None) -> None:
    sms = JasminProvider(jasmin()).parse_inbound(request(id=NAME, to="8000", **{"from": "967771234567"}, **fields))
    assert (sms.sender, sms.text, sms.joint, sms.provider_id) == ("967771234567", text, joint, NAME)


@pytest.mark.parametrize("binary", ["d83d", "064", "06", "zz", "06430a"])
def test_damaged_text_is_refused(binary: str) -> None:
    with pytest.raises(MalformedRequest):
        JasminProvider(jasmin()).parse_inbound(request(id=NAME, to="1", **{"from": "2"}, coding="8", binary=binary))


async def test_through_the_routes(settings, gateway, database) -> None:
    own = jasmin(gateway_url=PUBLIC)
    app = web.Application()
    app.add_routes(SmsChannel(settings, gateway, database, [Route(own, JasminProvider(own))]).routes())
    async with TestClient(TestServer(app)) as client:
        fields = {"id": NAME, "from": "967771234567", "to": "8000", "coding": "8", "binary": ARABIC}
        answer = await client.post(f"{path_of('jasmin')}/inbound", data=fields)
        assert (answer.status, await answer.text()) == (200, "ACK/Jasmin")
        assert [message.text for message in gateway.messages] == ["كم الرسوم؟"]
        for word in ("DELIVRD", "NEWCODE"):
            receipt = {"id": NAME, "message_status": word, "level": "2"}
            answer = await client.post(f"{path_of('jasmin')}/receipt", data=receipt)
            assert (answer.status, await answer.text()) == (200, "ACK/Jasmin")
        assert (await client.post(f"{path_of('jasmin')}/inbound", data=b"x")).status == 400


@pytest.mark.parametrize(
    "url", ["http://8.8.8.8:1401", "http://sms.example", "ftp://127.0.0.1", "x", "http://u@10.0.0.1"]
)
def test_the_password_goes_to_safe_addresses_only(url: str) -> None:
    with pytest.raises(ValidationError):
        jasmin(url)


@given(
    st.dictionaries(st.sampled_from(["id", "from", "to", "coding", "content", "binary", "message_status"]), st.text())
)
def test_fuzz_of_fields(fields: dict[str, str]) -> None:
    check(urlencode(fields, errors="surrogatepass").encode())


@given(st.binary())
def test_fuzz_of_bytes(body: bytes) -> None:
    check(body)
    check(f"id=1&from=2&to=3&coding=8&binary={body.hex()}".encode())


def check(body: bytes) -> None:
    provider = JasminProvider(jasmin())
    with contextlib.suppress(MalformedRequest):
        provider.parse_inbound(ProviderRequest(body))
    with contextlib.suppress(MalformedRequest, UnknownState):
        provider.parse_receipt(ProviderRequest(body))
