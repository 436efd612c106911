"""Callbacks of an agency: what is not verified is not read."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta, timezone

import pytest
from pydantic import SecretStr

from integrations.exchange import callbacks
from integrations.exchange.callbacks import LONGEST_BODY, TOLERANCE, CallbackRefused, read_callback, sign, signing_key
from integrations.exchange.errors import BadAnswer
from integrations.exchange.model import State

from . import openapi

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=timezone.utc)
AT = int(NOW.timestamp())
SECRET = signing_key(SecretStr("whsec_" + base64.b64encode(b"k" * 32).decode()))
OTHER = SecretStr("whsec_" + base64.b64encode(b"o" * 32).decode())
SENT = {"changes": openapi.DOCUMENT["components"]["examples"]["Changes"]["value"]["changes"]}
BODY = json.dumps(SENT, ensure_ascii=False).encode()


def headers(body: bytes = BODY, at: int = AT, secret: SecretStr = SECRET, **changes: str) -> dict[str, str]:
    made = {"id": "msg_1", "timestamp": str(at), "signature": sign("msg_1", at, body, secret)} | changes
    return {f"webhook-{name}": value for name, value in made.items()}


def read(given: dict[str, str], body: bytes = BODY, *secrets: SecretStr, now: datetime = NOW):
    return read_callback(given, body, secrets or (SECRET,), {"PENDING": State.SUBMITTED}, now)


def test_it_signs_as_the_published_example_of_standard_webhooks() -> None:
    secret = signing_key(SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    signature = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', secret)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_the_agency_signed_is_read() -> None:
    assert openapi.faults("Sent", SENT) == []
    callback = read(headers())
    assert callback.id == "msg_1" and callback.unreadable == ()
    assert [change.state for change in callback.changes] == [State.SUBMITTED, State.SENDBACK]


GOOD_SIGNATURE = sign("msg_1", AT, BODY, SECRET)
TAKEN = [
    {"signature": f"v1,{'A' * 43}= {GOOD_SIGNATURE}"},
    {"signature": f"v1a,x v2,y {GOOD_SIGNATURE}"},
]


@pytest.mark.parametrize("changes", TAKEN)
def test_one_of_several_signatures_is_enough(changes: dict[str, str]) -> None:
    assert read(headers(**changes)).id == "msg_1"


def test_either_of_two_secrets_while_they_are_changed() -> None:
    assert read(headers(), BODY, OTHER, SECRET).id == read(headers(secret=OTHER), BODY, OTHER, SECRET).id
    with pytest.raises(CallbackRefused):
        read(headers(), BODY, OTHER)


@pytest.mark.parametrize("seconds", [-TOLERANCE, TOLERANCE])
def test_clocks_may_differ_a_little(seconds: float) -> None:
    assert read(headers(), now=NOW + timedelta(seconds=seconds)).id == "msg_1"
    with pytest.raises(CallbackRefused, match="not of this time"):
        read(headers(), now=NOW + timedelta(seconds=seconds * 1.01))


REFUSED = [
    ({"id": ""}, "has no webhook-id"),
    ({"id": "a.1"}, "has no webhook-id"),  # a point in it could move the borders of what is signed
    ({"id": "x" * 101}, "has no webhook-id"),
    ({"timestamp": ""}, "has no webhook-id or webhook-timestamp"),
    ({"timestamp": "1e9"}, "has no webhook-id or webhook-timestamp"),
    ({"timestamp": f"{AT}\n"}, "has no webhook-id or webhook-timestamp"),
    ({"timestamp": "9" * 400}, "has no webhook-id or webhook-timestamp"),
    ({"timestamp": str(AT + 1)}, "is not signed"),
    ({"id": "msg_2"}, "is not signed"),
    ({"signature": ""}, "is not signed"),
    ({"signature": GOOD_SIGNATURE.removeprefix("v1,")}, "is not signed"),
    ({"signature": GOOD_SIGNATURE.replace("v1,", "v2,")}, "is not signed"),
    ({"signature": GOOD_SIGNATURE[:-2]}, "is not signed"),
    ({"signature": "v1,توقيع"}, "is not signed"),
    ({"signature": f"{'v1,x ' * 10}{GOOD_SIGNATURE}"}, "is not signed"),
    ({"signature": f"{GOOD_SIGNATURE}{' ' * 600}"}, "is not signed"),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED)
def test_what_is_refused_is_not_read(monkeypatch, changes: dict[str, str], message: str) -> None:
    monkeypatch.setattr(callbacks, "read_sent", lambda *_: pytest.fail("read before it was verified"))
    with pytest.raises(CallbackRefused, match=message) as refused:
        read(headers(**changes))
    assert refused.value.status == 401


@pytest.mark.parametrize(("body", "status"), [(BODY + b" ", 401), (b"", 401), (b"x" * (LONGEST_BODY + 1), 413)])
def test_another_body(body: bytes, status: int) -> None:
    with pytest.raises(CallbackRefused) as refused:
        read(headers(), body)
    assert refused.value.status == status


def test_one_too_long_is_refused_even_when_signed() -> None:
    body = b" " * (LONGEST_BODY + 1)
    with pytest.raises(CallbackRefused) as refused:
        read(headers(body), body)
    assert refused.value.status == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", json.dumps({"changes": [{}] * 501}).encode()])
def test_signed_and_not_as_described(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(headers(body), body)


def test_one_bad_change_does_not_hold_up_the_others() -> None:
    body = json.dumps({"changes": [{}, *SENT["changes"]]}).encode()
    callback = read(headers(body), body)
    assert len(callback.changes) == 2 and callback.unreadable == ("at, ended, status, subscription",)


@pytest.mark.parametrize("secret", ["hunter2", "whsec_", "whsec_" + base64.b64encode(b"k" * 23).decode(), "whsec_*"])
def test_a_secret_that_is_none(secret: str) -> None:
    with pytest.raises(ValueError, match=r"must be whsec_|is no base64") as wrong:
        signing_key(SecretStr(secret))
    assert "hunter2" not in str(wrong.value)
