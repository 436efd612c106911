"""The message log: what came in, what goes out, and where to.

inbox          one row a message of a citizen:  received -> working (leased) -> done
outbox         one row a message of Dalil:      queued -> sending (leased) -> accepted -> delivered;  held, dropped
contacts       what must survive the texts: order of the log, opt-out, when a limit was last explained, of which stop of
               their channel they were told
addresses      the only place of phone numbers and chat ids; emptied by retention and by deletion
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime

_Sequence = BigInteger().with_variant(Integer, "sqlite")
_ID = String(32)
_CONVERSATION = String(64)


class InboxState(str, Enum):
    """States of an inbox row."""

    RECEIVED = "received"
    WORKING = "working"
    DONE = "done"


class OutboxState(str, Enum):
    """States of an outbox row. `held` waits for the citizen's "more", `dropped` will never go out.

    A message that certainly did not go out goes back from `sending` to `queued`. Once it may have gone out its state
    only moves forward: `unknown` (nobody can say whether it went out) and `accepted` (the provider has it) until a
    receipt knows more; `delivered`, `failed` and `expired` are final.
    """

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    HELD = "held"
    DROPPED = "dropped"

    @property
    def rank(self) -> int:
        """How far on its way a message is: a receipt never takes it to a lower rank, nor out of the highest."""
        return _RANKS.get(self.value, FINAL)


FINAL = 4
_RANKS = {"queued": 0, "held": 0, "sending": 1, "unknown": 2, "accepted": 3}


class Task(str, Enum):
    """What an inbox row asks for; a deletion takes its turn among the messages of its conversation."""

    MESSAGE = "message"
    FORGET = "forget"


class Outcome(str, Enum):
    """What became of an inbox row."""

    ANSWERED = "answered"
    FALLBACK = "fallback"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    MORE = "more"
    CHANNEL = "channel"  # the channel answered it by itself
    FORGOTTEN = "forgotten"
    HANDOVER = "handover"  # said to a person, who answers (handover/)
    NOTICE = "notice"  # a notice replaced the assistant's reply


class Contact(Base):
    """One citizen on one channel; `id` is HMAC-SHA256(conversation_key, channel|address) in hex."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(_CONVERSATION, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_message_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    limited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opted_out: Mapped[bool] = mapped_column(Boolean)
    stop_told: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Address(Base):
    """The address of a conversation. Personal data: never in a log, never outside the gateway."""

    __tablename__ = "addresses"

    conversation: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(200))


_INBOX_OPEN = text("state IN ('received', 'working')")
_OUTBOX_OPEN = text("state IN ('queued', 'sending')")
_HAS_TEXT = text("text IS NOT NULL")
_HAS_BODY = text("body IS NOT NULL")
_MISSED = text("text IS NOT NULL AND reply_kind IN ('out_of_scope', 'ambiguous', 'unavailable')")
"""What the staff's inbox is made of; its query says the same words, so that the index is used."""


class InboxRow(Base):
    """One message of a citizen. `due_at`: when it may be worked on, or when its lease ends.

    `service` and `confidence` are what the assistant said the message was about, and how sure it was.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_inbox_conversation_received_at", "conversation", "received_at"),
        Index("ix_inbox_received_at", "received_at"),
        Index("ix_inbox_text", "received_at", sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT),
        Index("ix_inbox_open", "id", sqlite_where=_INBOX_OPEN, postgresql_where=_INBOX_OPEN),
        Index("ix_inbox_missed", "id", sqlite_where=_MISSED, postgresql_where=_MISSED),
        Index(
            "ix_inbox_open_conversation", "conversation", "id", sqlite_where=_INBOX_OPEN, postgresql_where=_INBOX_OPEN
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True)
    message_id: Mapped[str] = mapped_column(_ID, unique=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(200))
    task: Mapped[str] = mapped_column(String(10))
    text: Mapped[str | None] = mapped_column(Text)
    choice: Mapped[str | None] = mapped_column(String(64))
    more: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(_ID)
    attempts: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(String(10))
    reply_kind: Mapped[str | None] = mapped_column(String(40))
    service: Mapped[str | None] = mapped_column(String(80))
    confidence: Mapped[float | None] = mapped_column(Float)
    choices: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutboxRow(Base):
    """One message of Dalil, in its channel's own shape. `inbox_id` is the message it answers.

    `push`: nobody asked for it, so it keeps quiet at night and from who opted out. After `expires_at` it is not sent.
    `through`: it goes out though its channel is stopped. `code` is the provider's word for `error`. `sent_at` is when
    the provider took it, `done_at` when its state became final.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_conversation_id", "conversation", "id"),
        Index("ix_outbox_body", "created_at", sqlite_where=_HAS_BODY, postgresql_where=_HAS_BODY),
        Index("ix_outbox_open", "channel", "id", sqlite_where=_OUTBOX_OPEN, postgresql_where=_OUTBOX_OPEN),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True)
    message_id: Mapped[str] = mapped_column(_ID, unique=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    channel: Mapped[str] = mapped_column(String(20))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"), index=True)
    push: Mapped[bool] = mapped_column(Boolean)
    through: Mapped[bool] = mapped_column(Boolean, server_default=false())
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(_ID)
    attempts: Mapped[int] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String(30))
    code: Mapped[str | None] = mapped_column(String(40))
    provider_id: Mapped[str | None] = mapped_column(String(200), index=True)
    parts: Mapped[int | None] = mapped_column(Integer)
    cost: Mapped[float | None] = mapped_column(Float)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
