"""Figures of the SMS channel, and the way of one message; never its text or its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from channels.sms.tables import PartRow
from channels.tables import OutboxRow, OutboxState


@dataclass(frozen=True)
class ProviderReport:
    """One provider since a moment: parts by state, failures by the provider's code, riyals, seconds to acceptance."""

    provider: str
    states: dict[str, int]
    codes: dict[str, int]
    cost: float
    mean_seconds: float | None

    @property
    def parts(self) -> int:
        """All parts that it was given."""
        return sum(self.states.values())

    @property
    def delivered_share(self) -> float:
        """Of its parts, how many are delivered."""
        return self.states.get(OutboxState.DELIVERED.value, 0) / self.parts if self.parts else 0.0


def queue(connection: Connection) -> dict[str, int]:
    """How many messages wait, or are on their way."""
    open_states = [OutboxState.QUEUED.value, OutboxState.SENDING.value]
    query = (
        select(OutboxRow.state, func.count())
        .where(OutboxRow.channel == "sms", OutboxRow.state.in_(open_states))
        .group_by(OutboxRow.state)
    )
    return {str(state): int(count) for state, count in connection.execute(query)}


def providers(connection: Connection, since: datetime) -> list[ProviderReport]:
    """A report of every provider that was given parts since then."""
    recent = PartRow.created_at >= since
    states: dict[str, dict[str, int]] = {}
    costs: dict[str, float] = {}
    query = select(PartRow.provider, PartRow.state, func.count(), func.sum(PartRow.cost)).where(recent)
    for name, state, count, cost in connection.execute(query.group_by(PartRow.provider, PartRow.state)):
        states.setdefault(name, {})[state] = count
        costs[name] = costs.get(name, 0.0) + float(cost)
    codes: dict[str, dict[str, int]] = {}
    bad = [OutboxState.FAILED.value, OutboxState.EXPIRED.value, OutboxState.UNKNOWN.value]
    query = select(PartRow.provider, func.coalesce(PartRow.code, PartRow.error, "?"), func.count(), func.count())
    for name, code, count, _ in connection.execute(
        query.where(recent, PartRow.state.in_(bad)).group_by(
            PartRow.provider, func.coalesce(PartRow.code, PartRow.error, "?")
        )
    ):
        codes.setdefault(name, {})[code] = count
    return [
        ProviderReport(name, states[name], codes.get(name, {}), costs[name], _mean_seconds(connection, name, since))
        for name in sorted(states)
    ]


def _mean_seconds(connection: Connection, provider: str, since: datetime) -> float | None:
    """From submission to acceptance, of its latest parts."""
    query = (
        select(PartRow.submitted_at, PartRow.accepted_at)
        .where(PartRow.provider == provider, PartRow.created_at >= since, PartRow.accepted_at.is_not(None))
        .order_by(PartRow.id.desc())
        .limit(1000)
    )
    took = [(row.accepted_at - row.submitted_at).total_seconds() for row in connection.execute(query)]
    return sum(took) / len(took) if took else None


_MESSAGE = ("state", "error", "code", "attempts", "created_at", "due_at", "expires_at", "sent_at", "done_at", "cost")
_PART = ("state", "provider", "provider_id", "error", "code", "cost", "submitted_at", "accepted_at", "done_at")


def trace(connection: Connection, message_id: str) -> Iterator[str]:
    """What is known of one message and of its parts, one line each; none when there is no such SMS."""
    query = select(OutboxRow.__table__).where(OutboxRow.channel == "sms", OutboxRow.message_id == message_id)
    message = connection.execute(query).first()
    if message is None:
        return
    yield "message " + _said(message, _MESSAGE)
    parts = select(PartRow.__table__).where(PartRow.message_id == message_id).order_by(PartRow.number)
    for part in connection.execute(parts):
        yield f"part {part.number}/{part.total} " + _said(part, _PART)


def _said(row: Any, names: tuple[str, ...]) -> str:
    known = ((name, getattr(row, name)) for name in names)
    return " ".join(f"{name}={_plain(value)}" for name, value in known if value is not None)


def _plain(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
