"""What goes into the engine and what comes out: the HTTP contract of the assistant as frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from bot.errors import BadRequest
from settings.sealing import LONGEST

CHANNELS = ("web", "telegram", "sms")
_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LONGEST_ID = 200
# Far above any setting of the longest message: beyond it the caller is broken, not the citizen.
_LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Request:
    """One message of a citizen. `id` is the same on a retry; `choice` is the id of a pressed button.

    sender: the citizen's address, sealed (settings/sealing.py), where the channel has shown that it is theirs.
    """

    id: str
    conversation: str
    channel: str
    text: str
    choice: str | None = None
    sender: SecretStr | None = None

    @classmethod
    def from_json(cls, body: object) -> Request:
        """Read the JSON of `POST /v1/messages`.

        Raises:
            BadRequest: naming the field that is wrong.
        """
        if not isinstance(body, Mapping):
            raise BadRequest("the body must be a JSON object")
        request = cls(
            id=_string(body, "id", _LONGEST_ID),
            conversation=_string(body, "conversation", _LONGEST_ID),
            channel=_string(body, "channel", 20),
            text=_string(body, "text", _LONGEST_TEXT, empty=True),
            choice=None if body.get("choice") is None else _string(body, "choice", 20),
            sender=None if body.get("sender") is None else SecretStr(_string(body, "sender", LONGEST)),
        )
        if request.channel not in CHANNELS:
            raise BadRequest(f"channel must be one of {', '.join(CHANNELS)}")
        # PostgreSQL keeps neither NUL nor half a surrogate pair.
        if not request.id.isprintable():
            raise BadRequest("id must be printable")
        if not _CONVERSATION.fullmatch(request.conversation):
            raise BadRequest("conversation must be 1 to 128 letters, digits, - or _")
        return request


def _string(body: Mapping[str, Any], name: str, longest: int, *, empty: bool = False) -> str:
    value = body.get(name)
    if not isinstance(value, str) or (not value and not empty):
        raise BadRequest(f"{name} must be a non-empty string" if not empty else f"{name} must be a string")
    if len(value) > longest:
        raise BadRequest(f"{name} is longer than {longest} characters")
    return value


@dataclass(frozen=True)
class Choice:
    """A button: `id` is what the channel sends back."""

    id: str
    title: str


@dataclass(frozen=True)
class BotMessage:
    """One text, with the choices it offers."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Question:
    """A further question of the same message."""

    kind: str
    service: str | None


@dataclass(frozen=True)
class Reply:
    """What the design's section 3 calls an answer.

    `faq`: which of the ministries' questions it answers, if one; `offers`: those that it offers among its choices.
    """

    kind: str
    messages: tuple[BotMessage, ...]
    service: str | None = None
    options: tuple[str, ...] = ()
    reference: str | None = None
    confidence: float = 1.0
    also: tuple[Question, ...] = field(default_factory=tuple)
    faq: str | None = None
    offers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON of the reply."""
        reply: dict[str, Any] = {
            "kind": self.kind,
            "service": self.service,
            "options": list(self.options),
            "reference": self.reference,
            "confidence": round(self.confidence, 4),
            "messages": [
                {"text": message.text, "choices": [{"id": c.id, "title": c.title} for c in message.choices]}
                for message in self.messages
            ],
        }
        if self.also:
            reply["also"] = [{"kind": question.kind, "service": question.service} for question in self.also]
        if self.faq:
            reply["faq"] = self.faq
        if self.offers:
            reply["offers"] = list(self.offers)
        return reply
