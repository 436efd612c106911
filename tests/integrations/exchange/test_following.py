"""Following: what is sent and read on the wire, what each answer means, and what a broken feed costs."""

from __future__ import annotations

import json
import logging
from datetime import date

import pytest

from integrations.exchange.errors import (
    AgencyFault,
    BadAnswer,
    CursorExpired,
    ExchangeFault,
    NotFoundOrNotYours,
    NotOffered,
    ProofRefused,
    RateLimited,
    StatusError,
    Unavailable,
)
from integrations.exchange.following import CHANGE_BYTES, CHANGES, ENDING, MOST, PATHS, SUBSCRIPTIONS
from integrations.exchange.model import State, Subscription
from integrations.exchange.wire import CURSOR_EXPIRED, JSON, NOT_FOUND, PROBLEM, PROOF_REFUSED

from . import openapi
from .making import QUERY, answer, scripted

PAGE = openapi.DOCUMENT["components"]["examples"]["Changes"]["value"]
FIRST, SECOND = PAGE["changes"]
SUBSCRIBED = {"subscription": "s-1", "cursor": "c-1"}
LOST = Unavailable("closed the connection", again=True)


def page(*changes: object, **other: object):
    return answer(body=json.dumps({**PAGE, "changes": list(changes), **other}).encode())


def problem(status: int, kind: str = "about:blank", content_type: str = PROBLEM):
    return answer(status, content_type, json.dumps({"type": kind, "title": "t", "status": status}).encode())


def created(**changes: object):
    return answer(201, body=json.dumps({**SUBSCRIBED, **changes}).encode())


async def test_what_is_sent_is_what_the_openapi_takes() -> None:
    client, door = scripted(created(), page(), page(), answer(204, "", b""))
    await client.subscribe("passports", QUERY)
    await client.changes("passports", None)
    await client.changes("passports", "c-1", 7)
    await client.unsubscribe("passports", ["s-1", "s-2"])
    sent = [(str(call.url).partition("/status/")[2], json.loads(call.body)) for call in door.calls]
    assert [path for path, _ in sent] == [SUBSCRIPTIONS, CHANGES, CHANGES, ENDING]
    names = ["Query", "ChangesQuery", "ChangesQuery", "Ending"]
    assert [fault for name, (_, body) in zip(names, sent, strict=True) for fault in openapi.faults(name, body)] == []
    assert [body for _, body in sent][1:3] == [{"cursor": None, "limit": 100}, {"cursor": "c-1", "limit": 7}]


async def test_a_subscription_arrives() -> None:
    client, _ = scripted(created())
    subscription = await client.subscribe("passports", QUERY)
    assert subscription == Subscription("passports", "s-1", "c-1")
    assert "s-1" not in repr(subscription)


async def test_every_field_of_a_page_arrives() -> None:
    assert openapi.faults("Changes", PAGE) == []
    client, _ = scripted(page(FIRST, SECOND))
    read = await client.changes("passports", "c-1")
    assert (read.agency, read.cursor, read.more, read.unreadable) == ("passports", PAGE["cursor"], False, ())
    first, second = read.changes
    assert (first.subscription, first.state, first.expected) == ("s-7Fq2mZ0x4Kc9", State.PENDING, date(2026, 12, 10))
    assert (second.word, second.title, second.reason) == ("SENDBACK", "معاد لاستكمال النواقص", "MISSING_DOCUMENT")
    assert (second.required.code, second.required.due, second.ended) == ("BRING_PHOTO", date(2026, 12, 15), False)
    assert second.at.utcoffset().total_seconds() == 3 * 3600
    assert "s-1aB8c" not in repr(read)


ANSWERS = [
    (problem(404), NotOffered),
    (answer(404, "text/html", b"<html>"), NotOffered),
    (answer(405, "text/plain", b""), NotOffered),
    (answer(501, "text/html", b""), NotOffered),
    (problem(404, NOT_FOUND), NotFoundOrNotYours),
    (problem(401, PROOF_REFUSED), ProofRefused),
    (problem(401), AgencyFault),
    (problem(410, CURSOR_EXPIRED), CursorExpired),
    (problem(410, CURSOR_EXPIRED, JSON), AgencyFault),
    (problem(410), AgencyFault),
    (problem(429), RateLimited),
    (problem(500), AgencyFault),
    (problem(503), Unavailable),
    (answer(202), BadAnswer),
    (answer(500, x_road_error="server.serverproxy.access_denied"), ExchangeFault),
]


@pytest.mark.parametrize(("given", "error"), ANSWERS)
async def test_what_an_answer_means(given, error: type[StatusError]) -> None:
    client, door = scripted(given)
    for asking in (
        client.subscribe("passports", QUERY),
        client.changes("passports", "c-1"),
        client.unsubscribe("passports", ["s-1"]),
    ):
        with pytest.raises(error) as raised:
            await asking
        assert (raised.value.agency, raised.value.request_id) == ("passports", door.calls[-1].headers["X-Road-Id"])
    assert len(door.calls) == 3


BAD_SUBSCRIPTIONS = [
    created(subscription="x" * 65),
    created(subscription="a b"),
    created(subscription="رقم"),
    created(subscription=7),
    created(cursor=""),
    created(cursor="x" * 201),
    created(cursor="a\nb"),
    answer(201, "text/html", b"{}"),
    answer(200, body=json.dumps(SUBSCRIBED).encode()),
]


@pytest.mark.parametrize("given", BAD_SUBSCRIPTIONS)
async def test_a_subscription_that_is_not_as_described(given) -> None:
    client, _ = scripted(given)
    with pytest.raises(BadAnswer):
        await client.subscribe("passports", QUERY)


BAD_PAGES = [
    (answer(body=b"[]"), "not as described at body"),
    (answer(body=b"{}"), "not as described at changes, cursor, more"),
    (answer(200, "text/html", b""), "is not application/json"),
    (page(cursor=None), "not as described at cursor"),
    (page(more="no"), "not as described at more"),
    (page(*[FIRST] * (MOST + 1)), "not as described at changes"),
    (page(*[FIRST] * 3), "has more changes than were asked for"),
    (page(cursor="here", more=True), "says that there is more where it already is"),
]


@pytest.mark.parametrize(("given", "message"), BAD_PAGES)
async def test_a_page_that_is_not_as_described(given, message: str) -> None:
    client, _ = scripted(given)
    with pytest.raises(BadAnswer, match=message):
        await client.changes("passports", "here", 2)


BAD_CHANGES = [
    (None, "body"),
    ({}, "at, ended, status, subscription"),
    ({**FIRST, "at": "2026-11-28T09:00:00"}, "at"),
    ({**FIRST, "ended": 1}, "ended"),
    ({**FIRST, "subscription": "a/b"}, "subscription"),
    ({**FIRST, "status": {"code": ""}}, "status.code"),
    ({**FIRST, "actionRequired": {"text": {"ar": "x" * 501}}}, "actionRequired.text.ar"),
]


@pytest.mark.parametrize(("bad", "places"), BAD_CHANGES)
async def test_one_bad_change_does_not_hold_up_the_others(bad, places: str, caplog) -> None:
    client, _ = scripted(page(FIRST, bad, SECOND))
    read = await client.changes("passports", None)
    assert [change.word for change in read.changes] == ["PENDING", "SENDBACK"]
    assert read.unreadable == (places,)
    (record,) = [record for record in caplog.records if record.msg == "changes not as described"]
    assert (record.levelname, record.agency, record.count, record.places) == ("WARNING", "passports", 1, places)


async def test_what_is_not_described_goes_no_further() -> None:
    client, _ = scripted(page({**FIRST, "reference": QUERY.reference, "applicantName": "نادية سعيد الكبسي"}))
    read = await client.changes("passports", None)
    assert QUERY.reference not in str(vars(read.changes[0])) and "نادية" not in str(vars(read.changes[0]))


def longest() -> bytes:
    letter = "\u0635"
    change = {
        "subscription": "s" * 64,
        "at": "2026-11-28T09:20:00.123456+03:00",
        "status": {"code": letter * 64, "title": {"ar": letter * 500}, "reasonCode": letter * 64},
        "ended": False,
        "actionRequired": {"code": letter * 64, "text": {"ar": letter * 500}, "dueBy": "2026-12-15"},
        "expectedBy": "2026-12-15",
    }
    assert openapi.faults("Change", change) == []
    return json.dumps(change).encode()


async def test_a_page_of_the_longest_changes_is_let_through_the_door() -> None:
    client, door = scripted(page())
    assert len(longest()) < CHANGE_BYTES - 100
    await client.changes("passports", None, MOST)
    await client.changes("passports", None, 1)
    with pytest.raises(BadAnswer):
        await client.status("passports", QUERY)
    assert [call.limits.answer_bytes for call in door.calls] == [MOST * CHANGE_BYTES, 65_536, 65_536]


async def test_what_is_asked_wrongly_is_not_asked() -> None:
    client, door = scripted(page())
    for limit in (0, MOST + 1):
        with pytest.raises(ValueError, match="limit"):
            await client.changes("passports", None, limit)
    with pytest.raises(ValueError, match="at most"):
        await client.unsubscribe("passports", ["s"] * (MOST + 1))
    await client.unsubscribe("passports", [])
    assert door.calls == []


async def test_an_agency_that_is_not_followed_is_not_asked() -> None:
    client, door = scripted(page(), follow=False)
    for asking in (client.subscribe("passports", QUERY), client.changes("passports", None)):
        with pytest.raises(NotOffered, match=r"^passports: not-offered: not configured"):
            await asking
    assert door.calls == []


async def test_a_lost_connection_is_tried_again() -> None:
    client, door = scripted(LOST, page(FIRST))
    assert len((await client.changes("passports", None)).changes) == 1
    assert len(door.calls) == 2


async def test_a_feed_that_fails_costs_no_citizen_an_answer(caplog) -> None:
    status = answer(body=json.dumps(openapi.DOCUMENT["components"]["examples"]["Sendback"]["value"]).encode())
    outages: list[tuple[str, bool]] = []
    client, door = scripted(*[problem(500)] * 3, status, page(), failures=3, open_seconds=30)
    client._lines["passports"]._outage = lambda agency, out: outages.append((agency, out))
    for _ in range(3):
        with pytest.raises(AgencyFault):
            await client.changes("passports", None)
    with pytest.raises(Unavailable, match="left alone"):
        await client.changes("passports", None)
    assert (await client.status("passports", QUERY)).state is State.SENDBACK
    assert len(door.calls) == 4 and outages == []
    clock = client._lines["passports"].following._clock
    client._lines["passports"].following._clock = lambda: clock() + 60.0
    await client.changes("passports", None)
    said = [record.msg for record in caplog.records if record.msg != "exchange request"]
    assert said == ["changes not asked for after failures", "agency tells of changes again"]


@pytest.mark.parametrize(("given", "level"), [(problem(404), "WARNING"), (problem(410, CURSOR_EXPIRED), "INFO")])
async def test_the_log_says_which_resource_and_who_has_to_act(caplog, given, level: str) -> None:
    client, _ = scripted(given)
    with pytest.raises(StatusError):
        await client.changes("passports", "c-1")
    (record,) = [record for record in caplog.records if record.msg == "exchange request"]
    assert (record.levelname, record.resource) == (level, CHANGES)
    assert logging.getLevelName(level) == record.levelno


async def test_ready_asks_for_what_is_followed_too() -> None:
    def listed(*paths: str):
        endpoints = [{"method": "POST", "path": f"/{path}"} for path in paths]
        services = [{"service_code": "status", "endpoint_list": endpoints}]
        return answer(body=json.dumps({"service": services}).encode())

    only_status = listed("applications/status:query")
    assert (await scripted(listed("applications/status:query", *PATHS))[0].readiness("passports")).ready
    assert (await scripted(listed("**"))[0].readiness("passports")).ready
    assert "not_among_allowed_methods" in (await scripted(only_status)[0].readiness("passports")).reason
    assert (await scripted(only_status, follow=False)[0].readiness("passports")).ready


@pytest.mark.parametrize(("path", "statuses"), [(SUBSCRIPTIONS, [400, 401, 404, 429, 503]), (CHANGES, [400, 410, 429])])
def test_the_examples_of_the_errors_are_valid(path: str, statuses: list[int]) -> None:
    for status in statuses:
        example = openapi.response(status, f"/{path}")["content"][PROBLEM]["example"]
        schema = openapi.answer_schema(status, f"/{path}")
        assert list(openapi.validator(schema).iter_errors(example)) == [] and example["status"] == status
