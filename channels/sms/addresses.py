"""The addresses that providers call, each with a secret of its own made from one key.

An address that leaks lets its finder speak for one provider only. A receipt's address also names the submission and is
signed, for providers that sign nothing themselves (Kannel, Jasmin).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

_SECRET, _SIGNATURE = 32, 20
"""Hexadecimal digits: 128 and 80 bits."""


class Addresses:
    """`gateway` is the gateway's address as its provider reaches it."""

    def __init__(self, key: str, provider: str, gateway: str) -> None:
        self._key, self._provider, self._gateway = key.encode(), provider, gateway.rstrip("/")

    @property
    def base(self) -> str:
        """The common part, without `/inbound` or `/receipt`."""
        return f"{self._gateway}/sms/{self._provider}/{self._secret()}"

    def receipt(self, submission_id: str) -> str:
        """Where receipts of one submission go."""
        return f"{self.base}/receipt?m={submission_id}&s={self._signature(submission_id)}"

    def public(self, path: str) -> str:
        """The whole address under which the provider has called `path` (with its query)."""
        return self._gateway + path

    def ours(self, secret: str) -> bool:
        """Whether a called address has the right secret."""
        return _same(secret, self._secret())

    def submission(self, query: Mapping[str, str]) -> str | None:
        """The submission that a receipt's address names; None when it names none or is not signed by us."""
        named = query.get("m", "")
        return named if named and _same(query.get("s", ""), self._signature(named)) else None

    def _secret(self) -> str:
        return self._digest(f"sms-address|{self._provider}")[:_SECRET]

    def _signature(self, submission_id: str) -> str:
        return self._digest(f"sms-receipt|{self._provider}|{submission_id}")[:_SIGNATURE]

    def _digest(self, what: str) -> str:
        return hmac.new(self._key, what.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode())
