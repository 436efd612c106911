"""The gateway as a box of Kannel's: parts, messages and receipts over one connection to bearerbox.

bearerbox is given part by part, each with the header that joins them: it then cuts nothing by itself and reports on
each part. A receipt comes back with what we gave in place of an address: the ids of the submission and of the attempt.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from uuid import uuid4

from channels.contract import Accepted, Retry, SendError, SendOutcome, Unknown
from channels.sms.errors import UnknownState
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import InboundSms, Intake, Receipt, Submission
from channels.sms.providers.bearerbox.line import Line, NotConnected, Unanswered
from channels.sms.providers.bearerbox.messages import AckState, Sms, SmsType
from channels.sms.providers.bearerbox.settings import BearerboxSettings
from channels.sms.providers.kannel.receipts import EVERY_RECEIPT, state_of
from channels.sms.providers.udh import header_of, joint_of

logger = logging.getLogger(__name__)
_UTF8, _DATA, _UTF16 = 0, 1, 2
_REMEMBERED = 1000
_COPIES_COME = 120.0
"""Seconds."""
_SHORTEST_COPY = 4
ANSWERS: dict[int, SendOutcome] = {
    AckState.SUCCESS: Accepted(),
    # No operator is connected now: bearerbox keeps it and sends it later.
    AckState.BUFFERED: Accepted(),
    # No operator takes the number, or its lists deny it.
    AckState.FAILED: Retry(SendError.NO_ROUTE, code="failed"),
    # Its queue is full, or it is about to end.
    AckState.FAILED_FOR_NOW: Retry(SendError.UNAVAILABLE, code="failed-tmp"),
}


class BearerboxProvider:
    """Submits to, and hears from, one bearerbox."""

    whole = False
    idempotent = False

    def __init__(self, settings: BearerboxSettings) -> None:
        self._settings = settings
        self._line = Line(settings, self._take)
        self._refused: dict[str, asyncio.Future[bool]] = {}
        """Of the latest attempts, by their ids."""
        self._intake: Intake

    @property
    def connected(self) -> bool:
        """See ConnectedProvider."""
        return self._line.connected

    def attach(self, intake: Intake) -> None:
        """See ConnectedProvider."""
        self._intake = intake

    async def start(self) -> None:
        """Begin to connect."""
        self._line.start()

    async def stop(self) -> None:
        """Disconnect."""
        await self._line.stop()

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one part over; see SmsProvider."""
        sms, refused = self._sms(submission), asyncio.get_running_loop().create_future()
        if len(self._refused) >= _REMEMBERED:
            del self._refused[next(iter(self._refused))]
        self._refused[str(sms.id)] = refused
        outcome: SendOutcome | None = None
        try:
            outcome = await self._hand_over(sms)
            return outcome
        finally:
            refused.set_result(isinstance(outcome, Retry))

    async def _hand_over(self, sms: Sms) -> SendOutcome:
        try:
            state = await asyncio.wait_for(self._line.submit(sms), self._settings.timeout_seconds)
        except NotConnected:
            return Retry(SendError.UNAVAILABLE, code="connect")
        except asyncio.TimeoutError:
            return Unknown(SendError.UNAVAILABLE, code="timeout")
        except Unanswered:
            return Unknown(SendError.UNAVAILABLE, code="disconnected")
        outcome = ANSWERS.get(state)
        if outcome is None:
            logger.error("sms provider answered what its table does not have", extra={"status": state})
            return Unknown(SendError.RESPONSE_UNPARSEABLE, code=str(state)[:40])
        return outcome

    def _sms(self, submission: Submission) -> Sms:
        ucs2, now, settings = submission.encoding is Encoding.UCS2, int(time.time()), self._settings
        id = uuid4()
        return Sms(
            id=id,
            sms_type=SmsType.OUTBOUND,
            sender=submission.sender.encode(),
            receiver=submission.to.encode(),
            udhdata=header_of(submission.joint) if submission.joint is not None else None,
            msgdata=submission.text.encode("utf-16-be" if ucs2 else "utf-8"),
            time=now,
            smsc_id=settings.smsc.encode() or None,
            coding=_UTF16 if ucs2 else _UTF8,
            validity=now + submission.valid_seconds,
            dlr_mask=EVERY_RECEIPT,
            dlr_url=f"{submission.id}/{id}".encode(),
            boxc_id=settings.box.encode(),
        )

    async def _take(self, sms: Sms) -> None:
        if sms.sms_type == SmsType.RECEIPT:
            await self._take_receipt(sms)
        elif sms.coding != _DATA:
            await self._intake.message(self._perhaps_a_copy(message_of(sms)))

    def _perhaps_a_copy(self, message: InboundSms) -> InboundSms:
        """A bearerbox that was killed before it acknowledged a message to the operator is told it again.

        It gives both copies ids of its own. Only in the first minutes of a connection: else whoever sends the same
        words twice means it. A menu answer ("1", "0") is rightly sent again at once.
        """
        fresh = self._line.age < _COPIES_COME and len(message.text.strip()) >= _SHORTEST_COPY
        return replace(message, copy_within=_COPIES_COME) if fresh else message

    async def _take_receipt(self, sms: Sms) -> None:
        """An attempt that bearerbox refuses is refused twice, in whatever order; its answer alone counts."""
        refused = self._refused.get(_read(sms.dlr_url).partition("/")[2])
        if refused is not None and await refused:
            return
        try:
            await self._intake.receipt(receipt_of(sms))
        except UnknownState as unknown:
            self._intake.strange_receipt(unknown.code)


def text_of(sms: Sms) -> str:
    """What a message says.

    A telephone may cut a sign of two units in the middle, at the end of a part; each half is then read as U+FFFD.
    """
    return (sms.msgdata or b"").decode("utf-16-be" if sms.coding == _UTF16 else "utf-8", "replace")


def message_of(sms: Sms) -> InboundSms:
    """A citizen's message, or the part of one."""
    sender, recipient = _read(sms.sender), _read(sms.receiver)
    return InboundSms(sender, text_of(sms), recipient, str(sms.id), joint_of(sms.udhdata or b""))


def receipt_of(sms: Sms) -> Receipt:
    """What bearerbox says became of a part.

    Raises:
        UnknownState: its mask is not in Kannel's table.
    """
    known = state_of(str(sms.dlr_mask), text_of(sms))
    if known is None:
        raise UnknownState(str(sms.dlr_mask))
    return Receipt(known[0], submission_id=_read(sms.dlr_url).partition("/")[0], code=known[1])


def _read(field: bytes | None) -> str:
    return (field or b"").decode("utf-8", "replace")
