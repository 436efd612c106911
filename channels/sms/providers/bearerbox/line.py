"""The connection to one bearerbox: made again whenever it is gone, and what goes over it in both directions.

bearerbox keeps what it has handed over on its disk until it is acknowledged, and hands it over again over the next
connection. So a message is acknowledged once it is stored, never before.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

from channels.errors import MalformedRequest
from channels.sms.providers.bearerbox.messages import (
    LONGEST_FRAME,
    Ack,
    AckState,
    BrokenFrame,
    Ending,
    Sms,
    pack_ack,
    pack_heartbeat,
    pack_identify,
    pack_sms,
    unpack,
)
from channels.sms.providers.bearerbox.settings import BearerboxSettings

logger = logging.getLogger(__name__)
_HEARTBEAT_SECONDS = 20.0
_CONNECT_SECONDS = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
_MOST_AT_ONCE = 1000
"""Messages that are being stored; bearerbox waits for acknowledgements after 100 unless it is told otherwise."""


class NotConnected(Exception):
    """Nothing was handed over: there is no connection."""


class Unanswered(Exception):
    """The connection broke before bearerbox said what became of a message."""


class Line:
    """`take` stores what comes."""

    def __init__(self, settings: BearerboxSettings, take: Callable[[Sms], Awaitable[None]]) -> None:
        self._settings, self._name, self._take = settings, settings.name, take
        self._since = 0.0
        self._writer: asyncio.StreamWriter | None = None
        self._waiting: dict[UUID, asyncio.Future[int]] = {}
        self._storing: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether something can be handed over now."""
        return self._writer is not None

    @property
    def age(self) -> float:
        """Seconds since the connection began."""
        return time.monotonic() - self._since

    def start(self) -> None:
        """Connect, and stay connected."""
        self._running = asyncio.create_task(self._stay_connected(), name=f"bearerbox-{self._name}")

    async def stop(self) -> None:
        """Disconnect; what is being stored now and was not acknowledged comes again."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def submit(self, sms: Sms) -> int:
        """Hand a message over; gives the AckState.

        Raises:
            NotConnected, Unanswered
        """
        if self._writer is None:
            raise NotConnected
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[sms.id] = answer
        try:
            self._writer.write(pack_sms(sms))
            return await answer
        finally:
            self._waiting.pop(sms.id, None)

    async def _stay_connected(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                opening = asyncio.open_connection(self._settings.host, self._settings.port)
                reader, writer = await asyncio.wait_for(opening, _CONNECT_SECONDS)
            except (OSError, asyncio.TimeoutError):
                logger.warning("no connection to bearerbox", extra={"provider": self._name})
            else:
                pause = _FIRST_PAUSE
                await self._serve(reader, writer)
                logger.warning("connection to bearerbox ended", extra={"provider": self._name})
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until the connection ends, or says what cannot be understood."""
        self._since = time.monotonic()
        writer.write(pack_identify(self._settings.box))
        self._writer = writer
        beating = asyncio.create_task(self._beat(writer))
        try:
            await self._read(reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass  # It is gone, which the caller logs.
        except BrokenFrame as fault:
            logger.error("bearerbox sent what cannot be read", extra={"provider": self._name, "fault": str(fault)})
        finally:
            self._writer = None
            await self._let_go(beating, *self._storing)
            writer.close()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(Unanswered())

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            length = int.from_bytes(await reader.readexactly(4), "big")
            if length > LONGEST_FRAME:
                raise BrokenFrame("longer than any message")
            match unpack(await reader.readexactly(length)):
                case Ending():
                    return
                case Ack(id=id, state=state):
                    self._answered(id, state)
                case Sms() as sms if len(self._storing) < _MOST_AT_ONCE:
                    task = asyncio.create_task(self._store(sms, writer))
                    self._storing.add(task)
                    task.add_done_callback(self._storing.discard)
                case Sms():
                    raise BrokenFrame("more messages than it may hand over at once")

    def _answered(self, id: UUID, state: int) -> None:
        answer = self._waiting.get(id)
        if answer is not None and not answer.done():
            answer.set_result(state)

    async def _store(self, sms: Sms, writer: asyncio.StreamWriter) -> None:
        """Store a message and acknowledge it. While the database is away it waits, as it would in bearerbox."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._take(sms)
            except MalformedRequest as fault:
                extra = {"provider": self._name, "fault": str(fault)}
                logger.warning("sms provider sent what cannot be read", extra=extra)
                return writer.write(pack_ack(Ack(sms.id, AckState.FAILED, sms.time)))
            except Exception:
                logger.exception("sms not stored, tried again", extra={"provider": self._name})
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return writer.write(pack_ack(Ack(sms.id, AckState.SUCCESS, sms.time)))

    async def _beat(self, writer: asyncio.StreamWriter) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT_SECONDS)
            writer.write(pack_heartbeat(len(self._storing)))

    @staticmethod
    async def _let_go(*tasks: asyncio.Task[None]) -> None:
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
