"""The simulated operator: takes submissions, keeps what each handset shows, and calls us back.

It forgets everything when the process ends. `faults` makes it misbehave, one submission after another.
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
import logging
import uuid
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import aiohttp
from aiohttp import web

from channels.body import read_body
from channels.sms.errors import NumberRefused
from channels.sms.inbound.numbers import e164
from channels.sms.outbound.segments import Encoding, Segments, split

logger = logging.getLogger(__name__)
_HANDSETS, _MESSAGES_EACH = 1000, 200
_ATTEMPTS, _FIRST_WAIT = 5, 0.5


class Fault(Enum):
    """What becomes of a submission; the value is the HTTP status, the error it is answered with, and the receipts."""

    NONE = (202, "", ("ACCEPTD", "DELIVRD"))
    THROTTLED = (429, "throttled", ())
    UNAVAILABLE = (503, "unavailable", ())
    INVALID_RECIPIENT = (400, "invalid_recipient", ())
    UNHEARD_OF = (418, "unheard_of", ())
    HANGS_UP = (0, "", ("ACCEPTD", "DELIVRD"))
    UNDELIVERED = (202, "", ("ACCEPTD", "UNDELIV"))
    EXPIRED = (202, "", ("ACCEPTD", "EXPIRED"))
    LATE_ACCEPTED = (202, "", ("DELIVRD", "ACCEPTD"))
    REPEATED_RECEIPTS = (202, "", ("ACCEPTD", "ACCEPTD", "DELIVRD", "DELIVRD"))
    STRANGE_RECEIPT = (202, "", ("ACCEPTD", "NEWCODE"))
    SILENT = (202, "", ())


@dataclass
class HandsetMessage:
    """One SMS as a handset shows it. `sent`: typed there; otherwise received from Dalil."""

    number: int
    sent: bool
    segments: Segments
    state: str
    joint: tuple[str, int, int] | None = None
    """Who sent the parts that this message is joined of, their reference, and how many they are."""

    @property
    def complete(self) -> bool:
        """Whether all parts are there: before that a handset shows nothing."""
        return self.joint is None or len(self.segments.parts) == self.joint[2]


class SimulatedOperator:
    """Stands in for the provider and its operator.

    Args:
        callback: address of our SMS routes with the secret, without `/inbound`.
        secret: what a submission must carry.
        short_code: the number that citizens text.
    """

    def __init__(self, callback: str, secret: str, short_code: str = "8000") -> None:
        self.faults: deque[Fault] = deque()
        self._callback, self._secret, self._short_code = callback, secret, short_code
        self._handsets: OrderedDict[str, deque[HandsetMessage]] = OrderedDict()
        self._taken: OrderedDict[str, str] = OrderedDict()
        self._numbers = itertools.count(1)
        # Ids are new in every run, because the message log remembers those of earlier runs.
        self._run = uuid.uuid4().hex[:8]
        self._tasks: set[asyncio.Task[bool]] = set()
        self._session: aiohttp.ClientSession | None = None

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The provider's API."""
        return [web.post("/simulator/sms/messages", self._submit)]

    async def start(self) -> None:
        """Open what the callbacks need."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))

    async def stop(self) -> None:
        """Give up callbacks under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def settle(self) -> None:
        """Wait until all callbacks so far are answered or given up (tests)."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def text(self, number: str, text: str) -> bool:
        """A citizen sends `text` from `number`; False when Dalil does not take it even after repetitions."""
        message = self._show(number, HandsetMessage(next(self._numbers), True, split(text), "sent"))
        fields = {"id": f"mo-{self._run}-{message.number}", "from": number, "to": self._short_code, "text": text}
        taken = await self._call(f"{self._callback}/inbound", fields)
        message.state = "taken" if taken else "refused"
        return taken

    def shown(self, number: str, after: int = 0) -> list[HandsetMessage]:
        """What the handset shows, oldest first, from the message after number `after`."""
        messages = self._handsets.get(_same(number), ())
        return [message for message in messages if message.number > after and message.complete]

    async def _submit(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {self._secret}".encode()
        ):
            return web.json_response({"error": "unauthorized"}, status=401)
        fields = json.loads(await read_body(request))
        fault = self.faults.popleft() if self.faults else Fault.NONE
        status, error, receipts = fault.value
        if error:
            return web.json_response({"error": error}, status=status, headers={"Retry-After": "1"})
        name = self._take(fields, receipts)
        if fault is Fault.HANGS_UP and request.transport is not None:
            request.transport.abort()
        return web.json_response({"id": name}, status=202)

    def _take(self, fields: dict[str, Any], receipts: Sequence[str]) -> str:
        submission = fields["id"]
        if submission in self._taken:
            return self._taken[submission]
        message = self._join(fields)
        name = self._taken[submission] = f"mt-{self._run}-{next(self._numbers)}"
        while len(self._taken) > _HANDSETS * _MESSAGES_EACH:
            self._taken.popitem(last=False)
        task = asyncio.create_task(self._report(message, name, fields["receipts"], receipts))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return name

    def _join(self, fields: dict[str, Any]) -> HandsetMessage:
        """The message on the handset, with this part added to those that it has."""
        encoding, text = Encoding[fields["encoding"]], (fields["text"],)
        joint = (fields["from"], *fields["joint"][:2]) if fields["joint"] else None
        if joint and fields["joint"][2] > 1:
            for message in reversed(self._handsets.get(_same(fields["to"]), ())):
                if message.joint == joint and not message.complete:
                    message.segments = Segments(encoding, message.segments.parts + text)
                    return message
        message = HandsetMessage(next(self._numbers), False, Segments(encoding, text), "sent", joint)
        return self._show(fields["to"], message)

    async def _report(self, message: HandsetMessage, name: str, address: str, receipts: Sequence[str]) -> bool:
        told = True
        for state in receipts:
            told &= not address or await self._call(address, {"id": name, "state": state})
            message.state = state
        return told

    async def _call(self, address: str, fields: dict[str, str]) -> bool:
        """Call us back until we answer 200, as providers do, a few times."""
        if self._session is None:
            raise RuntimeError("the simulated operator was not started")
        for attempt in range(_ATTEMPTS):
            try:
                async with self._session.post(address, json=fields) as response:
                    if response.status < web.HTTPInternalServerError.status_code:
                        return response.ok
            except aiohttp.ClientError:
                logger.warning("simulated operator: the gateway does not answer")
            await asyncio.sleep(_FIRST_WAIT * 2**attempt)
        return False

    def _show(self, number: str, message: HandsetMessage) -> HandsetMessage:
        handset = self._handsets.setdefault(_same(number), deque(maxlen=_MESSAGES_EACH))
        self._handsets.move_to_end(_same(number))
        handset.append(message)
        while len(self._handsets) > _HANDSETS:
            self._handsets.popitem(last=False)
        return message


def _same(number: str) -> str:
    """One name for a handset, however its number is spelled."""
    try:
        return e164(number)
    except NumberRefused:
        return number.strip()
