"""What the SMS channel keeps beside the message log.

sms_parts               one row a part of an outbound message, from its first submission on
sms_inbound_parts       parts of inbound messages until the others have come; personal data, gone within minutes
sms_stopped_providers   providers that an operator has switched off, with the reason
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime

_Sequence = BigInteger().with_variant(Integer, "sqlite")


class PartRow(Base):
    """One part. `state` is an OutboxState: queued and sending before, then as the provider and its receipts say.

    `provider` is the one that has it, or had it last; `cost` is in riyals, of all attempts that may have been charged.
    """

    __tablename__ = "sms_parts"
    __table_args__ = (
        UniqueConstraint("message_id", "number"),
        Index(None, "provider", "provider_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("outbox.message_id"))
    number: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    provider: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10))
    provider_id: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(String(30))
    code: Mapped[str | None] = mapped_column(String(40))
    cost: Mapped[float] = mapped_column(Float)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InboundPartRow(Base):
    """One part of a citizen's message that waits for the others."""

    __tablename__ = "sms_inbound_parts"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True)
    conversation: Mapped[str] = mapped_column(String(64), index=True)
    provider: Mapped[str] = mapped_column(String(30))
    reference: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    external_id: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StoppedProviderRow(Base):
    """A provider that is not used until an operator resumes it."""

    __tablename__ = "sms_stopped_providers"

    provider: Mapped[str] = mapped_column(String(30), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    stopped_by: Mapped[str] = mapped_column(String(60))
    stopped_at: Mapped[datetime] = mapped_column(UtcDateTime)
