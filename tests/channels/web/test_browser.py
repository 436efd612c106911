"""The page in a real Chromium: with and without its script, by keyboard, small, hostile, offline, inside a frame."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import expect

from channels.text import FALLBACK
from channels.wiring import wire
from tests.channels.fake_assistant import Step, reply
from tests.channels.handover.people import Office, wants_a_person
from tests.channels.harness import free_port, until
from tests.channels.web.browser import ask, box, said, shot

pytestmark = pytest.mark.e2e
expect.set_options(timeout=20_000)
FEES = (
    "رسوم البطاقة الشخصية:\n• إصدار لأول مرة: 3,500 ريال\n• بدل فاقد: 5,000 ريال، رقم المعاملة SAN-2024/117\n\n"
    "المصدر: قرار رقم 12 لسنة 2021 (موقع yemen.gov.ye)، بتاريخ 2024-03-01."
)
CHOICES = [{"id": "c1", "title": "الأوراق المطلوبة"}, {"id": "c2", "title": "مدة الإنجاز"}]


async def test_a_conversation(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url, assistant_budget_seconds=30.0)
    page = await browse(site.url, viewport={"width": 1280, "height": 800})
    await shot(page, "1-welcome")
    hold = asyncio.Event()
    assistant.script.append(Step(hold=hold, body=reply(FEES, choices=CHOICES)))
    await ask(page, "كم رسوم البطاقة الشخصية؟")
    await expect(page.get_by_role("status")).to_have_text("دليل يكتب الجواب…")
    await shot(page, "2-typing")
    hold.set()
    await expect(said(page, "dalil")).to_have_text([FEES])
    await expect(page.get_by_role("status")).to_have_text("")
    await expect(box(page)).to_be_focused()
    await shot(page, "3-answer")
    await page.get_by_role("button", name="مدة الإنجاز").click()
    await expect(said(page, "dalil")).to_have_count(2)
    assert assistant.asked[1]["choice"] == "c2"
    before = await page.get_by_role("log").inner_text()
    await page.reload()
    assert await page.get_by_role("log").inner_text() == before
    # A second tab of the same browser hears both sides.
    other = await page.context.new_page()
    await other.goto(site.url)
    await ask(page, "سؤال من صفحة أخرى")
    await expect(said(other, "citizen").last).to_have_text("سؤال من صفحة أخرى")
    await expect(said(other, "dalil").last).to_have_text("الجواب: سؤال من صفحة أخرى")


async def test_a_person_takes_over(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    office = await Office(site).opens()
    page = await browse(site.url)
    wants_a_person(assistant)
    await ask(page, "موظف")
    await expect(said(page, "dalil")).to_have_count(1)
    mine = await office.take()
    await expect(said(page, "dalil")).to_have_count(2)
    await ask(page, "أين معاملتي؟")
    await expect(said(page, "citizen")).to_have_count(2)
    await expect(page.get_by_role("status")).to_have_text("")  # Dalil writes nothing
    await office.reply(mine, "عند المدير")
    await expect(said(page, "person")).to_have_text(["موظف مكتب خدمة المواطنين:\nعند المدير"])
    await office.release(mine)
    await ask(page, "كم الرسوم؟")
    await expect(said(page, "dalil").last).to_have_text("الجواب: كم الرسوم؟")


async def test_the_keyboard_alone(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url)
    await page.evaluate("document.activeElement.blur()")
    focused = "document.activeElement.textContent.trim() || document.activeElement.id"
    order = []
    for _ in range(8):
        await page.keyboard.press("Tab")
        order.append(await page.evaluate(focused))
    assert order[:2] == ["انتقل إلى كتابة سؤالك", "خيارات"]
    assert order[-2:] == ["question", "إرسال"]
    await box(page).focus()
    await page.keyboard.type("السطر الأول")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("السطر الثاني")
    await shot(page, "4-keyboard")
    await page.keyboard.press("Enter")
    await expect(said(page, "citizen")).to_have_text("السطر الأول\nالسطر الثاني")
    await expect(box(page)).to_have_value("")
    await expect(said(page, "dalil")).to_have_count(1)
    await page.locator("summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    assert await page.evaluate(focused) == "احذف محادثتي"
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="نعم، احذفها").press("Enter")
    await expect(page.get_by_text("حُذفت محادثتك")).to_be_visible()
    await expect(said(page, "citizen")).to_have_count(0)


async def test_what_a_screen_reader_is_told(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url)
    assert await page.evaluate("[document.documentElement.lang, document.dir]") == ["ar", "rtl"]
    log = page.get_by_role("log", name="المحادثة")
    await expect(log).to_have_attribute("aria-live", "polite")
    await page.evaluate("document.getElementById('log').dataset.kept = 'yes'")
    await ask(page, "سؤال")
    await expect(said(page, "dalil")).to_have_count(1)
    await expect(log).to_have_attribute("data-kept", "yes")  # the container stays, or its news are not read out
    assert (await log.inner_text()).split("\n")[0] == "أنت:"
    await expect(page.get_by_role("heading", level=1)).to_have_text("دليل")
    await expect(page.get_by_role("banner")).to_have_count(1)
    await expect(page.get_by_role("main")).to_have_count(1)


SIZES = [("phone", 320, 568), ("zoomed", 640, 360), ("zoomed-more", 320, 256)]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """[...document.querySelectorAll('button, summary, textarea, .menu a, a.plain')]
    .filter(one => one.offsetParent).map(one => [one.textContent, one.getBoundingClientRect()])
    .filter(([, size]) => size.height < 44 || size.width < 44).map(([name]) => name)"""


@pytest.mark.parametrize(("name", "width", "height"), SIZES)
@pytest.mark.parametrize("script", [True, False])
async def test_small_screens(sqlite_url, assistant, start_site, browse, name, width, height, script) -> None:
    site = await start_site(sqlite_url)
    size = {"width": width, "height": height}
    page = await browse(site.url, viewport=size, java_script_enabled=script)
    assistant.script.append(Step(body=reply(f"{FEES}\n{'طويل' * 60} {'x' * 90}", choices=CHOICES)))
    await ask(page, "كم رسوم البطاقة الشخصية؟")
    await expect(page.get_by_role("button", name="مدة الإنجاز")).to_have_count(1)
    await expect(said(page, "dalil")).to_contain_text("3,500")
    await shot(page, f"5-{name}-{'script' if script else 'no-script'}")
    if script:
        assert await page.evaluate(WIDER) <= 0
        await page.locator("summary").click()
        assert await page.evaluate(SMALL_TARGETS) == []


async def test_without_javascript(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, java_script_enabled=False)
    assistant.script.append(Step(body=reply(FEES, choices=CHOICES)))
    await page.get_by_role("button", name="كم رسوم توثيق عقد الزواج؟").click()
    await expect(said(page, "citizen")).to_have_text(["كم رسوم توثيق عقد الزواج؟"])
    await expect(said(page, "dalil")).to_have_text([FEES])
    assert await said(page, "dalil").locator("bdi").all_inner_texts() == [
        "3,500",
        "5,000",
        "SAN-2024/117",
        "12",
        "2021",
        "yemen.gov.ye",
        "2024-03-01",
    ]
    await page.get_by_role("button", name="مدة الإنجاز").click()
    await ask(page, "شكرًا")
    await expect(said(page, "dalil")).to_have_count(3)
    await expect(said(page, "dalil").last).to_be_in_viewport()
    await shot(page, "6-no-script")


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202eمقلوب 👩‍👩‍👧‍👦 \x00 {{7*7}} 117-SAN"


async def test_hostile_text(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url)
    title = [{"id": "c1", "title": "<b>عنوان</b>"}]
    assistant.script.append(Step(body=reply(HOSTILE.replace("\x00", ""), choices=title)))
    tags = "[document.scripts.length, document.images.length, document.querySelectorAll('#log b').length]"
    await ask(page, HOSTILE)
    await expect(said(page, "dalil")).to_contain_text("<script>alert(1)</script><img src=x onerror=alert(2)>")
    assert await page.evaluate(tags) == [1, 0, 0]
    await page.reload()
    assert await page.evaluate(tags) == [1, 0, 0]
    await expect(said(page, "citizen")).to_contain_text("<img src=x onerror=alert(2)>")
    await page.get_by_role("button", name="<b>عنوان</b>").click()
    await expect(said(page, "dalil")).to_have_count(2)
    await shot(page, "7-hostile")


async def test_a_message_too_long_is_not_sent(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url)
    await box(page).fill("س" * 1003)
    hint = page.get_by_text("رسالتك أطول من 1000 حرف. احذف منها 3.")
    await expect(hint).to_be_visible()
    await page.get_by_role("button", name="إرسال").click()
    await box(page).fill("س" * 1000)
    await expect(hint).to_have_count(0)
    await page.get_by_role("button", name="إرسال").click()
    await expect(said(page, "dalil")).to_have_count(1)
    assert [len(text) for text in assistant.texts] == [1000]


async def test_offline_and_back(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, quiet=True)
    await page.context.set_offline(True)
    await ask(page, "أول")
    await ask(page, "ثان")
    await expect(page.get_by_text("لم تُرسل بعد")).to_have_count(2)
    await expect(page.get_by_role("status")).to_contain_text("لا يوجد اتصال بالإنترنت")
    await shot(page, "8-offline")
    await page.context.set_offline(False)
    await expect(said(page, "dalil")).to_have_text(["الجواب: أول", "الجواب: ثان"])
    await expect(page.get_by_text("لم تُرسل بعد")).to_have_count(0)
    assert assistant.texts == ["أول", "ثان"]


async def test_an_acknowledgement_that_gets_lost(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, quiet=True)

    async def lose(route: Any) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/api/messages", lose, times=1)
    await ask(page, "سؤال")
    await expect(said(page, "dalil")).to_have_text(["الجواب: سؤال"])
    await expect(page.get_by_text("لم تُرسل بعد")).to_have_count(0)
    assert (len(assistant.asked), len(await site.inbox())) == (1, 1)


async def test_unsent_messages_survive_a_reload(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, quiet=True)
    await page.route("**/api/messages", lambda route: route.abort())
    await ask(page, "سؤال")
    await expect(page.get_by_text("لم تُرسل بعد")).to_have_count(1)
    await page.unroute("**/api/messages")
    await page.reload()
    await expect(said(page, "dalil")).to_have_text(["الجواب: سؤال"])
    await expect(said(page, "citizen")).to_have_text(["سؤال"])
    assert assistant.texts == ["سؤال"]


async def test_streams_that_never_arrive(sqlite_url, assistant, start_site, browse) -> None:
    """A proxy that holds server-sent events back: the answer is fetched."""
    site = await start_site(sqlite_url)
    page = await browse("about:blank", quiet=True)

    async def hold_streams_back(route: Any) -> None:
        if "text/event-stream" in route.request.headers.get("accept", ""):
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/api/events*", hold_streams_back)
    await page.goto(site.url)
    await ask(page, "سؤال")
    await expect(said(page, "dalil")).to_have_text(["الجواب: سؤال"])


async def test_a_failure_behind_the_page_is_told(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url)
    assistant.script.append(Step(status=422))
    await ask(page, "سؤال")
    await expect(said(page, "dalil")).to_have_text([FALLBACK])
    await expect(page.get_by_role("status")).to_have_text("")


async def test_dark(sqlite_url, assistant, start_site, browse) -> None:
    site = await start_site(sqlite_url)
    page = await browse(site.url, color_scheme="dark")
    assistant.script.append(Step(body=reply(FEES, choices=CHOICES)))
    await ask(page, "كم رسوم البطاقة الشخصية؟")
    await expect(said(page, "dalil")).to_have_count(1)
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 22)"
    await shot(page, "9-dark")


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A self-signed certificate for loopback."""
    key, file = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run([*command, "-keyout", key, "-out", file, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context


@pytest.mark.parametrize("allowed", [True, False])
async def test_inside_a_ministrys_page(sqlite_url, assistant, start_gateway, browse, certificate, allowed) -> None:
    port, host_port = free_port(), free_port()
    ministry = f"https://localhost:{host_port}"
    site = await start_gateway(
        sqlite_url,
        wiring=wire,
        tls=certificate,
        gateway_port=port,
        public_url=f"https://127.0.0.1:{port}",
        web_frame_ancestors=ministry if allowed else "https://another.example",
    )

    async def embed(_request: web.Request) -> web.Response:
        return web.Response(text=f'<iframe src="{site.url}/" width="380" height="600">', content_type="text/html")

    app = web.Application()
    app.router.add_get("/", embed)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", host_port, ssl_context=certificate).start()
    try:
        page = await browse("about:blank", quiet=True, ignore_https_errors=True)
        await page.goto(ministry)
        frame = page.frame_locator("iframe")
        if not allowed:
            await until(lambda: any(frame.url.startswith("chrome-error") for frame in page.frames))
            return
        await frame.get_by_label("اكتب سؤالك", exact=True).fill("سؤال من صفحة الوزارة")
        await frame.get_by_role("button", name="إرسال").click()
        await expect(frame.locator("#log .dalil > p")).to_have_text("الجواب: سؤال من صفحة الوزارة")
        await shot(page, "10-embedded")
    finally:
        await runner.cleanup()
