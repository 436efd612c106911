"""Drafts over the files of training data, the texts they were edited from, and test sentences of fixed misses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, UtcDateTime


class DraftRow(Base):
    """What a file shall become. `base` is the digest of the file's text that it was made from, "" for a new file.

    `text` is "" when the file shall be deleted. `path` is relative to the data folder. `by` edited it last; `authors`
    are all who did since it was published.
    """

    __tablename__ = "drafts"

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    base: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    authors: Mapped[list[str]] = mapped_column(JSON)


class SeenRow(Base):
    """A text that somebody saw in an editor, by its digest: what two edits are compared with when they meet."""

    __tablename__ = "draft_seen"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class TestSentenceRow(Base):
    """What a citizen asked and was not answered, with what it has to be understood as from now on."""

    __tablename__ = "test_sentences"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40))
    service: Mapped[str | None] = mapped_column(String(80))
    topic: Mapped[str] = mapped_column(String(80))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
