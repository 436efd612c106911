"""Our side of Kannel's HTTP interface: smsbox's sendsms, its post-url, and the dlr-url of each submission.

Kannel is given part by part, each with the header that joins them: it then cuts nothing by itself and reports on each
part. It has no name for a submission that it tells us and signs nothing; the address that we give it for receipts names
the submission and is signed. Headers rather than a query carry the password and the number: queries are logged.
"""

from __future__ import annotations

from email.message import Message

from channels.contract import SendOutcome
from channels.errors import MalformedRequest
from channels.sms.errors import UnknownState
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import Acknowledgement, InboundSms, Joint, ProviderRequest, Receipt, Submission
from channels.sms.providers.http import HttpAnswer, HttpDoor
from channels.sms.providers.kannel.answers import outcome_of
from channels.sms.providers.kannel.receipts import EVERY_RECEIPT, state_of
from channels.sms.providers.kannel.settings import KannelSettings
from channels.sms.providers.reading import text_of
from channels.sms.providers.udh import header_of, joint_of

_CHARSETS = {"utf-8": "utf-8", "utf-16be": "utf-16-be"}


class KannelProvider:
    """Submits to, and reads, one Kannel."""

    whole = False
    idempotent = False
    acknowledgement = Acknowledgement()
    """Empty: whatever else stood there, Kannel would send to the citizen."""

    def __init__(self, settings: KannelSettings) -> None:
        self._url = f"{settings.url}/cgi-bin/sendsms"
        self._common = {
            "X-Kannel-Username": settings.username,
            "X-Kannel-Password": settings.password.get_secret_value(),
            "X-Kannel-DLR-Mask": str(EVERY_RECEIPT),
            "Content-Type": "text/plain; charset=UTF-8",
        } | ({"X-Kannel-SMSC": settings.smsc} if settings.smsc else {})
        self._door = HttpDoor(settings.timeout_seconds, idempotent=self.idempotent)

    async def start(self) -> None:
        """Open the HTTP session."""
        await self._door.open()

    async def stop(self) -> None:
        """Close the HTTP session."""
        await self._door.close()

    def parse_inbound(self, request: ProviderRequest) -> InboundSms | None:
        """Read a message; see SmsProvider. Data for a program in the telephone is no message of a citizen."""
        headers = Message()
        headers["Content-Type"] = request.headers.get("content-type", "")
        if headers.get_content_type() == "application/octet-stream":
            return None
        text = _text(request.body, headers.get_content_charset("utf-8"))
        udh = request.headers.get("x-kannel-udh", "")
        sender, recipient = text_of(request.headers, "x-kannel-from"), text_of(request.headers, "x-kannel-to")
        return InboundSms(sender, text, recipient, text_of(request.query, "id"), _joint(udh))

    def parse_receipt(self, request: ProviderRequest) -> Receipt:
        """Read a receipt; see SmsProvider."""
        mask = text_of(request.query, "state")
        known = state_of(mask, request.query.get("code", ""))
        if known is None:
            raise UnknownState(mask)
        return Receipt(known[0], code=known[1])

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one part over; see SmsProvider."""
        headers = self._common | {
            "X-Kannel-To": submission.to,
            "X-Kannel-From": submission.sender,
            "X-Kannel-Coding": "2" if submission.encoding is Encoding.UCS2 else "0",
            "X-Kannel-Validity": str(max(1, submission.valid_seconds // 60)),
            "X-Kannel-DLR-URL": f"{submission.receipt_url}&state=%d&code=%A",
        }
        if submission.joint is not None:
            headers["X-Kannel-UDH"] = header_of(submission.joint).hex()
        answer = await self._door.post(self._url, data=submission.text.encode(), headers=headers)
        return outcome_of(answer) if isinstance(answer, HttpAnswer) else answer


def _text(body: bytes, charset: str) -> str:
    try:
        return body.decode(_CHARSETS[charset.lower()])
    except KeyError:
        raise MalformedRequest("a charset other than UTF-8 and UTF-16BE") from None
    except UnicodeDecodeError:
        raise MalformedRequest("the body is not in its charset") from None


def _joint(udh: str) -> Joint | None:
    """The place of a part that bearerbox could not join to the others in time."""
    try:
        return joint_of(bytes.fromhex(udh))
    except ValueError:
        raise MalformedRequest("X-Kannel-UDH is not hexadecimal") from None
