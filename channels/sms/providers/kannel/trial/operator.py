"""An operator that speaks the protocol of Kannel's own test operator (gw/smsc/smsc_fake.c): one line a message.

bearerbox itself reports each message as taken and as delivered.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

from channels.sms.providers.base import Joint
from channels.sms.providers.udh import joint_of


@dataclass(frozen=True)
class Handed:
    """What bearerbox handed over for a telephone."""

    sender: str
    to: str
    text: str
    joint: Joint | None


class Operator:
    """Connects to bearerbox; `on_message` hears what goes to telephones."""

    def __init__(self, port: int, on_message: Callable[[Handed], object]) -> None:
        self._port, self._on_message = port, on_message
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Connect and begin to listen; bearerbox opens the port some time after its others."""
        while True:
            try:
                reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
                break
            except OSError:
                await asyncio.sleep(0.1)
        self._reading = asyncio.create_task(self._read(reader))

    async def close(self) -> None:
        """Disconnect."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()

    async def send(self, sender: str, to: str, text: str) -> None:
        """A citizen's message, as a telephone sends Arabic."""
        await self.send_line(f"{sender} {to} ucs2 {quote_from_bytes(text.encode('utf-16-be'), safe='')}")

    async def send_line(self, line: str) -> None:
        """One line as it is: FROM TO text|ucs2|data|udh-text|udh-data [UDH] CONTENT."""
        if self._writer is None:
            raise ConnectionError("not connected")
        self._writer.write(line.encode() + b"\n")
        await self._writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                if handed := _handed(line.rstrip(b"\n")):
                    self._on_message(handed)


def _handed(line: bytes) -> Handed | None:
    sender, to, kind, *rest = [*line.split(b" ", 3), b"", b""][:4]
    content = rest[0]
    joint = None
    if kind == b"udh":
        udh, _data, content = content.split(b" ", 2)
        joint = joint_of(unquote_to_bytes(udh))
    if kind not in (b"text", b"ucs-2", b"udh"):
        return None
    return Handed(sender.decode(), to.decode(), content.decode() if kind == b"text" else _text(content), joint)


def _text(content: bytes) -> str:
    """The line does not tell the alphabet of a part; only UCS-2, of Arabic and ASCII, has bytes 0 and 6 in it."""
    data = unquote_to_bytes(content.replace(b"+", b" "))
    return data.decode("utf-16-be" if 0 in data or 6 in data else "utf-8")
