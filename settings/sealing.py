"""A citizen's address on its way through a process that has no business with it.

On SMS the sender's number proves whose an application is, and the agency compares it. The gateway seals it; the
exchange opens it at the moment of asking. Rasa, actions, stores and logs between them see a text that means nothing to
anyone without the secret, and that fits one conversation for a few minutes.
"""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr

LONGEST = 500
"""Characters of a sealed address."""
_VALID = 600


class Envelopes:
    """Seals and opens, with the secret that gateway and assistant share."""

    def __init__(self, secret: SecretStr) -> None:
        key = hashlib.sha256(b"dalil address|" + secret.get_secret_value().encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, conversation: str, address: str) -> str:
        """The address, for this conversation only; readable for ten minutes."""
        return self._fernet.encrypt(json.dumps([conversation, address]).encode()).decode()

    def open(self, conversation: str, sealed: str) -> SecretStr | None:
        """The address; None when it was sealed with another secret, for another conversation, or too long ago."""
        if len(sealed) > LONGEST:
            return None
        try:
            owner, address = json.loads(self._fernet.decrypt(sealed, ttl=_VALID))
        except (InvalidToken, ValueError):
            return None
        return SecretStr(address) if owner == conversation else None
