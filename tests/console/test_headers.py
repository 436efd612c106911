"""What every answer of the console tells the browser, and what it does not tell anybody."""

from __future__ import annotations

import pytest

from console.access.roles import Role

POLICY = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/login", "/faq/privacy", "/audit", "/no-such-page", "/faq/no-such-topic"])
async def test_pages_are_closed_to_others(console, path: str) -> None:
    admin = console.browser(Role.ADMIN)
    async with console.client.get(path, headers={"Cookie": admin.cookie}) as response:
        policy = response.headers["Content-Security-Policy"]
        body = await response.text()
    assert all(part in policy for part in POLICY)
    assert "unsafe" not in policy
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "Server" not in response.headers
    assert "<script>" not in body
    assert "style=" not in body
    assert "onclick" not in body


async def test_the_cookie_is_locked_to_the_host_over_https(console) -> None:
    from console.accounts.sessions import Sessions

    sessions = Sessions(console.settings.model_copy(update={"console_url": "https://staff.gov.ye"}))
    assert sessions.cookie == "__Host-dalil-console"
    assert "Secure" in sessions._flags


@pytest.mark.parametrize("size", [300_000, 5_000_000])
async def test_a_form_that_is_too_large_is_refused_in_words(console, size: int) -> None:
    status, page = await console.browser(Role.EDITOR).post("/faq/privacy", {"title": "ا" * (size // 2)})
    assert status == 413
    assert "أكبر مما تقبله" in page


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"csrf=%ff%fe", b"&&&===", b""])
async def test_a_broken_form_is_no_stack_trace(console, body: bytes) -> None:
    editor = console.browser(Role.EDITOR)
    headers = {"Cookie": editor.cookie, "Sec-Fetch-Site": "same-origin"}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    async with console.client.post("/faq/privacy", data=body, headers=headers) as response:
        assert response.status in (400, 403)
        assert "Traceback" not in await response.text()
