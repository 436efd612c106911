"""What is kept of those who follow an application.

followings      one row a conversation and application: the agency's subscription, what was told, what is to be told
exchange_waits  one row a citizen who wants to hear when an agency answers again
exchange_feeds  one row an agency: how far its feed was read, and when it is read again
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime

_ENDED = text("ended_at IS NOT NULL")
_TO_TELL = text("news IS NOT NULL AND ended_at IS NULL")


class Following(Base):
    """One application that a conversation follows. It ends with the application, or when the citizen has had enough.

    word, at: the state that the citizen knows, as the agency named it, and since when. news: the change to tell, as
    JSON of `model.Change`. due_at: when it may be told. seen: the last whole reading of the feed that had it.
    """

    __tablename__ = "followings"
    __table_args__ = (
        # This way round: a page of a feed asks for 500 of them.
        UniqueConstraint("subscription", "agency"),
        Index("ix_followings_agency", "agency"),
        Index("ix_followings_conversation", "conversation"),
        Index("ix_followings_ended", "agency", sqlite_where=_ENDED, postgresql_where=_ENDED),
        Index("ix_followings_news", "due_at", sqlite_where=_TO_TELL, postgresql_where=_TO_TELL),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128))
    channel: Mapped[str] = mapped_column(String(20))
    agency: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(64))
    subscription: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    word: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    news: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExchangeWait(Base):
    """A citizen who asked while the agency did not answer. back_at: when it did again; then the citizen is told."""

    __tablename__ = "exchange_waits"
    __table_args__ = (UniqueConstraint("conversation", "agency"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128))
    channel: Mapped[str] = mapped_column(String(20))
    agency: Mapped[str] = mapped_column(String(64), index=True)
    reference: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class ExchangeFeed(Base):
    """How far an agency's feed was read. round: readings from the beginning so far; whole: whether one is under way.

    due_at: when it is read next; while somebody reads it, when their claim ends.
    """

    __tablename__ = "exchange_feeds"

    agency: Mapped[str] = mapped_column(String(64), primary_key=True)
    cursor: Mapped[str | None] = mapped_column(String(200))
    round: Mapped[int] = mapped_column(Integer)
    whole: Mapped[bool] = mapped_column(Boolean)
    renewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
