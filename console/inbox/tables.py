"""What was decided about a message, and what the catalogue lacks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime


class ReviewRow(Base):
    """A message that needs nobody any more. decision: fixed, gap or dismissed. subject: the file that was changed."""

    __tablename__ = "inbox_reviews"

    message_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    decision: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class GapRow(Base):
    """Something that the catalogue lacks or has wrong, as staff found it. service: its identifier, or "".

    state: open, done or refused. `source` says where the right fact is written.
    """

    __tablename__ = "catalogue_gaps"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    service: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    decided_by: Mapped[str] = mapped_column(String(40))
    decision: Mapped[str] = mapped_column(Text)
