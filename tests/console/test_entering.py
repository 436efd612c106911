"""Joining and logging in, as somebody does it with a browser, and as somebody who should not."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pyotp
import pytest
from sqlalchemy import update

from console.access.roles import Grant, Role
from console.accounts import staff
from console.accounts.second_step import Vault, new_secret, step_of
from console.accounts.tables import SessionRow, StaffRow
from console.audit import log
from storage import utc_now
from tests.console.conftest import SAME

PASSWORD = "جبل نهر مطر كتاب أزرق"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = 1_764_000_015.0


class Visitor:
    """A browser that keeps its cookie, as browsers do."""

    def __init__(self, console) -> None:
        self.client, self.cookie = console.client, ""

    async def post(self, path: str, **data: str):
        async with self.client.post(
            path, data=data, headers={**SAME, "Cookie": self.cookie}, allow_redirects=False
        ) as response:
            if given := response.headers.get("Set-Cookie"):
                self.cookie = given.split(";")[0]
            return response.status, await response.text(), response.headers

    async def get(self, path: str):
        async with self.client.get(path, headers={"Cookie": self.cookie}, allow_redirects=False) as response:
            return response.status, await response.text()

    async def log_in(self, code: str, name: str = "saleh", password: str = PASSWORD):
        await self.post("/login", name=name, password=password, to="/")
        return await self.post("/login/code", code=code, to="/staff")


def code(secret: str, after: float = 0.0) -> str:
    return pyotp.TOTP(secret).at(NOW + after)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are of this moment, however long a test takes."""
    monkeypatch.setattr("console.accounts.second_step.time", SimpleNamespace(time=lambda: NOW))


@pytest.fixture
def invitation(console) -> str:
    vault = Vault(console.settings.console_key)

    def work(connection):
        staff_id = staff.add(connection, "saleh", "صالح", [Grant(Role.ADMIN)])
        return staff.invite(connection, staff_id, vault.seal(SECRET))

    return console.write(work)


@pytest.fixture
async def joined(console, invitation) -> list[str]:
    """Recovery codes of somebody who joined with the step before this one, so that this one's code is still good."""
    form = {"password": PASSWORD, "again": PASSWORD, "code": code(SECRET, -30)}
    status, page, _ = await Visitor(console).post(f"/join/{invitation}", **form)
    assert status == 200
    return re.findall(r"<code>([A-Z2-7-]{11})</code>", page)


async def test_somebody_joins_and_logs_in_with_both_steps(console, joined) -> None:
    visitor = Visitor(console)
    status, _, headers = await visitor.log_in(code(SECRET))
    assert (status, headers["Location"]) == (303, "/staff")
    assert all(flag in headers["Set-Cookie"] for flag in ("HttpOnly", "SameSite=Strict", "Path=/"))
    status, page = await visitor.get("/staff")
    assert status == 200
    assert "صالح" in page
    assert len(joined) == 10


async def test_the_password_alone_opens_nothing(console, joined) -> None:
    visitor = Visitor(console)
    await visitor.post("/login", name="saleh", password=PASSWORD, to="/")
    assert (await visitor.get("/staff"))[0] == 303
    assert (await visitor.post("/staff", name="evil"))[2]["Location"] == "/login/code"


async def test_the_cookie_of_the_first_step_is_not_the_one_of_the_second(console, joined) -> None:
    visitor = Visitor(console)
    await visitor.post("/login", name="saleh", password=PASSWORD, to="/")
    first = visitor.cookie
    await visitor.post("/login/code", code=code(SECRET), to="/")
    visitor.cookie, second = first, visitor.cookie
    assert second != first
    assert (await visitor.get("/"))[0] == 303


async def test_a_code_works_once(console, joined) -> None:
    now = code(SECRET)
    assert (await Visitor(console).log_in(now))[0] == 303
    assert (await Visitor(console).log_in(now))[0] == 403


async def test_a_recovery_code_works_once_however_it_is_typed(console, joined) -> None:
    typed = joined[0].replace("-", " ").lower()
    assert (await Visitor(console).log_in(typed))[0] == 303
    assert (await Visitor(console).log_in(joined[0]))[0] == 403


async def test_codes_are_read_in_arabic_digits_too(console, joined) -> None:
    typed = code(SECRET).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert (await Visitor(console).log_in(typed))[0] == 303


async def test_five_wrong_passwords_and_the_right_one_is_not_looked_at(console, joined) -> None:
    for _ in range(5):
        status, page, _ = await Visitor(console).post("/login", name="saleh", password="wrong", to="/")
        assert status == 403
        assert "غير صحيح" in page
    status, page, _ = await Visitor(console).post("/login", name="saleh", password=PASSWORD, to="/")
    assert status == 429
    assert "انتظر 15 دقيقة" in page
    console.write(lambda connection: connection.execute(update(StaffRow).values(locked_until=utc_now())))
    assert (await Visitor(console).log_in(code(SECRET)))[0] == 303


async def test_wrong_codes_count_like_wrong_passwords(console, joined) -> None:
    visitor = Visitor(console)
    await visitor.post("/login", name="saleh", password=PASSWORD, to="/")
    statuses = [(await visitor.post("/login/code", code="000000", to="/"))[0] for _ in range(5)]
    assert statuses == [403, 403, 403, 403, 429]


async def test_an_address_that_tries_many_names_is_slowed_down(console) -> None:
    statuses = [
        (await Visitor(console).post("/login", name=f"n{number}", password="x", to="/"))[0] for number in range(31)
    ]
    assert statuses == [403] * 30 + [429]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"again": "something else entirely"}, "مختلفتان"),
        ({"password": "short", "again": "short"}, "أقصر من 12"),
        ({"password": "password1234", "again": "password1234"}, "سهلة التخمين"),
        ({"password": "x" * 201, "again": "x" * 201}, "أطول من"),
        ({"code": "000000"}, "الرمز غير صحيح"),
        ({"code": ""}, "الرمز غير صحيح"),
    ],
)
async def test_what_is_wrong_in_joining_is_said_and_the_invitation_stays(console, invitation, change, says) -> None:
    form = {"password": PASSWORD, "again": PASSWORD, "code": code(SECRET), **change}
    status, page, _ = await Visitor(console).post(f"/join/{invitation}", **form)
    assert status == 400
    assert says in page
    assert (await Visitor(console).get(f"/join/{invitation}"))[0] == 200


async def test_an_invitation_works_once(console, invitation, joined) -> None:
    assert (await Visitor(console).get(f"/join/{invitation}"))[0] == 410
    form = {"password": PASSWORD, "again": PASSWORD, "code": code(SECRET)}
    assert (await Visitor(console).post(f"/join/{invitation}", **form))[0] == 410


@pytest.mark.parametrize(
    ("values", "left"),
    [("created_at", {"hours": 8, "minutes": 1}), ("seen_at", {"minutes": 16})],
)
async def test_a_session_ends(console, joined, values, left) -> None:
    visitor = Visitor(console)
    await visitor.log_in(code(SECRET))
    past = {values: utc_now() - timedelta(**left)}
    console.write(lambda connection: connection.execute(update(SessionRow).values(**past)))
    assert (await visitor.get("/"))[0] == 303


async def test_whoever_is_disabled_is_out_at_once(console, joined) -> None:
    visitor = Visitor(console)
    await visitor.log_in(code(SECRET))
    other = console.browser(Role.ADMIN, name="other")
    assert (await visitor.get("/staff"))[0] == 200
    assert await other.post("/staff/1/disable") == (303, "/staff?done=saved")
    assert (await visitor.get("/staff"))[0] == 303
    assert (await Visitor(console).log_in(code(SECRET)))[0] in (303, 403)
    assert (await visitor.get("/staff"))[0] == 303


async def test_the_last_administrator_stays_one(console) -> None:
    admin, other = console.browser(Role.ADMIN), console.browser(Role.ADMIN, name="other")
    assert (await admin.post("/staff/2/grants", {"role": "editor"}))[0] == 303
    del other
    assert (await admin.post("/staff/1/grants", {"role": "editor"}))[0] == 403
    second = console.browser(Role.ADMIN, name="second")
    assert (await second.post("/staff/1/disable"))[0] == 303
    assert (await second.post("/staff/3/disable"))[0] == 403


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "/\r\nX: 1"]
)
async def test_nobody_is_sent_to_another_site(console, joined, to) -> None:
    visitor = Visitor(console)
    await visitor.post("/login", name="saleh", password=PASSWORD, to=to)
    _, _, headers = await visitor.post("/login/code", code=code(SECRET), to=to)
    assert headers["Location"] == "/"


async def test_what_was_done_is_in_the_audit_log_and_passwords_are_not(console, joined) -> None:
    await Visitor(console).post("/login", name="my-secret-password", password="x", to="/")
    await Visitor(console).log_in(code(SECRET))
    admin = console.browser(Role.ADMIN)
    _, page = await admin.get("/audit")
    assert all(action in page for action in ("join", "log-in", "log-in-failed"))
    assert "my-secret-password" not in page
    with console.database.read() as session:
        assert log.verify(session.connection()).fault is None


def test_a_secret_sealed_with_another_key_opens_nothing(console) -> None:
    sealed = Vault(console.settings.console_key).seal(new_secret())
    assert Vault(type(console.settings.console_key)("another key")).open(sealed) is None


@pytest.mark.parametrize(
    ("given", "last", "found"),
    [
        ("755224", 0, True),
        ("755 224", 0, True),
        ("287082", 0, True),
        ("359152", 0, True),
        ("969429", 0, False),
        ("755224", 1, False),
        ("75522", 0, False),
        ("", 0, False),
        ("７５５２２４", 0, True),
    ],
)
def test_codes_of_rfc_4226(given: str, last: int, found: bool) -> None:
    """Appendix D's values for the counters 0 to 3, at time step 1 (in which 0, 1 and 2 are taken)."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    steps = {"755224": 0, "287082": 1, "359152": 2}
    step = step_of(secret, given, last - 1 if last == 0 else last, now=30.0)
    assert (step is not None) == found
    if given in steps and found:
        assert step == steps[given]
