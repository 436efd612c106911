"""The line to one agency: a turn, the breaker, the time limit, and a second try where that is harmless.

A slow agency holds its own turns and nobody else's. The log has one record for each call: agency, request id, outcome,
seconds; nothing of the citizen. It is a warning where somebody has to mend something.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import uuid4

from integrations.exchange.breaker import Breaker
from integrations.exchange.configuration import Agency
from integrations.exchange.errors import (
    BadAnswer,
    ExchangeFault,
    Failure,
    NotOffered,
    ProofRefused,
    StatusError,
    TooSlow,
    Unavailable,
)
from integrations.exchange.transport import Answer, Question, Transport

logger = logging.getLogger(__name__)

_WAITING_PER_TURN = 4
_SECOND_TRY_AFTER = (0.05, 0.15)

Read = TypeVar("Read")


class Line:
    """To one agency. outage: called with the agency's id and True when the breaker opens, False when it closes."""

    def __init__(self, agency: Agency, transport: Transport, outage: Callable[[str, bool], None]) -> None:
        self.agency = agency
        self.transport = transport
        self._limits = agency.limits
        self._outage = outage
        self._turns = asyncio.Semaphore(agency.limits.parallel)
        self._waiting = 0
        self.breaker = Breaker(agency.limits.failures, agency.limits.open_seconds, self._changed)
        # One of its own: a feed that does not work must cost no citizen the answer to a question.
        self.following = Breaker(agency.limits.failures, agency.limits.open_seconds, self._following_changed)

    async def ask(self, question: Question, read: Callable[[Answer, str], Read]) -> Read:
        """Ask, and `read` the answer; what `read` raises counts as the agency's doing.

        Raises:
            StatusError: with agency and request id set.
        """
        ids: list[str] = []
        try:
            return await self._bounded(question, read, ids)
        except StatusError as error:
            error.agency, error.request_id = self.agency.id, ids[-1] if ids else ""
            raise

    async def ready(self, request_id: str) -> None:
        """As `Transport.ready`, within the time of a question; it takes no turn and asks no breaker.

        Raises:
            Failure: the agency could not be asked.
        """
        try:
            await asyncio.wait_for(self.transport.ready(self.agency, request_id), self._limits.total_seconds)
        except asyncio.TimeoutError:
            raise TooSlow(f"no answer within {self._limits.total_seconds:g} s") from None

    async def _bounded(self, question: Question, read: Callable[[Answer, str], Read], ids: list[str]) -> Read:
        ends = time.monotonic() + self._limits.total_seconds
        breaker = self.following if question.following else self.breaker
        breaker.check()
        async with self._turn():
            with breaker.attempt():
                try:
                    return await asyncio.wait_for(self._tries(question, read, ids), max(ends - time.monotonic(), 0.001))
                except asyncio.TimeoutError:
                    raise TooSlow(f"no answer within {self._limits.total_seconds:g} s") from None

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._turns.locked():
            await self._wait()
        else:
            await self._turns.acquire()
        try:
            yield
        finally:
            self._turns.release()

    async def _wait(self) -> None:
        """Wait for a turn in a queue that is short enough to have one in time."""
        if self._waiting >= _WAITING_PER_TURN * self._limits.parallel:
            raise Unavailable("too many questions wait", ill=False)
        self._waiting += 1
        try:
            await asyncio.wait_for(self._turns.acquire(), self._limits.total_seconds)
        except asyncio.TimeoutError:
            raise Unavailable("no turn in time", ill=False) from None
        finally:
            self._waiting -= 1

    async def _tries(self, question: Question, read: Callable[[Answer, str], Read], ids: list[str]) -> Read:
        try:
            return await self._try(question, read, ids)
        except Failure as failure:
            if not failure.again:
                raise
        await asyncio.sleep(random.uniform(*_SECOND_TRY_AFTER))  # noqa: S311 - it spreads calls, it guards nothing
        return await self._try(question, read, ids)

    async def _try(self, question: Question, read: Callable[[Answer, str], Read], ids: list[str]) -> Read:
        request_id = str(uuid4())
        ids.append(request_id)
        outcome, level, begun = "cancelled", logging.INFO, time.monotonic()
        try:
            result = read(await self.transport.ask(self.agency, question, request_id), request_id)
            outcome = "answered"
            return result
        except StatusError as error:
            outcome, level = outcome_of(error), logging.WARNING if _needs_a_person(error) else logging.INFO
            raise
        finally:
            seconds = round(time.monotonic() - begun, 3)
            about = {"agency": self.agency.id, "resource": question.path, "request": request_id}
            logger.log(level, "exchange request", extra={**about, "outcome": outcome, "seconds": seconds})

    def _changed(self, is_open: bool) -> None:
        if is_open:
            logger.error("agency left alone after failures", extra={"agency": self.agency.id})
        else:
            logger.info("agency answers again", extra={"agency": self.agency.id})
        self._outage(self.agency.id, is_open)

    def _following_changed(self, is_open: bool) -> None:
        if is_open:
            logger.error("changes not asked for after failures", extra={"agency": self.agency.id})
        else:
            logger.info("agency tells of changes again", extra={"agency": self.agency.id})


def _needs_a_person(error: StatusError) -> bool:
    """Whether it will not pass by itself."""
    return isinstance(error, BadAnswer | NotOffered | ProofRefused) or (
        isinstance(error, ExchangeFault) and error.alarm
    )


def outcome_of(error: StatusError) -> str:
    """A word for logs and metrics, of a small set: the error's reason, with X-Road's code where there is one."""
    return f"{error.reason} {error.code}" if isinstance(error, ExchangeFault) else error.reason
