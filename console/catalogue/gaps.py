"""What staff found missing or wrong in the catalogue: reported once, decided by another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from console.audit import log
from console.audit.log import Act
from console.errors import Problem
from console.inbox.tables import GapRow

OPEN, DECIDED = "open", ("done", "refused")
NO_SUCH = "لا يوجد بلاغ مفتوح بهذا الرقم."
OWN = "لا يقرر أحد في بلاغه بنفسه."
NO_REASON = "اكتب ما تقرر، ليعرفه من أبلغ."


def gaps(connection: Connection, most: int = 1000) -> list[Row[Any]]:
    """All of them: the open ones first, then the newest."""
    ordered = select(GapRow.__table__).order_by(GapRow.state != OPEN, GapRow.id.desc())
    return list(connection.execute(ordered.limit(most)))


def decide(connection: Connection, number: int, state: str, reason: str, who: str, address: str) -> None:
    """`done` when the catalogue was changed, `refused` when it is right as it is.

    Raises:
        Problem: no reason, not open any more, or it is their own.
    """
    row = connection.execute(select(GapRow.by, GapRow.state).where(GapRow.id == number)).one_or_none()
    if row is None or row.state != OPEN or state not in DECIDED:
        raise Problem(404, NO_SUCH)
    if row.by == who:
        raise Problem(403, OWN)
    if not reason:
        raise Problem(400, NO_REASON)
    mine = update(GapRow).where(GapRow.id == number, GapRow.state == OPEN)
    connection.execute(mine.values(state=state, decided_by=who, decision=reason))
    log.append(connection, Act(who, f"gap-{state}", f"gap/{number}", reason, address))
