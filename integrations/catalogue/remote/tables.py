"""What is remembered of a remote catalogue between two syncs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base
from storage.base import UtcDateTime


class RemoteCatalogue(Base):
    """One row for each address. `etag` counts only while the catalogue still has `content_hash`."""

    __tablename__ = "remote_catalogue"
    url: Mapped[str] = mapped_column(String(500), primary_key=True)
    etag: Mapped[str | None] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
