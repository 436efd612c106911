"""Training that recurs: when, what it proposes, and that nobody's work goes out by it without another person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from console.access.roles import Role
from console.audit.tables import AuditRow
from console.errors import Problem
from console.publishing import proposals, schedule
from console.publishing.proposals import SCHEDULE
from console.publishing.schedule import EVERY_DAY, Schedule
from console.publishing.tables import Outcome, ProposalRow, ScheduleRow, State
from settings.quiet import YEMEN
from storage import utc_now
from tests.console.publishing.desk import NEW, PRIVACY, TEXT, Desk
from tests.console.publishing.test_two_consoles import Second

MORE = TEXT + "    - سؤال لاحق\n"
FAULT = {"line": 3, "message": "taught as two things"}
SATURDAY = "2027-01-02"


@pytest.mark.parametrize(
    ("now", "hour", "days", "then"),
    [
        (f"{SATURDAY}T01:59", 2, EVERY_DAY, f"{SATURDAY}T02:00"),
        (f"{SATURDAY}T02:00", 2, EVERY_DAY, "2027-01-03T02:00"),
        (f"{SATURDAY}T23:30", 0, EVERY_DAY, "2027-01-03T00:00"),
        (f"{SATURDAY}T12:00", 2, [5], "2027-01-09T02:00"),
        (f"{SATURDAY}T01:00", 2, [5], f"{SATURDAY}T02:00"),
        (f"{SATURDAY}T01:00", 2, [6, 0], "2027-01-03T02:00"),
    ],
)
def test_the_next_time_by_yemens_clock(now: str, hour: int, days: Any, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=YEMEN)
    assert schedule.following(at, hour, days) == datetime.fromisoformat(then).replace(tzinfo=YEMEN)


class Night:
    """A night at the desk. `outcome` and `made`: what came of it, and the proposals there are."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def due(self, late: timedelta = timedelta(0)) -> None:
        """It is on, and its time was so long ago."""
        on = Schedule(enabled=True)
        await self.desk.database.write(lambda connection: schedule.change(connection, on, "reviewer", ""))
        then = update(ScheduleRow).values(next_at=utc_now() - late)
        await self.desk.database.write(lambda connection: connection.execute(then))

    async def passes(self, late: timedelta = timedelta(0)) -> str | None:
        await self.due(late)
        await self.desk.turn()
        found = await self.desk.database.read(schedule.read)
        assert found.next_at > utc_now()
        return found.outcome

    async def made(self) -> list[Any]:
        query = select(ProposalRow.__table__).order_by(ProposalRow.id)
        return await self.desk.database.read(lambda connection: list(connection.execute(query)))

    async def files(self) -> list[list[str]]:
        return [[file.path for file in await self._files(row.id)] for row in await self.made()]

    async def _files(self, number: int) -> list[proposals.File]:
        return await self.desk.database.read(lambda connection: proposals.files(connection, number))


@pytest.fixture
def night(desk: Desk) -> Night:
    return Night(desk)


async def test_what_was_edited_is_proposed_trained_and_waits_for_another_person(desk: Desk, night: Night) -> None:
    await desk.draft(NEW, TEXT, "ali")
    await desk.draft(NEW, MORE, "suad")
    assert await night.passes() == Outcome.MADE
    [row] = await night.made()
    assert (row.state, row.author, row.authors) == (State.TESTED, SCHEDULE, ["ali", "suad"])
    assert desk.models.current == "live" and desk.file(NEW) == ""
    for author in ("ali", "suad"):
        with pytest.raises(Problem) as problem:
            await desk.decide(row.id, State.PUBLISHING, author)
        assert problem.value.status == 403
    await desk.decide(row.id, State.PUBLISHING, "reviewer")
    acts = select(AuditRow.actor, AuditRow.action, AuditRow.subject).order_by(AuditRow.id)
    said = await desk.database.read(lambda connection: [tuple(act) for act in connection.execute(acts)])
    assert said[:2] == [("reviewer", "schedule-on", "schedule"), (SCHEDULE, "propose", f"proposal/{row.id}")]


async def withdrawn(desk: Desk, number: int) -> None:
    await desk.decide(number, State.WITHDRAWN)


async def rolled_back(desk: Desk, number: int) -> None:
    await desk.decide(number, State.PUBLISHING)
    await desk.turn()
    await desk.publisher.roll_back(number, "admin", "سبب", "")
    await desk.turn()


async def edited(desk: Desk, number: int) -> None:
    await desk.draft(NEW, MORE)


async def left_alone(desk: Desk, number: int) -> None:
    return


@pytest.mark.parametrize(
    ("meanwhile", "outcome"),
    [
        (left_alone, Outcome.NOTHING),
        (withdrawn, Outcome.NOTHING),
        (rolled_back, Outcome.NOTHING),
        (edited, Outcome.MADE),
    ],
)
async def test_what_was_proposed_is_not_proposed_again_until_it_is_edited(
    desk: Desk, night: Night, meanwhile: Callable[..., Any], outcome: Outcome
) -> None:
    await desk.draft(NEW, TEXT)
    await night.passes()
    [row] = await night.made()
    await meanwhile(desk, row.id)
    assert await night.passes() == outcome
    assert await night.files() == [[NEW]] * (2 if outcome is Outcome.MADE else 1)


@pytest.mark.parametrize(
    ("faulty", "outcome", "proposed"),
    [
        ([], Outcome.MADE, [[PRIVACY, NEW]]),
        ([NEW], Outcome.MADE, [[PRIVACY]]),
        ([NEW, PRIVACY], Outcome.FAULTY, []),
        (["services/passport.yml"], Outcome.FAULTY, []),
    ],
)
async def test_a_draft_that_fails_the_lint_stays_behind(
    desk: Desk, night: Night, faulty: list[str], outcome: Outcome, proposed: list[list[str]]
) -> None:
    await desk.draft(PRIVACY, desk.file(PRIVACY).replace("من يشوف رسايلي", "من يقرا رسايلي"))
    await desk.draft(NEW, TEXT)
    desk.models.faults = [{"file": path, **FAULT} for path in faulty]
    assert await night.passes() == outcome
    assert await night.files() == proposed


async def test_nothing_new_is_nothing_made(desk: Desk, night: Night) -> None:
    assert await night.passes() == Outcome.NOTHING
    assert await night.made() == []


async def test_data_that_changed_in_the_repository_are_tried_once(desk: Desk, night: Night) -> None:
    desk.models.fresh = False
    assert await night.passes() == Outcome.MADE
    assert await night.passes() == Outcome.NOTHING
    [row] = await night.made()
    assert (row.state, row.authors, await night.files()) == (State.TESTED, [], [[]])
    (desk.root / NEW).write_text(TEXT, "utf-8")
    assert await night.passes() == Outcome.MADE


async def test_without_a_model_there_is_nothing_to_compare_with(desk: Desk, night: Night) -> None:
    desk.models.fresh, desk.models.current = False, ""
    assert await night.passes() == Outcome.NOTHING


@pytest.mark.parametrize(
    ("late", "outcome"), [(timedelta(hours=2), Outcome.MADE), (timedelta(hours=4), Outcome.MISSED)]
)
async def test_a_night_that_was_missed_is_made_up_while_it_is_night(
    desk: Desk, night: Night, late: timedelta, outcome: Outcome
) -> None:
    await desk.draft(NEW, TEXT)
    assert await night.passes(late) == outcome


async def test_what_cannot_be_checked_is_said_and_tried_the_next_night(desk: Desk, night: Night) -> None:
    await desk.draft(NEW, TEXT)
    desk.models.fails_at = "lint"
    assert await night.passes() == Outcome.FAILED
    desk.models.fails_at = ""
    assert await night.passes() == Outcome.MADE


async def test_switched_off_it_does_nothing(desk: Desk, night: Night) -> None:
    await desk.draft(NEW, TEXT)
    await night.due()
    await desk.database.write(lambda connection: schedule.change(connection, Schedule(), "reviewer", ""))
    await desk.turn()
    assert await night.made() == []


async def test_two_consoles_make_one_proposal(desk: Desk, night: Night) -> None:
    second = Second(desk)
    await desk.draft(NEW, TEXT)
    await night.due()
    await asyncio.gather(desk.turn(), second.turn())
    await second.turn()
    await second.database.close()
    assert len(await night.made()) == 1


async def test_who_wrote_any_of_it_approves_none_of_it(desk: Desk) -> None:
    """However it was proposed, and after it came back."""
    for by, text in (("ali", TEXT), ("suad", MORE)):
        await desk.draft(NEW, text, by)
    number = await desk.propose(NEW)
    await desk.turn()
    for who in ("ali", "suad", "editor"):
        with pytest.raises(Problem):
            await desk.decide(number, State.PUBLISHING, who)
    await rolled_back(desk, number)
    again = await desk.propose(NEW)
    await desk.turn()
    with pytest.raises(Problem):
        await desk.decide(again, State.PUBLISHING, "ali")
    await desk.decide(again, State.PUBLISHING, "reviewer")


FORM = {"enabled": "on", "hour": "3", "day": "5"}


@pytest.mark.parametrize(
    ("role", "ministry", "form", "status"),
    [
        (Role.REVIEWER, "*", FORM, 303),
        (Role.REVIEWER, "*", {"hour": "3", "day": "5"}, 303),
        (Role.REVIEWER, "*", {"enabled": "on", "hour": "3"}, 400),
        (Role.REVIEWER, "*", {**FORM, "hour": "24"}, 400),
        (Role.REVIEWER, "*", {**FORM, "day": "7"}, 400),
        (Role.REVIEWER, "moi", FORM, 403),
        (Role.EDITOR, "*", FORM, 403),
    ],
)
async def test_who_switches_it_on_and_off(console, role: Role, ministry: str, form: Any, status: int) -> None:
    assert (await console.browser(role, ministry=ministry).post("/publish/schedule", form))[0] == status
    found = console.write(schedule.read)
    assert (found.next_at is not None) is (status == 303 and "enabled" in form)
    if status == 303:
        assert (found.hour, found.weekdays) == (3, [5])
        action = console.write(lambda connection: connection.scalar(select(AuditRow.action)))
        assert action == ("schedule-on" if "enabled" in form else "schedule-off")


async def test_everybody_who_reads_the_page_sees_when_and_what_came_of_it(console) -> None:
    await console.browser(Role.REVIEWER).post("/publish/schedule", FORM)
    console.write(lambda connection: schedule.done(connection, Outcome.MISSED))
    for role in (Role.REVIEWER, Role.AUDITOR):
        _, page = await console.browser(role).get("/publish")
        assert "03:00" in page and "فات الموعد واللوحة متوقفة." in page
        assert ('action="/publish/schedule"' in page) is (role is Role.REVIEWER)
