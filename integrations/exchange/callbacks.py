"""Changes that an agency sends by itself (the webhook of openapi.yaml): verified first, read after.

Signed as Standard Webhooks 1.0 says: HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`. A pure function: who
mounts it gives the headers, the body and the time, and sees to it that a callback which comes again is taken once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from integrations.exchange.errors import ExchangeError
from integrations.exchange.following import read_sent
from integrations.exchange.model import Change, State

LONGEST_BODY = 262_144
"""Bytes; whoever reads from the network reads no further than this."""
TOLERANCE = 300.0
"""Seconds that the sender's clock may differ, and a callback be kept back by whoever copied it."""
PREFIX = "whsec_"
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_LONGEST_SIGNATURES, _MOST_SIGNATURES = 600, 10


class CallbackRefused(ExchangeError):
    """It is not the agency's, or nobody can say that it is. `status`: what HTTP says, 401 or 413."""

    def __init__(self, why: str, status: int = 401) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Callback:
    """What came, once verified. id: the same when it is repeated. unreadable: as in `model.Changes`."""

    id: str
    changes: tuple[Change, ...]
    unreadable: tuple[str, ...] = ()


def signing_key(secret: SecretStr) -> SecretStr:
    """A secret as it is configured, checked.

    Raises:
        ValueError: it is not `whsec_` and the base64 of 24 to 64 bytes (the message does not repeat it).
    """
    if not 24 <= len(_bytes(secret)) <= 64:
        raise ValueError(f"must be {PREFIX} and the base64 of 24 to 64 bytes")
    return secret


def read_callback(
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[SecretStr],
    words: Mapping[str, State],
    now: datetime,
) -> Callback:
    """The changes in a callback of an agency.

    Args:
        headers: by names in lower case. body: exactly as it came.
        secrets: the agency's, as for `signing_key`; two while they are changed.
        words: the agency's own words of state (`Agency.words`). now: with its zone.

    Raises:
        CallbackRefused: too long, too old or early, or not signed with one of the secrets; nothing of it was read.
        BadAnswer: the agency signed what is not as openapi.yaml says.
    """
    if len(body) > LONGEST_BODY:
        raise CallbackRefused(f"is longer than {LONGEST_BODY} bytes", status=413)
    identifier, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(identifier) or not _TIMESTAMP.fullmatch(timestamp):
        raise CallbackRefused("has no webhook-id or webhook-timestamp")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE:
        raise CallbackRefused("is not of this time")
    signed = f"{identifier}.{timestamp}.".encode() + body
    if not _is_signed(signed, headers.get("webhook-signature", ""), secrets):
        raise CallbackRefused("is not signed with the agency's secret")
    changes, unreadable = read_sent(body, words)
    return Callback(identifier, changes, unreadable)


def sign(identifier: str, timestamp: int, body: bytes, secret: SecretStr) -> str:
    """The value of webhook-signature, as an agency makes it."""
    return f"v1,{_signature(f'{identifier}.{timestamp}.'.encode() + body, secret)}"


def _is_signed(signed: bytes, given: str, secrets: Sequence[SecretStr]) -> bool:
    """Whether one of the signatures is of one of the secrets; all are compared, whichever it is."""
    if len(given) > _LONGEST_SIGNATURES or not given.isascii():
        return False
    signatures = [one.removeprefix("v1,") for one in given.split(" ") if one.startswith("v1,")][:_MOST_SIGNATURES]
    expected = [_signature(signed, secret) for secret in secrets]
    return any([hmac.compare_digest(one, other) for one in signatures for other in expected])  # noqa: C419 - all


def _signature(signed: bytes, secret: SecretStr) -> str:
    return base64.b64encode(hmac.new(_bytes(secret), signed, hashlib.sha256).digest()).decode()


def _bytes(secret: SecretStr) -> bytes:
    """Raises ValueError where the secret is no base64."""
    try:
        return base64.b64decode(secret.get_secret_value().removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError("is no base64") from None
