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

import aiohttp
from aiohttp import web

from channels.body import read_body
from channels.sms.errors import NumberRefused
from channels.sms.numbers import e164
from channels.sms.segments import Segments, split

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


class SimulatedOperator:
    """Stands in for the provider and its operator.

    Args:
        callback: address of our SMS routes with the secret, without `/inbound` or `/receipt`.
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
        taken = await self._call("inbound", fields)
        message.state = "taken" if taken else "refused"
        return taken

    def shown(self, number: str, after: int = 0) -> list[HandsetMessage]:
        """What the handset shows, oldest first, from the message after number `after`."""
        return [message for message in self._handsets.get(_same(number), ()) if message.number > after]

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
        name = self._take(fields["id"], fields["to"], tuple(fields["parts"]), receipts)
        if fault is Fault.HANGS_UP and request.transport is not None:
            request.transport.abort()
        return web.json_response({"id": name}, status=202)

    def _take(self, reference: str, to: str, parts: tuple[str, ...], receipts: Sequence[str]) -> str:
        if reference in self._taken:
            return self._taken[reference]
        segments = Segments(split("".join(parts)).encoding, parts)
        message = self._show(to, HandsetMessage(next(self._numbers), False, segments, "sent"))
        name = self._taken[reference] = f"mt-{self._run}-{message.number}"
        while len(self._taken) > _HANDSETS * _MESSAGES_EACH:
            self._taken.popitem(last=False)
        task = asyncio.create_task(self._report(message, name, reference, receipts))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return name

    async def _report(self, message: HandsetMessage, name: str, reference: str, receipts: Sequence[str]) -> bool:
        told = True
        for state in receipts:
            told &= await self._call("receipt", {"id": name, "reference": reference, "state": state})
            message.state = state
        return told

    async def _call(self, path: str, fields: dict[str, str]) -> bool:
        """Call us back until we answer 200, as providers do, a few times."""
        if self._session is None:
            raise RuntimeError("the simulated operator was not started")
        for attempt in range(_ATTEMPTS):
            try:
                async with self._session.post(f"{self._callback}/{path}", json=fields) as response:
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
