"""Passwords: argon2id with the library's defaults (64 MiB, 3 passes, 4 lanes; RFC 9106's second choice).

Checking one takes a processor some 50 ms and 64 MiB, so two are checked at a time, in threads.
"""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 200
_READ_FOR_STRENGTH = 72  # zxcvbn takes seconds for what is very long
_STRONG_ENOUGH = 3
_AT_ONCE = 2
TOO_SHORT = "كلمة السر أقصر من {least} حرفًا. اكتب عبارة أطول، من أربع كلمات مثلًا."
TOO_LONG = "كلمة السر أطول من {most} حرف."
TOO_WEAK = "كلمة السر سهلة التخمين. اختر كلمات لا علاقة بينها ولا باسمك."


def fault_of(password: str, name: str) -> tuple[str, dict[str, int]] | None:
    """What is wrong with a new password of somebody, as an Arabic sentence with its values; None when it may be used.

    Strength is zxcvbn's score from 0 to 4 (Wheeler, USENIX Security 2016), which knows the usual lists.
    """
    if len(password) < SHORTEST:
        return TOO_SHORT, {"least": SHORTEST}
    if len(password) > LONGEST:
        return TOO_LONG, {"most": LONGEST}
    if zxcvbn(password[:_READ_FOR_STRENGTH], [name, "dalil"])["score"] < _STRONG_ENOUGH:
        return TOO_WEAK, {}
    return None


class Passwords:
    """Hashes and checks; an unknown name takes as long as a known one."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """The string to keep."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def check(self, password: str, kept: str | None) -> bool:
        """Whether it is the password of `kept`; False, after as long a time, when there is none."""
        async with self._turns:
            right = await asyncio.to_thread(self._verify, password[: LONGEST + 1], kept or self._nobody)
        return right and kept is not None

    def is_old(self, kept: str) -> bool:
        """Whether it was hashed with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
