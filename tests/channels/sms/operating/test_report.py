"""Figures, on both databases: what is counted, and the days of Yemen's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, update

from channels.sms.operating import report
from channels.sms.operating.report import Queue
from channels.sms.tables import PartRow
from channels.tables import OutboxRow
from storage import SyncDatabase
from tests.channels.sms.operating.seeding import seed

NOW = datetime(2026, 11, 26, 18, 30, tzinfo=timezone.utc)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """Sixty parts in the queue's tables; what a test writes is rolled back."""
    database = SyncDatabase(database_url)
    with database.engine.connect() as connection:
        seed(connection, 60, NOW)
        yield connection
    database.close()


def replace_parts(connection: Connection, *rows: dict[str, Any]) -> None:
    """Only these parts; each takes the id of a seeded message."""
    base = {"number": 1, "total": 1, "provider": "a", "state": "accepted", "provider_id": None, "error": None}
    base |= {"code": None, "cost": 2.0, "created_at": NOW, "submitted_at": NOW, "accepted_at": None, "done_at": None}
    connection.execute(delete(PartRow))
    rows_ = [base | {"message_id": f"{place:032x}"} | row for place, row in enumerate(rows)]
    connection.execute(insert(PartRow), rows_)


def test_what_waits(connection: Connection) -> None:
    assert report.queue(connection) == Queue(queued=3, sending=0, oldest=NOW - timedelta(minutes=2))


def test_an_empty_queue(connection: Connection) -> None:
    connection.execute(update(OutboxRow).values(state="delivered"))
    assert report.queue(connection) == Queue(0, 0, None)


def test_states_codes_and_riyals(connection: Connection) -> None:
    replace_parts(
        connection,
        {"state": "delivered", "code": "000"},
        {"state": "delivered"},
        {"state": "failed", "code": "EC:1", "error": "rejected"},
        {"state": "failed", "error": "rejected"},
        {"state": "unknown"},
        {"provider": "b", "cost": 8.5},
        {"provider": "c", "created_at": NOW - timedelta(hours=2)},
    )
    a, b = report.providers(connection, NOW - timedelta(hours=1))
    assert (a.provider, a.states, a.parts, a.cost) == ("a", {"delivered": 2, "failed": 2, "unknown": 1}, 5, 10.0)
    assert a.codes == {"EC:1": 1, "rejected": 1, "?": 1}
    assert a.delivered_share == 0.4
    assert (b.provider, b.states, b.codes, b.cost) == ("b", {"accepted": 1}, {}, 8.5)


def test_seconds_are_those_of_the_latest_thousand(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "LATEST", 20)
    took = [1000.0, *map(float, range(1, 21))]  # the oldest one, which took longest, is no longer counted
    replace_parts(
        connection,
        *(
            {
                "created_at": NOW + timedelta(seconds=place),
                "accepted_at": NOW + timedelta(seconds=seconds),
                "done_at": NOW + timedelta(seconds=2 * seconds),
                "state": "delivered" if seconds == 5 else "failed",
            }
            for place, seconds in enumerate(took)
        ),
        {"provider": "b", "accepted_at": NOW + timedelta(seconds=3)},
    )
    a, b = report.providers(connection, NOW)
    assert a.accepted == report.Seconds(mean=10.5, median=10.5, p95=pytest.approx(19.05))
    assert a.delivered == report.Seconds(10.0, 10.0, 10.0)
    assert (b.accepted, b.delivered) == (report.Seconds(3.0, 3.0, 3.0), None)


def test_a_day_begins_at_midnight_in_yemen(connection: Connection) -> None:
    midnight = datetime(2026, 11, 25, 21, 0, tzinfo=timezone.utc)
    replace_parts(
        connection,
        {"created_at": midnight},
        {"created_at": midnight - timedelta(microseconds=1)},
        {"created_at": midnight - timedelta(days=1)},
        {"created_at": midnight - timedelta(days=2, microseconds=1)},
    )
    assert report.days(connection, NOW, 3) == {
        "a": [
            report.Day(date(2026, 11, 24), 0, 0.0),
            report.Day(date(2026, 11, 25), 2, 4.0),
            report.Day(date(2026, 11, 26), 1, 2.0),
        ]
    }


def test_parts_a_minute(connection: Connection) -> None:
    recent = NOW - report.LATELY
    replace_parts(
        connection, *({"created_at": recent} for _ in range(5)), {"created_at": recent - timedelta(seconds=1)}
    )
    assert report.per_minute(connection, NOW) == {"a": 0.5}
