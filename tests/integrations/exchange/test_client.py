"""The client: what each answer means, what is tried again, how long it takes, and who waits for whom."""

from __future__ import annotations

import asyncio
import json
import logging
import time

import pytest

from integrations.exchange import errors
from integrations.exchange.errors import (
    AgencyFault,
    BadAnswer,
    ExchangeFault,
    NotFoundOrNotYours,
    ProofRefused,
    RateLimited,
    TooSlow,
    Unavailable,
    UnknownAgency,
)
from integrations.exchange.model import Evidence
from integrations.exchange.wire import NOT_FOUND, PROOF_REFUSED

from . import openapi
from .making import QUERY, answer, personal_in, scripted

PROBLEM = "application/problem+json"
SENDBACK = json.dumps(openapi.DOCUMENT["components"]["examples"]["Sendback"]["value"]).encode()
GOOD = answer(body=SENDBACK)


def problem(status: int, kind: str = "about:blank", content_type: str = PROBLEM, **headers: str):
    return answer(status, content_type, json.dumps({"type": kind, "title": "t", "status": status}).encode(), **headers)


ANSWERS = [
    (problem(404, NOT_FOUND), NotFoundOrNotYours, {}),
    (problem(404), BadAnswer, {}),
    (problem(404, NOT_FOUND, "application/json"), BadAnswer, {}),
    (answer(404, "text/html", b"<html>"), BadAnswer, {}),
    (problem(401, PROOF_REFUSED), ProofRefused, {}),
    (problem(401), AgencyFault, {"ill": False}),
    (problem(429), RateLimited, {"retry_after": None}),
    (problem(429, retry_after="60"), RateLimited, {"retry_after": 60.0}),
    (problem(429, retry_after="Fri, 31 Dec 2027 23:59:59 GMT"), RateLimited, {"retry_after": None}),
    (problem(429, retry_after="9" * 30), RateLimited, {"retry_after": None}),
    (problem(429, retry_after="٣"), RateLimited, {"retry_after": None}),
    (problem(503, retry_after="999999999"), Unavailable, {"retry_after": 86_400.0, "ill": True}),
    (answer(503, "text/html"), Unavailable, {"retry_after": None}),
    (problem(400), AgencyFault, {"ill": False}),
    (problem(500), AgencyFault, {"ill": True}),
    (answer(502, "text/html"), AgencyFault, {"ill": True}),
    (answer(204, body=b""), BadAnswer, {}),
    (answer(200, "text/html", SENDBACK), BadAnswer, {}),
    (answer(200, body=b"{"), BadAnswer, {}),
]


@pytest.mark.parametrize(("given", "error", "attributes"), ANSWERS)
async def test_what_an_answer_means(given, error, attributes) -> None:
    client, door = scripted(given)
    with pytest.raises(error) as raised:
        await client.status("passports", QUERY)
    assert {name: getattr(raised.value, name) for name in attributes} == attributes
    assert raised.value.agency == "passports"
    assert raised.value.request_id == door.calls[0].headers["X-Road-Id"]
    assert len(door.calls) == 1


async def test_an_answer_comes_with_its_evidence() -> None:
    client, door = scripted(answer(body=SENDBACK, x_road_request_id="at-the-server", x_road_request_hash="h=="))
    status = await client.status("passports", QUERY)
    assert status.evidence == Evidence(door.calls[0].headers["X-Road-Id"], "at-the-server", "h==")
    assert (status.agency, status.reference) == ("passports", QUERY.reference)
    assert QUERY.reference not in repr(status)


LOST = Unavailable("closed the connection", again=True)
NETWORK = answer(500, x_road_error="Server.ClientProxy.NetworkError")
TRIES = [
    ([LOST, GOOD], None, 2),
    ([NETWORK, GOOD], None, 2),
    ([LOST, LOST], Unavailable, 2),
    ([NETWORK, NETWORK], ExchangeFault, 2),
    ([LOST, problem(404, NOT_FOUND)], NotFoundOrNotYours, 2),
    ([problem(503)], Unavailable, 1),
    ([problem(500)], AgencyFault, 1),
    ([answer(500, x_road_error="server.serverproxy.service_failed")], ExchangeFault, 1),
    ([answer(500, x_road_error="server.serverproxy.access_denied")], ExchangeFault, 1),
    ([answer(500, x_road_error="server.serverproxy.maintenance_mode")], Unavailable, 1),
    ([answer(body=b"{")], BadAnswer, 1),
]


@pytest.mark.parametrize(("script", "error", "calls"), TRIES)
async def test_what_is_tried_again(script, error, calls: int) -> None:
    client, door = scripted(*script)
    if error is None:
        assert (await client.status("passports", QUERY)).agency == "passports"
    else:
        with pytest.raises(error):
            await client.status("passports", QUERY)
    ids = [call.headers["X-Road-Id"] for call in door.calls]
    assert len(ids) == len(set(ids)) == calls


async def forever() -> None:
    await asyncio.sleep(3600)


async def test_the_whole_takes_no_longer_than_the_limit() -> None:
    client, _ = scripted(LOST, forever, total_seconds=0.4)
    begun = time.monotonic()
    with pytest.raises(TooSlow) as slow:
        await client.status("passports", QUERY)
    assert time.monotonic() - begun < 2.0
    assert slow.value.request_id and str(slow.value).startswith("passports: too-slow: no answer within 0.4 s")
    assert (await client.readiness("passports")).reason == "too-slow"


async def test_no_such_agency() -> None:
    client, _ = scripted(GOOD)
    with pytest.raises(UnknownAgency):
        await client.status("pensions", QUERY)
    with pytest.raises(UnknownAgency):
        await client.readiness("pensions")


async def test_breaker_opens_reports_once_and_closes() -> None:
    outages: list[tuple[str, bool]] = []
    client, door = scripted(*[problem(500)] * 3, GOOD, failures=3, open_seconds=30)
    client._lines["passports"]._outage = lambda agency, out: outages.append((agency, out))
    for _ in range(3):
        with pytest.raises(AgencyFault):
            await client.status("passports", QUERY)
    with pytest.raises(Unavailable, match="left alone after failures") as refused:
        await client.status("passports", QUERY)
    assert refused.value.request_id == "" and len(door.calls) == 3
    assert (await client.readiness("passports")).open
    client._lines["passports"].breaker._clock = lambda: time.monotonic() + 60.0
    await client.status("passports", QUERY)
    assert outages == [("passports", True), ("passports", False)]


async def test_turns_and_the_queue_are_bounded() -> None:
    gate, both, under_way, most = asyncio.Event(), asyncio.Event(), 0, 0

    async def held():
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 2:
            both.set()
        await gate.wait()
        under_way -= 1
        return GOOD

    client, _ = scripted(held, parallel=2)
    asked = [asyncio.create_task(client.status("passports", QUERY)) for _ in range(11)]
    await both.wait()
    await asyncio.wait([asked[-1]])
    gate.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    refused = [result for result in results if isinstance(result, Unavailable)]
    assert most == 2 and len(refused) == 1 and len(results) - len(refused) == 10
    assert "too many questions wait" in str(refused[0]) and not refused[0].ill
    assert not client._lines["passports"].breaker.open


async def test_who_finds_no_turn_in_time_hears_it_and_the_agency_is_not_blamed() -> None:
    client, _ = scripted(forever, parallel=1, total_seconds=0.3, failures=2)
    results = await asyncio.gather(*[client.status("passports", QUERY) for _ in range(3)], return_exceptions=True)
    assert sorted(type(result).__name__ for result in results)[0] == "TooSlow"
    assert {str(result).split(" (")[0] for result in results[1:]} <= {
        "passports: unavailable: no turn in time",
        "passports: too-slow: no answer within 0.3 s",
    }


async def test_a_citizen_who_leaves_frees_the_turn() -> None:
    client, _ = scripted(forever, GOOD, parallel=1)
    leaving = asyncio.create_task(client.status("passports", QUERY))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert (await client.status("passports", QUERY)).agency == "passports"


async def test_one_record_for_each_call(caplog: pytest.LogCaptureFixture) -> None:
    client, door = scripted(NETWORK, GOOD)
    await client.status("passports", QUERY)
    records = [record for record in caplog.records if record.msg == "exchange request"]
    assert [(record.agency, record.outcome) for record in records] == [
        ("passports", "exchange-fault server.clientproxy.network_error"),
        ("passports", "answered"),
    ]
    assert [record.levelname for record in records] == ["INFO", "INFO"]
    assert [record.request for record in records] == [call.headers["X-Road-Id"] for call in door.calls]


@pytest.mark.parametrize(
    ("given", "level"),
    [
        (answer(500, x_road_error="server.serverproxy.access_denied"), "WARNING"),
        (answer(404, "text/html"), "WARNING"),
        (problem(401, PROOF_REFUSED), "WARNING"),
        (problem(404, NOT_FOUND), "INFO"),
        (problem(503), "INFO"),
    ],
)
async def test_what_a_person_must_mend_is_a_warning(caplog, given, level: str) -> None:
    client, _ = scripted(given)
    with pytest.raises(errors.StatusError):
        await client.status("passports", QUERY)
    assert [record.levelname for record in caplog.records if record.msg == "exchange request"] == [level]


def test_the_search_of_the_log_finds_what_it_should() -> None:
    def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
        made = logging.LogRecord("x", logging.INFO, "x.py", 1, message, arguments, None)
        vars(made).update(extra)
        return made

    assert personal_in(record("of %s", QUERY.reference)) and personal_in(record("x", body=b'"1104"'))
    assert personal_in(record("+967770000104")) and personal_in(record("x", name_="نادية سعيد الكبسي"))
    assert personal_in(record("request 11041104-1104-4104-8104-110411041104 of passports: %r", QUERY)) == []


def test_the_tree_of_errors_is_the_one_that_the_package_draws() -> None:
    import integrations.exchange as package

    public = [name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)]
    assert all(f"─ {name} " in package.__doc__ or f"{name} " in package.__doc__ for name in public)
