"""Providers that an operator has switched off, for every gateway that shares the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from channels.sms.tables import StoppedProviderRow
from storage import utc_now

LONGEST_REASON, LONGEST_NAME = 200, 60


@dataclass(frozen=True)
class Stop:
    """Who stopped a provider, when and why."""

    provider: str
    reason: str
    by: str
    at: datetime


def stopped(connection: Connection) -> dict[str, Stop]:
    """The providers that are switched off, by name."""
    rows = connection.execute(select(StoppedProviderRow.__table__)).all()
    return {row.provider: Stop(row.provider, row.reason, row.stopped_by, row.stopped_at) for row in rows}


def stop(connection: Connection, provider: str, reason: str, by: str) -> None:
    """Switch a provider off; the reason of an earlier stop is replaced."""
    resume(connection, provider)
    row = {"provider": provider, "reason": reason[:LONGEST_REASON], "stopped_by": by[:LONGEST_NAME]}
    connection.execute(insert(StoppedProviderRow).values(**row, stopped_at=utc_now()))


def resume(connection: Connection, provider: str) -> bool:
    """Switch a provider on again; False when it was not off."""
    mine = delete(StoppedProviderRow).where(StoppedProviderRow.provider == provider)
    return connection.execute(mine).rowcount == 1
