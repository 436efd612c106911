"""What is kept of how well Dalil serves; nothing here has a citizen's words but a reviewer's note that quotes them.

ratings            a citizen's word on an answer, one each; gone when the citizen asks to be forgotten
reviewed_samples   a reviewer's word on an answer, one each; its note goes when the texts go
daily_figures      counts of days that are over, written by the gateway (rollup.py); nobody's in particular
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime

LONGEST_NOTE = 2000


class RatingRow(Base):
    """Whether the answer to this message of the inbox helped."""

    __tablename__ = "ratings"

    message_id: Mapped[str] = mapped_column(ForeignKey("inbox.message_id"), primary_key=True)
    good: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Verdict(str, Enum):
    """A reviewer's word on an answer. Half an answer sends a citizen away half served: `partly` is not right."""

    RIGHT = "right"
    WRONG = "wrong"
    PARTLY = "partly"
    UNCLEAR = "unclear"  # nobody could say, of this message, what would have been right


class SampleRow(Base):
    """What a reviewer found of the answer to this message of the inbox. `by` is the reviewer's name in the console."""

    __tablename__ = "reviewed_samples"

    message_id: Mapped[str] = mapped_column(ForeignKey("inbox.message_id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Measure(str, Enum):
    """What a row of `daily_figures` counts; `value` says which."""

    KIND = "kind"  # messages, by kind of the reply; by outcome where there is none
    SERVICE = "service"  # messages about a service
    SECONDS = "seconds"  # messages by how long they waited, in classes (durations.py)
    PARTS = "parts"  # parts of SMS, by nothing
    COST = "cost"  # of SMS, in hundredths of a riyal, by nothing
    MESSAGES_DONE = "inbox_done"  # the day's messages are counted: `channel` and `value` are ""
    SMS_DONE = "sms_done"  # the same for its parts of SMS


class DailyFigureRow(Base):
    """One count of one day in Yemen."""

    __tablename__ = "daily_figures"

    measure: Mapped[str] = mapped_column(String(10), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
