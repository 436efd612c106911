"""Somebody has left with a conversation: whoever manages the desk frees it, with a reason that stays in the log."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from channels.handover import desk, says
from console.access.roles import Role
from console.audit.tables import AuditRow
from tests.channels.conftest import assistant, start_gateway  # noqa: F401 - fixtures
from tests.channels.harness import until
from tests.console.people.test_people import office  # noqa: F401 - a fixture

GONE = {"holder": "amal", "reason": "انتهى دوامها"}


@pytest.fixture
async def gone(console, office):  # noqa: F811
    """The desk, whose Amal has taken the conversation and left."""
    agent = console.browser(Role.AGENT, name="amal")
    assert (await agent.post("/people/1/take"))[0] == 303
    await until(lambda: len(office.channel.sent) == 2)
    return office


def last_act(console) -> tuple[str, ...]:
    query = select(AuditRow.actor, AuditRow.action, AuditRow.subject, AuditRow.reason, AuditRow.detail)
    return tuple(console.write(lambda connection: connection.execute(query.order_by(AuditRow.id.desc())).first()))


@pytest.mark.parametrize(
    ("act", "roles", "told", "then", "action"),
    [
        ("back", [Role.REVIEWER], says.BACK, "/held?done=saved", "people-back-for"),
        ("release", [Role.ADMIN], says.RELEASED, "/held?done=saved", "people-release-for"),
        (
            "take",
            [Role.AGENT, Role.REVIEWER],
            says.taken_over(desk.OFFICE),
            "/people/1?done=saved",
            "people-take-over",
        ),
    ],
)
async def test_the_head_of_the_desk_frees_it_and_the_citizen_is_told(
    console, gone, act: str, roles: list[Role], told: str, then: str, action: str
) -> None:
    head = console.browser(*roles, name="head")
    _, page = await head.get("/held")
    assert "amal" in page and f'action="/held/1/{act}"' in page
    assert (await head.post(f"/held/1/{act}", GONE)) == (303, then)
    await until(lambda: gone.channel.texts[-1] == told)
    assert last_act(console) == ("head", action, "handover/1", GONE["reason"], {"holder": "amal"})
    status, _ = await console.browser(Role.AGENT, name="amal").post("/people/1/reply", {"text": "عدت", "key": "x"})
    assert status == 409


@pytest.mark.parametrize(
    ("form", "status", "says_"),
    [
        ({"holder": "amal", "reason": " "}, 400, "اكتب السبب"),
        ({"holder": "bashir", "reason": "سبب"}, 409, "لم تعد هذه المحادثة مع bashir"),
    ],
)
@pytest.mark.parametrize("act", ["back", "release", "take"])
async def test_without_a_reason_or_of_another_holder_nothing_happens(
    console, gone, act: str, form: dict[str, str], status: int, says_: str
) -> None:
    head = console.browser(Role.AGENT, Role.REVIEWER, name="head")
    answered, page = await head.post(f"/held/1/{act}", form)
    assert (answered, says_ in page) == (status, True)
    assert last_act(console)[:2] == ("amal", "people-take")
    assert len(gone.channel.sent) == 2


@pytest.mark.parametrize(
    ("roles", "ministry", "act", "status"),
    [
        ([Role.REVIEWER], "moi", "back", 403),
        ([Role.REVIEWER], "mofa", "back", 303),
        ([Role.REVIEWER], "*", "take", 403),
        ([Role.AGENT], "*", "back", 403),
    ],
)
async def test_who_may_free_which(console, gone, roles: list[Role], ministry: str, act: str, status: int) -> None:
    await gone.do(lambda connection: connection.exec_driver_sql("UPDATE handovers SET authority = 'mofa'"))
    head = console.browser(*roles, name="head", ministry=ministry)
    assert ('action="/held/1/back"' in (await head.get("/held"))[1]) is (status == 303 or act == "take")
    assert (await head.post(f"/held/1/{act}", GONE))[0] == status


async def test_no_word_of_the_citizen_is_shown(console, gone) -> None:
    await gone.gateway.say("سر من أسراري")
    _, page = await console.browser(Role.REVIEWER).get("/held")
    assert "سر من أسراري" not in page
    assert "لم يُرد عليه" in page
