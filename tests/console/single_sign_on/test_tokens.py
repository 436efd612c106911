"""Which tokens are believed: a good one, and the same with one thing wrong."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from console.single_sign_on import tokens
from console.single_sign_on.errors import NotProven
from console.single_sign_on.tokens import Audience, UnknownKey

ISSUER, CLIENT = "https://login.example", "dalil-console"
AUDIENCE = Audience(ISSUER, CLIENT)
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OTHER = RSAKey.generate_key(2048, {"kid": "other"})
KEYS = KeySet([RSA, EC])
LOGOUT = {"http://schemas.openid.net/event/backchannel-logout": {}}


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {"iss": ISSUER, "aud": CLIENT, "sub": "u-1", "iat": now, "exp": now + 300, "nonce": "n"}
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def signed(body: dict[str, Any], key: Any = RSA, alg: str = "RS256", kid: str = "rsa") -> str:
    return jwt.encode({"alg": alg, "kid": kid}, body, key, algorithms=[alg])


def account(token: str, access: str | None = None) -> tokens.Account:
    return tokens.account(token, KEYS, AUDIENCE, "n", access)


# Tokens are made by the test, not while tests are collected: they are good for five minutes.
@pytest.mark.parametrize(
    ("changed", "signature"),
    [
        ({}, ()),
        ({"aud": [CLIENT]}, ()),
        ({"aud": [CLIENT, "another"], "azp": CLIENT}, ()),
        ({}, (EC, "ES256", "ec")),
        ({}, (RSA, "PS256")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_good_token_says_who_it_is(changed: dict[str, Any], signature: tuple[Any, ...]) -> None:
    assert account(signed(claims(**changed), *signature)).subject == "u-1"


def test_it_says_how_and_when_they_proved_it() -> None:
    found = account(signed(claims(amr=["pwd", "otp", 7], auth_time=1000)))
    assert (found.methods, found.at) == ({"pwd", "otp"}, 1000)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["another"], "azp": CLIENT},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"auth_time": "now"},
        {"amr": "mfa"},
        {"at_hash": "x"},
    ],
    ids=str,
)
def test_a_token_with_one_thing_wrong_proves_nothing(changed: dict[str, Any]) -> None:
    with pytest.raises(NotProven):
        account(signed(claims(**changed)), "an access token")


def by_hand(alg: str, secret: bytes = b"") -> str:
    """What a forger makes: unsigned, or signed with what everybody knows."""
    head, body = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": alg}, claims()))
    seal = hmac.digest(secret, head + b"." + body, "sha256") if secret else b""
    return b".".join((head, body, urlsafe_b64encode(seal).rstrip(b"="))).decode()


FORGED: dict[str, Callable[[], str]] = {
    "unsigned": lambda: by_hand("none"),
    "unsigned, in capitals": lambda: by_hand("None"),
    "with the public key": lambda: by_hand("HS256", RSA.as_pem(private=False)),
    "without a signature": lambda: by_hand("RS256"),
    "with another key": lambda: signed(claims(), OTHER),
    "changed at its end": lambda: signed(claims())[:-9] + "AAAAAAAAA",
    "changed in its body": lambda: signed(claims()).replace(".", ".x", 1),
    "nothing": lambda: "",
    "no token": lambda: "a.b.c",
    "two parts": lambda: "a.b",
    "not ASCII": lambda: "é.é.é",
    "huge": lambda: "x" * 200_000,
    "a list": lambda: jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, b"[]", RSA),
    "not JSON": lambda: jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, b"not json", RSA),
    "not text": lambda: jws.serialize_compact({"alg": "RS256", "kid": "rsa"}, b"\xff", RSA),
}


@pytest.mark.parametrize("how", FORGED)
def test_what_is_not_signed_by_the_provider_proves_nothing(how: str) -> None:
    with pytest.raises(NotProven):
        account(FORGED[how]())


def test_a_key_that_is_not_known_is_said_to_be_one() -> None:
    with pytest.raises(UnknownKey):
        account(signed(claims(), OTHER, kid="other"))


def logout(**changed: Any) -> dict[str, Any]:
    return claims(**{"nonce": None, "events": LOGOUT, "jti": "1", **changed})


def test_a_logout_says_whose_sessions_end() -> None:
    assert tokens.ended(signed(logout()), KEYS, AUDIENCE) == "u-1"


@pytest.mark.parametrize(
    "changed",
    [
        {"events": None},
        {"events": {}},
        {"events": "x"},
        {"nonce": "n"},
        {"jti": None},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"iat": None},
        {"iat": "now"},
        {"iat": 1_000_000_000, "exp": None},
        {"exp": 1_000_000_000},
        {"sub": None, "sid": "only the session"},
    ],
    ids=str,
)
def test_no_session_ends_by_anything_else(changed: dict[str, Any]) -> None:
    with pytest.raises(NotProven):
        tokens.ended(signed(logout(**changed)), KEYS, AUDIENCE)


def test_a_log_in_is_no_logout_and_a_logout_no_log_in() -> None:
    with pytest.raises(NotProven):
        tokens.ended(signed(claims()), KEYS, AUDIENCE)
    with pytest.raises(NotProven):
        account(signed(logout()))
