"""The second step of a log-in: time-based codes (RFC 6238: SHA-1, 30 s, 6 digits) and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr

from arabic import normalise

_STEP = 30
_DRIFT = (-1, 0, 1)
RECOVERY_CODES = 10
_RECOVERY_CHARS = 10  # of base32: 50 bits
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Vault:
    """Seals secrets with the console's key, so that the database alone opens nothing; `use` parts them by their use."""

    def __init__(self, key: SecretStr, use: str = "totp") -> None:
        derived = hashlib.sha256(f"dalil {use}|{key.get_secret_value()}".encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, secret: str) -> str:
        """For the database."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str, seconds: int | None = None) -> str | None:
        """The secret; None when it was sealed with another key, or longer ago than so many seconds."""
        try:
            return self._fernet.decrypt(sealed.encode("utf-8", "surrogatepass"), ttl=seconds).decode()
        except InvalidToken:
            return None


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, last_step: int, now: float | None = None) -> int | None:
    """The time step that a code is of, a step early or late at most; None when it is wrong or was used before."""
    code = "".join(normalise(code).split())
    if len(code) != 6 or not code.isdecimal():
        return None
    current = int((time.time() if now is None else now) // _STEP)
    codes = pyotp.TOTP(secret)
    for step in (current + drift for drift in _DRIFT):
        if step > last_step and hmac.compare_digest(codes.at(step * _STEP).encode(), code.encode()):
            return step
    return None


def picture(secret: str, name: str) -> str:
    """The QR code that an authenticator scans, as a data: address of an SVG."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Dalil")
    return segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff")


def new_recovery_codes() -> list[str]:
    """Ten codes such as "ABCDE-FGH23"."""
    raw = ["".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_CHARS)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in raw]


def recovery_digest(code: str) -> str:
    """What is kept of a recovery code, however it was typed; it needs no slow hash, being random itself."""
    plain = "".join(character for character in code.upper() if character in _ALPHABET)
    return hashlib.sha256(f"recovery|{plain}".encode()).hexdigest()
