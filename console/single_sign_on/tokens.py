"""What a provider's signed tokens say, once it is proven that they are its own, ours, and of now.

ID tokens: OpenID Connect Core 1.0, 3.1.3.7. Logout tokens: Back-Channel Logout 1.0, 2.6.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from console.single_sign_on.errors import NotProven

# Whatever a provider lists: "none" proves nothing, and HS256 only that somebody has the client's secret.
ALGORITHMS = [f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)]
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
_ENDED = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_SECONDS = 600


class UnknownKey(NotProven):
    """Signed with a key that is not among the provider's: perhaps it has new ones."""


@dataclass(frozen=True)
class Account:
    """Somebody at the provider. `methods` is how they proved who they are (RFC 8176), `at` when, in Unix seconds."""

    subject: str
    methods: frozenset[str]
    at: float | None


@dataclass(frozen=True)
class Audience:
    """Whose tokens are believed, and for whom they must be."""

    issuer: str
    client_id: str


def account(token: str, keys: KeySet, audience: Audience, nonce: str, access_token: str | None) -> Account:
    """Who an ID token is about.

    Raises:
        NotProven: with the reason; UnknownKey when the key is none of these.
    """
    decoded = _decoded(token, keys)
    parameters = {"nonce": nonce, "client_id": audience.client_id, "access_token": access_token}
    claims = CodeIDToken(decoded.claims, decoded.header, _wanted(audience), parameters)
    try:
        claims.validate(leeway=LEEWAY_SECONDS)
    except JoseError as error:
        raise NotProven(f"the ID token: {error}") from error
    return Account(_subject(claims), _methods(claims), claims.get("auth_time"))


def ended(token: str, keys: KeySet, audience: Audience) -> str:
    """Whose sessions end, as a logout token says. Raises as `account` does."""
    claims = _decoded(token, keys).claims
    events = claims.get("events")
    if not isinstance(events, dict) or _ENDED not in events or "nonce" in claims or not claims.get("jti"):
        raise NotProven("not a logout token")
    try:
        JWTClaimsRegistry(leeway=LEEWAY_SECONDS, **_wanted(audience)).validate(claims)
    except JoseError as error:
        raise NotProven(f"the logout token: {error}") from error
    if time.time() - claims["iat"] > _LOGOUT_SECONDS:
        raise NotProven("the logout token is old")
    return _subject(claims)


def _decoded(token: str, keys: KeySet) -> jwt.Token:
    try:
        decoded = jwt.decode(token, keys, registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False))
    except InvalidKeyIdError as error:
        raise UnknownKey(str(error)) from error
    except (JoseError, ValueError, TypeError) as error:
        raise NotProven(f"a token that is not signed as it must be: {error}") from error
    if not isinstance(decoded.claims, dict):
        raise NotProven("a token without claims")
    return decoded


def _wanted(audience: Audience) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": audience.issuer},
        "aud": {"essential": True, "value": audience.client_id},
        "iat": {"essential": True},
    }


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotProven("a token without a subject")
    return subject


def _methods(claims: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(method for method in claims.get("amr") or () if isinstance(method, str))
