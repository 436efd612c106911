"""Sessions, forgery, framing, limits."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import update

from channels.tables import Address, Contact
from storage import utc_now


async def test_the_page_may_do_nothing_that_it_does_not_need(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    response = await (await visit(site.url)).open()
    policy = dict(rule.split(" ", 1) for rule in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Server" not in response.headers


COOKIES = [
    ({}, "dalil=", {"HttpOnly", "SameSite=Lax", "Path=/"}, {"Secure"}),
    (
        {"public_url": "https://dalil.gov.ye"},
        "__Host-dalil=",
        {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"},
        {"Partitioned"},
    ),
    (
        {"public_url": "https://dalil.gov.ye", "web_frame_ancestors": "https://moi.gov.ye"},
        "__Host-dalil=",
        {"HttpOnly", "SameSite=None", "Secure", "Partitioned", "Path=/"},
        {"SameSite=Lax"},
    ),
]


@pytest.mark.parametrize(("settings", "name", "flags", "without"), COOKIES)
async def test_the_cookie(sqlite_url, assistant, start_site, settings, name, flags, without) -> None:
    site = await start_site(sqlite_url, **settings)
    own = f"http://127.0.0.1:{site.settings.gateway_port}/"
    async with aiohttp.ClientSession() as session, session.get(own) as response:
        [cookie] = response.headers.getall("Set-Cookie")
        parts = set(cookie.split("; "))
        assert cookie.startswith(name)
        assert flags <= parts
        assert not without & parts
        assert len(cookie.split(";")[0]) == len(name) + 43
        if "web_frame_ancestors" in settings:
            assert "frame-ancestors https://moi.gov.ye" in response.headers["Content-Security-Policy"]
            assert "X-Frame-Options" not in response.headers


FORGED = [
    ({"headers": {"X-CSRF-Token": "0" * 64}}, 403),
    ({"headers": {"X-CSRF-Token": "é"}}, 403),
    ({"headers": {"Origin": "https://evil.example"}}, 403),
    ({"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
    ({"headers": {"Sec-Fetch-Site": "same-site"}}, 403),
    ({"headers": {"Sec-Fetch-Site": "same-origin", "Origin": "null"}}, 202),
    ({"headers": {"Origin": "null"}}, 202),
    ({}, 202),
]


@pytest.mark.parametrize(("options", "status"), FORGED)
async def test_only_our_own_page_may_send(sqlite_url, assistant, start_site, visit, options, status) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    assert (await visitor.send("12345678", "سؤال", **options))[0] == status
    assert len(await site.inbox()) == (status == 202)


async def test_forms_of_others_are_refused_in_arabic(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    response = await visitor.post("/chat", text="سؤال", csrf="0" * 64)
    assert response.status == 403
    assert "افتح الصفحة من جديد" in visitor.html
    response = await visitor.post("/forget", origin="https://evil.example")
    assert response.status == 403
    assert assistant.asked == []


async def test_without_a_session_nothing_is_taken_or_told(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    visitor.session.cookie_jar.clear()
    assert await visitor.send("12345678", "سؤال") == (401, {"status": "no_session"})
    assert (await visitor.open("/api/events")).status == 401
    visitor.headers = {"Cookie": "dalil=../../etc/passwd"}
    assert (await visitor.send("12345678", "سؤال"))[0] == 401


async def test_the_log_does_not_hold_what_opens_a_session(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    await visitor.send("12345678", "سؤال")
    secret = visitor.cookie().split("=")[1]
    [address] = await site._rows(Address, Address.address)
    assert secret not in address.address
    assert secret not in str(await site.inbox())


AGES = [
    ({"started_at": timedelta(hours=13)}, True, 401),
    ({"last_message_at": timedelta(minutes=31)}, True, 202),
    ({"last_message_at": timedelta(minutes=29)}, False, 202),
]


@pytest.mark.parametrize(("age", "hidden", "status"), AGES)
async def test_an_old_conversation_is_not_shown_again(
    sqlite_url, assistant, start_site, visit, age, hidden, status
) -> None:
    site = await start_site(sqlite_url)
    visitor = await visit(site.url)
    await visitor.post("/chat", text="سؤالي")
    cookie, csrf = visitor.cookie(), visitor.csrf
    times = {name: utc_now() - by for name, by in age.items()}
    await site.database.write(lambda connection: connection.execute(update(Contact).values(**times)))
    await visitor.open()
    assert ("سؤالي" not in visitor.html) == hidden
    # The page that was left open still sends, while its session lives.
    visitor.wear(cookie)
    visitor.csrf = csrf
    assert (await visitor.send("12345678", "بعدها"))[0] == status


async def test_too_many_messages(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url, web_messages_per_minute=3)
    visitor = await visit(site.url)
    statuses = [(await visitor.send(f"message-{number}", "سؤال"))[0] for number in range(5)]
    assert statuses == [202, 202, 202, 429, 429]
    await visitor.open()
    assert visitor.html.count("وصلت منك رسائل كثيرة. انتظر دقيقة ثم أرسل سؤالك.") == 1


async def test_too_many_conversations_from_one_address(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url, web_sessions_per_hour=2, trusted_proxies="127.0.0.1")
    visitors = [await visit(site.url) for _ in range(5)]
    addresses = ["10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.9.9.9, 10.0.0.1"]
    statuses = []
    for visitor, address in zip(visitors, addresses, strict=True):
        visitor.headers = {"X-Forwarded-For": address}
        statuses.append((await visitor.send("12345678", "سؤال"))[0])
    assert statuses == [202, 202, 429, 202, 429]
    # Who has a conversation goes on with it.
    assert (await visitors[0].send("87654321", "سؤال"))[0] == 202
    response = await visitors[2].post("/chat", text="سؤال")
    assert response.status == 429
    assert "فُتحت محادثات كثيرة" in visitors[2].html


async def test_a_forwarded_address_is_believed_from_our_proxies_only(sqlite_url, assistant, start_site, visit) -> None:
    site = await start_site(sqlite_url, web_sessions_per_hour=1)
    for number, expected in enumerate([202, 429]):
        visitor = await visit(site.url)
        visitor.headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        assert (await visitor.send("12345678", "سؤال"))[0] == expected
