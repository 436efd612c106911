"""Conversation ids: nobody who sees one can tell, or guess, whose it is without the key."""

from __future__ import annotations

import hashlib
import hmac


def conversation_id(key: str, channel: str, address: str) -> str:
    """HMAC-SHA256 of channel and address, 64 hex digits."""
    return hmac.new(key.encode(), f"{channel}|{address}".encode(), hashlib.sha256).hexdigest()
