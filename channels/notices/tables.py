"""The tables of notices and of stopped channels.

notices            what was published, also when it is over
notices_told       who has had a banner in front of a reply; cleared when the banner is over
channel_switches   channels that are stopped; a channel that runs has no row
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime

_Sequence = BigInteger().with_variant(Integer, "sqlite")


class NoticeRow(Base):
    """One notice. It is never changed, only withdrawn: who read it read this text. `reason` is not for citizens."""

    __tablename__ = "notices"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    channels: Mapped[list[str]] = mapped_column(JSON)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    author: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(60))


class NoticeToldRow(Base):
    """A conversation that has had a banner."""

    __tablename__ = "notices_told"

    conversation: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True, index=True)


class ChannelSwitchRow(Base):
    """A stopped channel. `reason` is for colleagues, `said` for citizens."""

    __tablename__ = "channel_switches"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    said: Mapped[str] = mapped_column(Text)
    stopped_by: Mapped[str] = mapped_column(String(60))
