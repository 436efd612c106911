"""The handover's tables.

handovers        one row a request for a person; no text and no address in it: what stays after deletion is a count
handover_lines   what staff, or the office, say to the citizen; the text goes with retention and deletion
desk_hours, holidays, desk     when the office is open, and under which name it answers
desk_presence    who had the queue open, and when
canned_answers   texts that staff begin a reply with
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime

_Sequence = BigInteger().with_variant(Integer, "sqlite")
_CONVERSATION, _STAFF = String(64), String(64)


class State(str, Enum):
    """States of a request; drawn in the package docstring."""

    WAITING = "waiting"
    LEFT = "left"
    HELD = "held"
    RELEASED = "released"
    CLOSED = "closed"


class Reason(str, Enum):
    """Why a request is over."""

    STAFF = "staff"
    IDLE = "idle"
    CANCELLED = "cancelled"
    OPTED_OUT = "opted_out"
    FORGOTTEN = "forgotten"
    GONE = "gone"


class LineKind(str, Enum):
    """Who speaks: a member of staff, or the office by itself (taken, ended)."""

    REPLY = "reply"
    NOTICE = "notice"


_OPEN = text("state IN ('waiting', 'left', 'held')")
_UNSAID = text("said_at IS NULL AND text IS NOT NULL")
_HAS_TEXT = text("text IS NOT NULL")


class HandoverRow(Base):
    """One request. `inbox_id`: the message that asked. `service`: what the conversation was about, if known.

    `holder` is the member of staff who has it, or had it last; never shown to the citizen, who sees `office`.
    `last_staff_at`: the newest reply since it left the queue.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        Index("uq_handovers_open", "conversation", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_handovers_open", "asked_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_handovers_conversation", "conversation"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    channel: Mapped[str] = mapped_column(String(20))
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    service: Mapped[str | None] = mapped_column(String(80))
    authority: Mapped[str | None] = mapped_column(String(64))
    holder: Mapped[str | None] = mapped_column(_STAFF)
    office: Mapped[str | None] = mapped_column(String(60))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_citizen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_staff_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(10))


class LineRow(Base):
    """One message of staff. `key` makes a form that is sent twice one line; `message_id` is the outbox's, once said."""

    __tablename__ = "handover_lines"
    __table_args__ = (
        Index("ix_handover_lines_unsaid", "id", sqlite_where=_UNSAID, postgresql_where=_UNSAID),
        Index("ix_handover_lines_text", "at", sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), index=True)
    conversation: Mapped[str] = mapped_column(_CONVERSATION, index=True)
    channel: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    staff: Mapped[str | None] = mapped_column(_STAFF)
    office: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[str | None] = mapped_column(String(32))


class ShiftRow(Base):
    """One shift of every week, in minutes of Yemen's day; `closes` at or before `opens` is on the next day."""

    __tablename__ = "desk_hours"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    weekday: Mapped[int] = mapped_column(Integer)
    opens: Mapped[int] = mapped_column(Integer)
    closes: Mapped[int] = mapped_column(Integer)


class HolidayRow(Base):
    """Days on which nobody works, first and last included."""

    __tablename__ = "holidays"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(80))


class DeskRow(Base):
    """The one desk: row 1, or none yet."""

    __tablename__ = "desk"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    enabled: Mapped[bool] = mapped_column(Boolean)
    office: Mapped[str] = mapped_column(String(60))
    changed_by: Mapped[str] = mapped_column(_STAFF)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PresenceRow(Base):
    """When a member of staff last had the queue, or a thread, open."""

    __tablename__ = "desk_presence"

    staff: Mapped[str] = mapped_column(_STAFF, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CannedRow(Base):
    """A text that staff begin a reply with; without an authority it is everybody's."""

    __tablename__ = "canned_answers"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    authority: Mapped[str | None] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(_STAFF)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
