"""Each role on each route, against a table that is written by hand."""

from __future__ import annotations

import re

import pytest

from console.access.roles import MAY, Permission, Role
from console.app import ROUTES

_E, _R, _A, _U, _M = Role.EDITOR, Role.REVIEWER, Role.AGENT, Role.AUDITOR, Role.ADMIN
ALL = {_E, _R, _A, _U, _M}
STRANGERS = {
    "/login",
    "/login/code",
    "/join/{token}",
    "/language",
    "/health/ready",
    "/login/sso",
    "/login/sso/back",
    "/login/sso/leave",
    "/login/sso/ended",
    "/join/{token}/sso",
}
OWN = {("POST", "/leave"), ("POST", "/login/again")}
"""Would log the browser out, and refuses a password that is missing."""
ROOMS = {
    "/": ALL,
    "/login/again": ALL,
    "/leave": ALL,
    "/account": ALL,
    "/figures": {_E, _R, _U, _M},
    "/samples": {_R},
    "GET /faq": ALL,
    "GET /faq/new": {_E},
    "GET /faq/tables": {_E},
    "GET /faq/faq.xlsx": {_E},
    "GET /faq/faq.csv": {_E},
    "GET /training": ALL,
    "POST /training": {_E},
    "POST /faq": {_E},
    "GET /inbox": {_E, _R},
    "POST /inbox": {_E},
    "/try": {_E, _R, _A, _M},
    "GET /catalogue": ALL,
    "POST /catalogue": {_E},
    "GET /publish": {_E, _R, _U, _M},
    "POST /publish": {_E},
    "POST /publish/schedule": {_R},
    "POST /publish/{id:\\d{1,9}}/approve": {_R},
    "POST /publish/{id:\\d{1,9}}/reject": {_R},
    "POST /publish/{id:\\d{1,9}}/roll-back": {_M},
    "/people": {_A},
    "/held": {_R, _M},
    "/desk": {_R, _M},
    "GET /notices": ALL,
    "GET /notices/new": {_R, _M},
    "POST /notices": {_R, _M},
    "/notices/channels": {_M},
    "/staff": {_M},
    "/audit": {_M, _U},
}
"""Who may, by the beginning of the path, perhaps of one method; a longer one wins."""


def expected(method: str, path: str) -> set[Role]:
    for start in sorted(ROOMS, key=len, reverse=True):
        verb, _, begin = start.rpartition(" ")
        if verb in ("", method) and (path == begin or path.startswith(begin.rstrip("/") + "/")):
            return ROOMS[start]
    raise AssertionError(f"{method} {path} is not in the table")


def concrete(path: str) -> str:
    path = path.replace("{id:[0-9a-f]{32}}", "a" * 32).replace("{place:\\d{1,3}}", "9")
    path = path.replace("{state:done|refused}", "done").replace("{folder:[a-z_]{1,40}}", "services")
    return re.sub(r"\{\w+(:[^{}]*(\{[^}]*\}[^{}]*)*)?\}", "999999", path)


async def test_each_role_reaches_what_the_table_says_and_nothing_else(console) -> None:
    wrong = []
    browsers = {role: console.browser(role) for role in Role}
    for route in console.client.app[ROUTES]:
        if route.path in STRANGERS:
            assert route.permission is None
            continue
        path = concrete(route.path)
        for role, browser in browsers.items():
            if (route.method, path) in OWN:
                continue
            status, _ = await (browser.get(path) if route.method == "GET" else browser.post(path))
            if (status != 403) != (role in expected(route.method, route.path)):
                wrong.append((route.method, route.path, role.value, status))
    assert not wrong


async def test_nobody_gets_in_without_logging_in(console) -> None:
    for route in console.client.app[ROUTES]:
        if route.permission is None:
            continue
        path = concrete(route.path)
        async with console.client.request(route.method, path, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"].split("?")[0]) == (303, "/login"), path


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_somebodys(permission: Permission) -> None:
    assert any(permission in held for held in MAY.values())


@pytest.mark.parametrize("role", Role)
def test_nobody_both_proposes_and_approves_by_one_role(role: Role) -> None:
    assert not {Permission.PUBLISH_PROPOSE, Permission.PUBLISH_APPROVE} <= MAY[role]


@pytest.mark.parametrize(
    ("headers", "token"),
    [({"Sec-Fetch-Site": "cross-site"}, True), ({"Sec-Fetch-Site": "same-site"}, True), ({}, True), (None, False)],
)
async def test_a_form_of_another_page_changes_nothing(console, headers, token) -> None:
    admin = console.browser(Role.ADMIN)
    sent = {"Sec-Fetch-Site": "same-origin"} if headers is None else headers
    form = {"name": "evil", "shown": "evil", "role": "admin", "csrf": admin.csrf if token else "x"}
    async with console.client.post("/staff", data=form, headers={"Cookie": admin.cookie, **sent}) as response:
        assert response.status == 403
    assert "evil" not in (await admin.get("/staff"))[1]
