"""What Kannel answers and calls, as captured from Kannel 1.4.5; test_real.py talks to a Kannel itself."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from yarl import URL

from channels.contract import Accepted, Rejected, Retry, SendError, Unknown
from channels.errors import MalformedRequest
from channels.sms.channel import SmsChannel
from channels.sms.errors import UnknownState
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import DeliveryState, Joint, ProviderRequest, Submission
from channels.sms.providers.kannel import KannelProvider, KannelSettings
from channels.sms.providers.kannel.trial import Trial
from channels.sms.routing.route import Route
from tests.channels.sms.conftest import CITIZEN, PUBLIC, addresses, path_of

ID = "19c02c41-33ea-47bf-b367-c826b2e92e9b"


def kannel(url: str = "http://127.0.0.1:13013", **changes: Any) -> KannelSettings:
    base = {"name": "kannel", "sender": "8000", "username": "dalil", "password": "pw", "parts_per_second": 1000}
    return KannelSettings.model_validate(base | {"url": url} | changes)


def called(body: bytes, content_type: str, **headers: str) -> ProviderRequest:
    """A call of post-url: the header names are Kannel's, in lower case as the channel gives them."""
    base = {"content-type": content_type, "x-kannel-from": "967771234567", "x-kannel-to": "8000"}
    return ProviderRequest(body, {"id": ID}, base | {name.replace("_", "-"): value for name, value in headers.items()})


async def submit(status: int, answer: str, settings: dict[str, Any] | None = None, **changes: Any) -> Any:
    seen: list[tuple[dict[str, str], str]] = []

    async def sendsms(call: web.Request) -> web.Response:
        seen.append((dict(call.headers), await call.text()))
        return web.Response(status=status, text=answer, content_type="text/html")

    app = web.Application()
    app.router.add_post("/cgi-bin/sendsms", sendsms)
    async with TestServer(app) as server:
        provider = KannelProvider(kannel(str(server.make_url("/")), **settings or {}))
        await provider.start()
        base = {"id": "m1", "to": CITIZEN, "sender": "8000", "text": "كم الرسوم؟ 😀", "encoding": Encoding.UCS2}
        outcome = await provider.submit(Submission(**base | {"receipt_url": "http://127.0.0.1/r?m=m1&s=x"} | changes))
        await provider.stop()
    return outcome, *seen[0]


OUTCOMES = [
    (202, "0: Accepted for delivery", Accepted()),
    (202, "3: Queued for later delivery", Accepted()),
    (503, "Temporal failure, try again later.", Retry(SendError.UNAVAILABLE, code="503")),
    (403, "Authorization failed for sendsms", Retry(SendError.NOT_CONFIGURED, code="403")),
    (403, "Not routable. Do not try again.", Retry(SendError.NO_ROUTE, code="403")),
    (400, "Empty receiver number not allowed, rejected", Rejected(SendError.RECIPIENT_REJECTED, "400")),
    (
        400,
        "Number(s) has/have been denied by white- and/or black-lists.",
        Rejected(SendError.RECIPIENT_REJECTED, "400"),
    ),
    (400, "Sender missing and no global set, rejected", Retry(SendError.NOT_CONFIGURED, code="400")),
    (400, "Something new, rejected", Unknown(SendError.RESPONSE_UNPARSEABLE, "400")),
    (202, "<html>", Unknown(SendError.RESPONSE_UNPARSEABLE, "202")),
    (500, "0: Accepted for delivery", Unknown(SendError.RESPONSE_UNPARSEABLE, "500")),
]


@pytest.mark.parametrize(("status", "answer", "outcome"), OUTCOMES)
async def test_what_kannel_answers(status: int, answer: str, outcome: object) -> None:
    assert (await submit(status, answer))[0] == outcome


async def test_what_kannel_is_given() -> None:
    _, headers, text = await submit(202, "0: Accepted for delivery", joint=Joint(7, 3, 2), valid_seconds=5400)
    assert text == "كم الرسوم؟ 😀"
    assert headers["Content-Type"] == "text/plain; charset=UTF-8"
    given = {name: headers[f"X-Kannel-{name}"] for name in ("Username", "Password", "To", "From", "Coding", "UDH")}
    expected = {"Username": "dalil", "Password": "pw", "To": CITIZEN, "From": "8000"}
    assert given == expected | {"Coding": "2", "UDH": "050003070302"}
    assert (headers["X-Kannel-DLR-Mask"], headers["X-Kannel-Validity"]) == ("31", "90")
    assert headers["X-Kannel-DLR-URL"] == "http://127.0.0.1/r?m=m1&s=x&state=%d&code=%A"
    assert "X-Kannel-SMSC" not in headers


async def test_one_part_of_latin_letters_through_one_operator() -> None:
    latin = {"text": "Fee: 5 €", "encoding": Encoding.GSM7, "valid_seconds": 5}
    _, headers, text = await submit(202, "0: Accepted for delivery", {"smsc": "yemen-mobile"}, **latin)
    assert (text, headers["X-Kannel-Coding"], headers["X-Kannel-SMSC"]) == ("Fee: 5 €", "0", "yemen-mobile")
    assert headers["X-Kannel-Validity"] == "1"
    assert "X-Kannel-UDH" not in headers


EXPIRED = "id:7 sub:001 dlvrd:000 submit date:2611261830 done date:2611271830 stat:EXPIRED err:003 text:رسوم"
STATES = [
    ("1", "", DeliveryState.DELIVERED, "1"),
    ("1", EXPIRED.replace("EXPIRED err:003", "DELIVRD err:000"), DeliveryState.DELIVERED, "DELIVRD 000"),
    ("2", "", DeliveryState.FAILED, "2"),
    ("2", EXPIRED, DeliveryState.EXPIRED, "EXPIRED 003"),
    ("2", EXPIRED.replace("EXPIRED", "UNDELIV"), DeliveryState.FAILED, "UNDELIV 003"),
    ("4", "", DeliveryState.ACCEPTED, "4"),
    ("8", "ACK/", DeliveryState.ACCEPTED, "8"),
    ("16", "NACK/0x0000000b/Invalid Destination Address", DeliveryState.FAILED, "0x0000000b"),
]


@pytest.mark.parametrize(("bit", "reply", "state", "code"), STATES)
def test_receipts(bit: str, reply: str, state: DeliveryState, code: str) -> None:
    receipt = KannelProvider(kannel()).parse_receipt(ProviderRequest(b"", {"state": bit, "code": reply}))
    assert (receipt.state, receipt.code) == (state, code)


@pytest.mark.parametrize("bit", ["3", "", "08", "٨"])
def test_a_receipt_that_is_in_no_table(bit: str) -> None:
    with pytest.raises(UnknownState):
        KannelProvider(kannel()).parse_receipt(ProviderRequest(b"", {"state": bit}))


UTF16 = 'text/plain; charset="UTF-16BE"'
UTF8 = 'text/plain; charset="UTF-8"'
INBOUND = [
    (called("كم الرسوم؟ 😀".encode("utf-16-be"), UTF16, x_kannel_coding="2"), "كم الرسوم؟ 😀", None),
    (called(b"fees", UTF8, x_kannel_coding="0"), "fees", None),
    (called("كم".encode("utf-16-be"), UTF16, x_kannel_udh="050003070201"), "كم", Joint(7, 2, 1)),
    (called("كم".encode("utf-16-be"), UTF16, x_kannel_udh="060804010F0202"), "كم", Joint(0x010F, 2, 2)),
    (called("كم".encode("utf-16-be"), UTF16, x_kannel_udh="0605040B8423F0"), "كم", None),
    (called("كم".encode("utf-16-be"), UTF16, x_kannel_udh="050003070203"), "كم", None),
    (called(b"", UTF8), "", None),
]


@pytest.mark.parametrize(("request_", "text", "joint"), INBOUND)
def test_inbound(request_: ProviderRequest, text: str, joint: Joint | None) -> None:
    sms = KannelProvider(kannel()).parse_inbound(request_)
    assert sms is not None
    assert (sms.sender, sms.text, sms.joint, sms.provider_id) == ("967771234567", text, joint, ID)


def test_data_for_a_program_is_not_answered() -> None:
    assert KannelProvider(kannel()).parse_inbound(called(b"\xe9\xff", "application/octet-stream")) is None


MALFORMED = [
    called(b"\x06", UTF16),
    called(b"\xd8\x3d", UTF16),
    called(b"\xff", UTF8),
    called(b"x", "text/plain; charset=x-unknown"),
    called(b"x", UTF8, x_kannel_udh="zz"),
    ProviderRequest(b"x", {"id": ID}, {"content-type": UTF8}),
    ProviderRequest(b"x", {}, {"content-type": UTF8, "x-kannel-from": "967771234567", "x-kannel-to": "8000"}),
]


@pytest.mark.parametrize("request_", MALFORMED)
def test_what_cannot_be_read_is_refused(request_: ProviderRequest) -> None:
    with pytest.raises(MalformedRequest):
        KannelProvider(kannel()).parse_inbound(request_)


async def test_through_the_routes(settings, gateway, database, say, messages) -> None:
    own = kannel(gateway_url=PUBLIC)
    provider = KannelProvider(own)
    app = web.Application()
    app.add_routes(SmsChannel(settings, gateway, database, [Route(own, provider)]).routes())
    async with TestClient(TestServer(app)) as client:
        headers = {"Content-Type": UTF16, "X-Kannel-From": "967771234567", "X-Kannel-To": "8000"}
        body = "كم الرسوم؟".encode("utf-16-be")
        answer = await client.post(f"{path_of('kannel')}/inbound?id={ID}", data=body, headers=headers)
        assert (answer.status, await answer.text()) == (200, "")
        assert [message.text for message in gateway.messages] == ["كم الرسوم؟"]
        receipt = URL(addresses("kannel").receipt("0" * 32).removeprefix(PUBLIC), encoded=True)
        for query in ("&state=8&code=ACK%2F", "&state=77&code="):
            answer = await client.get(URL(f"{receipt}{query}", encoded=True))
            assert (answer.status, await answer.text()) == (200, "")
        forged = URL(f"{path_of('kannel')}/receipt?m={'0' * 32}&s=x&state=1&code=", encoded=True)
        assert (await client.get(forged)).status == 403


@pytest.mark.parametrize("url", ["http://8.8.8.8:13013", "http://sms.example", "ftp://127.0.0.1", "x"])
def test_the_password_goes_to_safe_addresses_only(url: str) -> None:
    with pytest.raises(ValidationError):
        kannel(url)


def test_the_configuration_of_the_documentation(tmp_path) -> None:
    trial = Trial(tmp_path, "http://127.0.0.1:1/in", password="pw")
    trial.write(http_queue_delay="1")
    text = trial.configuration.read_text()
    for line in ("http-queue-delay = 1", "http-request-retry = 8640", 'post-url = "http://127.0.0.1:1/in?id=%I"'):
        assert line in text.splitlines()
    assert "smpp" not in text
    assert text.count("group = smsc\n") == 1


HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "x-kannel-from", "x-kannel-to", "x-kannel-udh"]),
    st.text() | st.sampled_from([UTF8, UTF16, "050003070201", "06080401"]),
)


@given(st.binary(), HEADERS, st.dictionaries(st.sampled_from(["id", "state", "code"]), st.text()))
def test_fuzz(body: bytes, headers: dict[str, str], query: dict[str, str]) -> None:
    """Nothing but what the contract names is raised, and nothing half-read is given."""
    provider = KannelProvider(kannel())
    with contextlib.suppress(MalformedRequest):
        sms = provider.parse_inbound(ProviderRequest(body, query, headers))
        assert sms is None or (sms.provider_id, sms.sender) == (query["id"], headers["x-kannel-from"])
    with contextlib.suppress(MalformedRequest, UnknownState):
        receipt = provider.parse_receipt(ProviderRequest(body, query, headers))
        assert receipt.state in DeliveryState and query["state"] in ("1", "2", "4", "8", "16")
