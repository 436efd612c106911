"""Our side of Jasmin's HTTP API: /send, and the two callbacks that Jasmin throws.

The API takes no header that joins parts, so Jasmin is given whole messages and cuts them itself, after a fixed number
of units (protocols/smpp/operations.py, SubmitSM): a character of two units may be cut. Handsets join the units before
they show them. Jasmin never makes more parts than our own splitting, which fills some parts less.
Receipts are asked of the last part only (endpoints/send.py, "Set DLR bit mask on the last pdu").
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from channels.body import PROVIDER_BODY_LIMIT
from channels.contract import SendOutcome
from channels.errors import MalformedRequest
from channels.sms.errors import UnknownState
from channels.sms.outbound.segments import Encoding
from channels.sms.providers.base import Acknowledgement, InboundSms, Joint, ProviderRequest, Receipt, Submission
from channels.sms.providers.http import HttpAnswer, HttpDoor
from channels.sms.providers.jasmin.answers import outcome_of, state_of
from channels.sms.providers.jasmin.settings import JasminSettings
from channels.sms.providers.reading import text_of
from channels.sms.providers.udh import joint_of

_MOST_FIELDS = 50
_UDH = b"\x05\x00\x03"
_LATIN1, _UCS2 = "3", "8"


class JasminProvider:
    """Submits to, and reads, one Jasmin."""

    whole = True
    idempotent = False
    acknowledgement = Acknowledgement("ACK/Jasmin")

    def __init__(self, settings: JasminSettings) -> None:
        self._url = f"{settings.url}/send"
        self._user = {"username": settings.username, "password": settings.password.get_secret_value()}
        self._door = HttpDoor(settings.timeout_seconds, idempotent=self.idempotent)

    async def start(self) -> None:
        """Open the HTTP session."""
        await self._door.open()

    async def stop(self) -> None:
        """Close the HTTP session."""
        await self._door.close()

    def parse_inbound(self, request: ProviderRequest) -> InboundSms:
        """Read a message; see SmsProvider."""
        fields = _form(request.body)
        text, joint = _content(fields)
        return InboundSms(text_of(fields, "from"), text, text_of(fields, "to"), text_of(fields, "id"), joint)

    def parse_receipt(self, request: ProviderRequest) -> Receipt:
        """Read a receipt; see SmsProvider."""
        fields = _form(request.body)
        word = text_of(fields, "message_status")
        state = state_of(word)
        if state is None:
            raise UnknownState(word)
        return Receipt(state, provider_id=text_of(fields, "id"), code=word)

    async def submit(self, submission: Submission) -> SendOutcome:
        """Hand one message over; see SmsProvider. No validity-period: with it some messages were lost."""
        fields = self._user | {
            "to": submission.to.lstrip("+"),
            "from": submission.sender,
            "priority": "0",
            "dlr": "yes",
            "dlr-url": submission.receipt_url,
            "dlr-level": "3",
            "dlr-method": "POST",
        }
        if submission.encoding is Encoding.UCS2:
            fields |= {"coding": _UCS2, "hex-content": submission.text.encode("utf-16-be").hex()}
        else:
            fields |= {"coding": "0", "content": submission.text}
        answer = await self._door.post(self._url, data=fields)
        return outcome_of(answer) if isinstance(answer, HttpAnswer) else answer


def _form(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise MalformedRequest("not a form") from None
    return dict(pairs)


def _content(fields: Mapping[str, str]) -> tuple[str, Joint | None]:
    """The text, and its place when the header that joins parts was left in `binary`."""
    coding = _coding(fields)
    if coding not in (_LATIN1, _UCS2):
        return text_of(fields, "content", longest=PROVIDER_BODY_LIMIT), None
    try:
        binary = bytes.fromhex(text_of(fields, "binary", longest=PROVIDER_BODY_LIMIT))
        joint, binary = _joint(binary)
        return binary.decode("utf-16-be" if coding == _UCS2 else "latin-1"), joint
    except ValueError:
        raise MalformedRequest("binary is not the text that coding says") from None


def _coding(fields: Mapping[str, str]) -> str:
    """The SMPP data_coding as a number. Jasmin throws its one octet as it is (`coding=%08` for UCS-2), not as a word
    (routing/throwers.py); its documentation shows a word.
    """
    coding = text_of(fields, "coding") if "coding" in fields else "0"
    return str(ord(coding)) if len(coding) == 1 and not coding.isdecimal() else coding


def _joint(binary: bytes) -> tuple[Joint | None, bytes]:
    """Split off the header that joins parts, if it is there: nothing else says whether it is."""
    joint = joint_of(binary) if binary.startswith(_UDH) else None
    return joint, binary[1 + binary[0] :] if joint else binary
