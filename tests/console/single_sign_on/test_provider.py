"""The console and a provider that is not ours: joining, entering, linking, proving, leaving, and what goes wrong."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from console.access.roles import Role
from console.accounts.tables import SessionRow, StaffRow
from console.audit.tables import AuditRow
from storage import utc_now

from ..conftest import running
from .conftest import SECRET, code, invite, start_peer

PASSWORD = "جبل نهر مطر كتاب أزرق"
pytestmark = pytest.mark.slow


async def joined(console, person, account: str = "u-1", name: str = "saleh"):
    """Somebody who has joined with an account whose second step is the provider's."""
    browser = person()
    assert await browser.through(f"/join/{invite(console, name)}/sso", account, "mfa") == 200, browser.page
    return browser


async def test_somebody_joins_with_an_account_and_sets_up_our_second_step(console, person) -> None:
    browser, token = person(), invite(console)
    await browser.go(f"/join/{token}")
    assert f"/join/{token}/sso" in browser.page
    assert await browser.through(f"/join/{token}/sso", "u-1", "pwd") == 200
    assert SECRET in browser.page
    assert await browser.send(f"/join/{token}/sso", code="000000") == 400
    assert "الرمز غير صحيح" in browser.page
    assert await browser.send(f"/join/{token}/sso", code=code(-1)) == 200
    assert len(re.findall(r"<code>[A-Z2-7-]{11}</code>", browser.page)) == 10
    assert await browser.go(f"/join/{token}") == 410

    later = person()
    assert await later.through("/login/sso?to=/staff", "u-1", "pwd") == 200
    assert await later.go("/staff") == 303, "the second step is still to be done"
    await later.go("/login/code")
    assert await later.send("/login/code", code=code(), to="/staff") == 303
    assert await later.go("/staff") == 200


async def test_a_second_step_of_the_provider_is_enough_where_the_settings_say_so(console, person) -> None:
    await joined(console, person)
    later = person()
    assert await later.through("/login/sso?to=/staff", "u-1", "otp") == 200
    assert 'content="0;url=/staff"' in later.page
    assert await later.go("/staff") == 200


async def test_an_account_without_any_second_step_does_not_get_in(console, person) -> None:
    await joined(console, person)
    later = person()
    assert await later.through("/login/sso", "u-1", "pwd") == 403
    assert "خطوة ثانية" in later.page
    assert await later.go("/") == 303


async def test_an_account_that_is_nobodys_opens_nothing_and_is_not_named_in_the_log(console, person) -> None:
    browser = person()
    assert await browser.through("/login/sso", "somebody-private", "mfa") == 403
    assert "غير مربوط" in browser.page
    assert await browser.go("/") == 303
    rows = console.write(lambda connection: connection.execute(select(AuditRow.__table__)).all())
    assert any(row.action == "log-in-failed" for row in rows)
    assert "somebody-private" not in str(rows)


async def test_somebody_who_was_disabled_does_not_get_in(console, person) -> None:
    await joined(console, person)
    console.write(lambda connection: connection.execute(update(StaffRow).values(disabled_at=utc_now())))
    assert await person().through("/login/sso", "u-1", "mfa") == 403


async def test_somebody_who_says_no_at_the_provider_is_told_so(console, person) -> None:
    browser = person()
    assert await browser.through("/login/sso", "refuse") == 403
    assert "لم يكتمل الدخول" in browser.page


async def test_an_answer_is_good_once_and_for_the_browser_that_asked(console, person) -> None:
    await joined(console, person)
    asked, other = person(), person()
    back = await asked.proven("/login/sso", "u-1", "mfa")
    await other.to_provider("/login/sso")
    assert await other.go(back) == 400, "another browser, which has a question of its own"
    assert await person().go(back) == 400, "another browser, which has asked nothing"
    assert await asked.go(back) == 200
    assert await asked.go(back) == 400, "again"


async def test_a_code_that_was_redeemed_proves_nothing(console, person) -> None:
    await joined(console, person)
    browser = person()
    back = await browser.proven("/login/sso", "u-1", "mfa")
    kept = {cookie.key: cookie.value for cookie in browser.session.cookie_jar}
    assert await browser.go(back) == 200
    browser.session.cookie_jar.update_cookies(kept)
    assert await browser.go(back) == 403
    assert "لم يؤكد" in browser.page


@pytest.mark.parametrize("change", [("iss=", "iss=http://evil.example/"), ("code=", "code=x")])
async def test_an_answer_that_was_changed_on_its_way_proves_nothing(console, person, change) -> None:
    await joined(console, person)
    browser = person()
    back = await browser.proven("/login/sso", "u-1", "mfa")
    assert await browser.go(back.replace(*change)) == 403
    assert await browser.go("/") == 303


async def test_an_account_is_linked_from_ones_own_page_and_unlinked(console, person) -> None:
    browser, token = person(), invite(console)
    form = {"password": PASSWORD, "again": PASSWORD, "code": code(-1)}
    await browser.go(f"/join/{token}")
    assert await browser.send(f"/join/{token}", **form) == 200
    await browser.send("/login", name="saleh", password=PASSWORD, to="/")
    assert await browser.send("/login/code", code=code(), to="/account") == 303
    await browser.go("/account")
    assert "/account/link" in browser.page
    assert await browser.through("/account/link", "u-2") == 200
    await browser.go("/account")
    assert "حسابك مربوط" in browser.page

    assert await person().through("/login/sso", "u-2", "mfa") == 200
    assert await browser.send("/account/unlink") == 303
    assert await person().through("/login/sso", "u-2", "mfa") == 403


async def test_one_account_is_one_persons(console, person) -> None:
    await joined(console, person)
    second = person()
    assert await second.through(f"/join/{invite(console, 'salma')}/sso", "u-1", "mfa") == 409
    assert "موظف آخر" in second.page
    assert await second.go("/") == 303


async def test_whoever_has_no_password_keeps_the_account(console, person) -> None:
    browser = await joined(console, person)
    await browser.go("/account")
    assert "/account/unlink" not in browser.page
    assert await browser.through("/login/again/sso", "u-1") == 200
    await browser.go("/account")
    assert await browser.send("/account/unlink") == 409


async def test_sensitive_work_asks_the_provider_again_and_for_the_same_person(console, person) -> None:
    browser = await joined(console, person)
    past = {"proved_at": utc_now().replace(year=2020)}
    console.write(lambda connection: connection.execute(update(SessionRow).values(**past)))
    await browser.go("/staff")
    assert await browser.send("/staff", name="new", shown="new") == 303
    assert "/login/again?to=" in browser.where
    await browser.go(browser.where)
    assert "/login/again/sso" in browser.page
    assert 'type="password"' not in browser.page, "they have none"
    browser.session.cookie_jar.clear_domain("localhost")
    assert await browser.through("/login/again/sso?to=/staff", "somebody-else") == 403
    await browser.go("/staff")
    assert await browser.send("/staff", name="new", shown="new") == 303, "still not"
    browser.session.cookie_jar.clear_domain("localhost")
    assert await browser.through("/login/again/sso?to=/staff", "u-1") == 200
    await browser.go("/staff")
    assert await browser.send("/staff", name="new", shown="new") == 200
    assert "/join/" in browser.page


async def test_leaving_the_provider_ends_every_session_here(console, person) -> None:
    browser = await joined(console, person)
    elsewhere = person()
    assert await elsewhere.through("/login/sso", "u-1", "mfa") == 200
    await browser.go("/")
    assert await browser.send("/leave") == 303
    await browser.go(browser.where)
    assert "/login/sso/leave" in browser.page
    assert await elsewhere.go("/") == 200
    assert await browser.go("/login/sso/leave") == 303
    await browser._ask("GET", browser.where)
    action = re.search(r'action="([^"]+)"', browser.page)
    secret = re.search(r'name="xsrf" value="([^"]+)"', browser.page)
    await browser._ask("POST", action[1], {"xsrf": secret[1], "logout": "yes"})
    while browser.answer in (302, 303) and not browser.where.startswith(browser.url):
        await browser._ask("GET", browser.where)
    assert await elsewhere.go("/") == 303


async def test_while_the_provider_is_away_passwords_open_and_the_page_says_so(making, person) -> None:
    async with running(making.settings("http://127.0.0.1:1")) as console:
        browser, token = person(), invite(console)
        await browser.go(f"/join/{token}")
        await browser.send(f"/join/{token}", password=PASSWORD, again=PASSWORD, code=code(-1))
        assert await browser.go("/login/sso") == 503
        assert "لا يجيب الآن" in browser.page
        await browser.send("/login", name="saleh", password=PASSWORD, to="/")
        assert await browser.send("/login/code", code=code(), to="/") == 303


@pytest.mark.parametrize(("secret", "alg"), [("", "RS256"), ("plain", "ES256")])
async def test_other_kinds_of_clients_and_keys(making, person, console_url, shared_peer, secret, alg) -> None:
    peer = start_peer(console_url, secret=secret, alg=alg)
    try:
        async with running(making.settings(peer.issuer, sso_client_secret=secret, sso_second_step="mfa")) as console:
            browser = await joined(console, person)
            assert await browser.go("/staff") == 200
    finally:
        peer.end()


async def test_an_administrator_sees_who_logs_in_how(console, person) -> None:
    await joined(console, person)
    admin = console.browser(Role.ADMIN)
    assert "بحساب مربوط ولا كلمة سر" in (await admin.get("/staff"))[1]
