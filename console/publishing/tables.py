"""Proposals and the files they change, and when they are made by themselves."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime


class State(str, Enum):
    """Where a proposal is, see the package."""

    WAITING = "waiting"
    TRAINING = "training"
    TESTED = "tested"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"


class ProposalRow(Base):
    """One proposal. `author` proposed it; `authors` are those who wrote what it changes, and cannot approve it either.

    `against` is the model that was live when it was tested, `data` the digest of the files it was trained over. `step`,
    `done` and `total` are how far the training is. `report` is comparison.py's.
    """

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(40))
    authors: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    train_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step: Mapped[str] = mapped_column(String(20))
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    model: Mapped[str] = mapped_column(String(100))
    against: Mapped[str] = mapped_column(String(100))
    data: Mapped[str] = mapped_column(String(64))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reviewer: Mapped[str] = mapped_column(String(40))
    decision: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rolled_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProposalFileRow(Base):
    """A file of a proposal: its text before, "" for a new one, and after, "" for one that goes."""

    __tablename__ = "proposal_files"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)


class Outcome(str, Enum):
    """What came of the schedule's last time."""

    MADE = "made"
    NOTHING = "nothing"
    FAULTY = "faulty"
    FAILED = "failed"
    MISSED = "missed"


class ScheduleRow(Base):
    """The one schedule: row 1, or none yet. `hour` and `weekdays` (Python's numbers) are of Yemen's clock.

    `next_at` is None while it is off. `last_at`, `outcome` and `proposal` are of the last time.
    """

    __tablename__ = "training_schedule"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    enabled: Mapped[bool] = mapped_column(Boolean)
    hour: Mapped[int] = mapped_column(Integer)
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    proposal: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
