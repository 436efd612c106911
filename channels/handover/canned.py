"""Texts that staff begin a reply with: an authority's own, and everybody's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, or_, select, update

from channels.handover.errors import WrongAnswer
from channels.handover.measure import LONGEST
from channels.handover.tables import CannedRow
from channels.text import clean
from storage import utc_now

TITLE_LONGEST = 80


@dataclass(frozen=True)
class Canned:
    """One text. id: None until it is kept; authority: None is everybody's."""

    title: str
    text: str
    authority: str | None = None
    id: int | None = None


def answers(connection: Connection, authority: str | None = None) -> list[Canned]:
    """All texts; with an authority, its own and everybody's."""
    query = select(CannedRow.title, CannedRow.text, CannedRow.authority, CannedRow.id)
    if authority is not None:
        query = query.where(or_(CannedRow.authority == authority, CannedRow.authority.is_(None)))
    return [Canned(*row) for row in connection.execute(query.order_by(CannedRow.title, CannedRow.id)).all()]


def save(connection: Connection, canned: Canned, staff: str) -> int:
    """Keep a new text, or change the one of this id; its id.

    Raises:
        WrongAnswer: it has no title or no text, is too long, or its id is unknown.
    """
    title, text = " ".join(clean(canned.title, TITLE_LONGEST).split()), clean(canned.text, LONGEST)
    if not (0 < len(title) <= TITLE_LONGEST and 0 < len(text) <= LONGEST):
        raise WrongAnswer("no title, no text, or too long")
    values = {"title": title, "text": text, "authority": canned.authority, "changed_by": staff, "changed_at": utc_now()}
    if canned.id is None:
        return int(connection.execute(insert(CannedRow).values(**values).returning(CannedRow.id)).scalar_one())
    if connection.execute(update(CannedRow).where(CannedRow.id == canned.id).values(**values)).rowcount != 1:
        raise WrongAnswer("no such text")
    return canned.id


def remove(connection: Connection, canned_id: int) -> bool:
    """Whether there was one to remove."""
    return connection.execute(delete(CannedRow).where(CannedRow.id == canned_id)).rowcount == 1
