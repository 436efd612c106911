"""Who gets to the operators' page, and whose forms it takes."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from pydantic import SecretStr

from channels.sms.operating.page.app import HEALTH
from channels.sms.operating.page.problems import FORGED, LOG_IN
from channels.sms.routing.switches import stopped
from tests.channels.sms.operating.conftest import OURS, PASSWORD, Operator, basic

WRONG = basic("سالم", "wrong")


def routes(operator: Operator) -> list[tuple[str, str]]:
    """Every route that the page has, and one that it has not."""
    found = {
        (route.method, route.resource.canonical.replace("{name}", "sabafon"))
        for route in operator.client.app.router.routes()
        if route.resource is not None
    }
    assert len(found) > 6
    return [*sorted(found - {("GET", HEALTH), ("HEAD", HEALTH)}), ("GET", "/nowhere")]


@pytest.mark.parametrize("login", [None, WRONG], ids=["none", "wrong"])
async def test_nothing_is_told_without_the_password(operator: Operator, login: str | None) -> None:
    for method, path in routes(operator):
        operator.clock[0] += 1000
        response, text = await operator.ask(method, path, login=login)
        assert response.status == 401, (method, path)
        assert response.headers["WWW-Authenticate"].startswith("Basic ")
        assert "sabafon" not in text
        assert method == "HEAD" or LOG_IN in text


async def test_who_watches_the_process_needs_none(operator: Operator) -> None:
    assert await operator.get(HEALTH, login=None) == (200, '{"status": "ready"}')


def raw(login: bytes) -> str:
    return "Basic " + base64.b64encode(login).decode()


BAD = [
    raw(f"salem:{PASSWORD}x".encode()),
    raw(f"salem:{PASSWORD[:-1]}".encode()),
    raw(b"salem:"),
    raw(b"salem"),
    raw(f":{PASSWORD}".encode()),
    raw(f"\u200b \u202e:{PASSWORD}".encode()),
    raw(f"{'s' * 61}:{PASSWORD}".encode()),
    raw(b"\xff:\xff"),
    "Basic !!!",
    "Basic",
    "",
    f"Bearer {PASSWORD}",
]


@pytest.mark.parametrize("given", BAD, ids=range(len(BAD)))
async def test_a_login_that_is_none(operator: Operator, given: str) -> None:
    assert (await operator.get(login=given))[0] == 401


async def test_the_pause_grows_with_every_wrong_password(operator: Operator) -> None:
    pauses = []
    for _ in range(11):
        assert (await operator.get(login=WRONG))[0] == 401
        response, text = await operator.ask("GET", "/")  # the right one: it is not looked at
        assert response.status == 429
        pauses.append(int(response.headers["Retry-After"]))
        assert f"انتظر {pauses[-1]} ثانية" in text
        operator.clock[0] += pauses[-1]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert (await operator.get())[0] == 200
    await operator.get(login=WRONG)
    operator.clock[0] += 1
    assert (await operator.get())[0] == 200


async def test_one_who_guesses_does_not_lock_out_another(open_page: Any) -> None:
    operator = await open_page(trusted_proxies="127.0.0.1")
    assert (await operator.get(login=WRONG, headers={"X-Forwarded-For": "10.0.0.1"}))[0] == 401
    assert (await operator.get(headers={"X-Forwarded-For": "10.0.0.1"}))[0] == 429
    assert (await operator.get(headers={"X-Forwarded-For": "10.0.0.2"}))[0] == 200


def own(operator: Operator, scheme: str = "http") -> dict[str, str]:
    return {"Origin": f"{scheme}://127.0.0.1:{operator.client.port}"}


FORGERIES: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://["},
]


@pytest.mark.parametrize("path", ["/providers/sabafon/stop", "/providers/sabafon/resume"])
@pytest.mark.parametrize("headers", FORGERIES, ids=range(len(FORGERIES)))
async def test_forms_of_other_sites_are_refused(operator: Operator, database, path: str, headers: Any) -> None:
    status, text = await operator.send(path, headers, reason="سبب")
    assert status == 403
    assert FORGED in text
    assert await database.read(stopped) == {}


async def test_a_cross_site_form_is_refused_although_it_says_our_origin(operator: Operator) -> None:
    headers = own(operator) | {"Sec-Fetch-Site": "cross-site"}
    assert (await operator.send("/providers/sabafon/stop", headers, reason="سبب"))[0] == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "\x00"])
async def test_a_form_without_our_token_is_refused(operator: Operator, database, token: str) -> None:
    assert (await operator.send("/providers/sabafon/stop", reason="سبب", csrf=token))[0] == 403
    assert await database.read(stopped) == {}


async def test_the_token_is_each_operators_own_and_ends_with_the_password(open_page: Any) -> None:
    first = await open_page()
    token = await first.token()
    first.login = basic("amal", PASSWORD)
    assert await first.token() != token
    second = await open_page(operator_password=SecretStr("another-password"))
    second.login = basic("سالم", "another-password")
    assert await second.token() != token


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_browser_that_says_only_its_origin(operator: Operator, database, scheme: str) -> None:
    assert (await operator.send("/providers/sabafon/stop", own(operator, scheme), reason="سبب"))[0] == 303
    assert list(await database.read(stopped)) == ["sabafon"]


async def test_what_the_page_may_do(operator: Operator) -> None:
    for path, status in (("/", 200), ("/message?id=x", 400), ("/nowhere", 404)):
        response, _ = await operator.ask("GET", path)
        assert response.status == status
        policy = dict(rule.split(" ", 1) for rule in response.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "Server" not in response.headers


async def test_a_wrong_method(operator: Operator) -> None:
    response, text = await operator.ask("POST", "/", headers=OURS)
    assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD")
    assert 'dir="rtl"' in text
