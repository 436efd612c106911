"""Notices and channels through the console's pages: publishing, previews, withdrawing, stopping; who may; the log."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from channels.notices import publishing, switches
from channels.notices.limits import Kind
from console.access.roles import Role
from console.audit.pages import entries
from settings.quiet import YEMEN
from storage import utc_now

TEXT = "المكتب مغلق غدا."


def at(hours: float) -> str:
    """A time as a browser's field gives it."""
    return f"{(utc_now() + timedelta(hours=hours)).astimezone(YEMEN):%Y-%m-%dT%H:%M}"


def form(**changes: Any) -> dict[str, Any]:
    fields = {"text": TEXT, "kind": "banner", "channel": ["web", "telegram", "sms"], "starts": "", "ends": at(2)}
    return fields | {"reason": "عطلة رسمية"} | changes


def shown(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def listed(console: Any) -> list[publishing.Notice]:
    return console.write(publishing.listed)


def acts(console: Any, action: str) -> list[Any]:
    return console.write(lambda connection: entries(connection, {"action": action}, None, 9))


async def test_a_notice_is_published_shown_and_withdrawn(console) -> None:
    reviewer = console.browser(Role.REVIEWER)
    assert await reviewer.post("/notices/new", form(text=f"{TEXT}\u202e")) == (303, "/notices?done=saved")
    [notice] = listed(console)
    assert (notice.text, notice.kind, notice.author) == (TEXT, Kind.BANNER, "reviewer")
    assert notice.runs(utc_now()) and abs(notice.ends_at - utc_now() - timedelta(hours=2)) < timedelta(minutes=2)
    [act] = acts(console, "notice-publish")
    assert (act["actor"], act["subject"], act["reason"]) == ("reviewer", str(notice.id), "عطلة رسمية")
    assert act["detail"]["channels"] == ["web", "telegram", "sms"]
    _, page = await reviewer.get("/notices")
    assert TEXT in page and "يُعرض الآن" in page and "عطلة رسمية" in page
    assert await reviewer.post(f"/notices/{notice.id}/withdraw") == (303, "/notices?done=saved")
    assert (await reviewer.post(f"/notices/{notice.id}/withdraw"))[0] == 410
    assert listed(console)[0].withdrawn_by == "reviewer"
    assert len(acts(console, "notice-withdraw")) == 1
    assert "سُحب" in (await reviewer.get("/notices"))[1]


async def test_a_start_is_by_yemens_clock(console) -> None:
    admin = console.browser(Role.ADMIN)
    starts, ends = at(24), at(48)
    assert (await admin.post("/notices/new", form(starts=starts, ends=ends)))[0] == 303
    [notice] = listed(console)
    assert f"{notice.starts_at.astimezone(YEMEN):%Y-%m-%dT%H:%M}" == starts
    assert not notice.runs(utc_now())
    assert "لم يبدأ" in (await admin.get("/notices"))[1]


REFUSED = [
    ({"text": " "}, "اكتب النص الذي يراه المواطن."),
    ({"text": "ا" * 80}, "الإعلان على SMS 80 وحدة، والحد 66"),
    ({"text": "ا" * 301, "channel": ["web"]}, "النص 301 حرفًا، والحد 300."),
    ({"text": "ا" * 400, "kind": "answer"}, "النص على SMS 6 أجزاء، والحد 3"),
    ({"channel": []}, "اختر قناة واحدة على الأقل."),
    ({"channel": ["fax"]}, "اختر قناة واحدة على الأقل."),
    ({"reason": ""}, "اكتب السبب."),
    ({"ends": ""}, "اكتب وقت البداية والنهاية كاملين."),
    ({"ends": "غدا"}, "اكتب وقت البداية والنهاية كاملين."),
    ({"starts": at(3), "ends": at(2)}, "النهاية ليست بعد البداية."),
    ({"starts": at(-3), "ends": at(-2)}, "وقت النهاية مضى."),
    ({"ends": at(32 * 24)}, "المدة أطول من 31 يومًا."),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED)
async def test_what_is_refused_says_why_and_keeps_what_was_typed(console, changes, said) -> None:
    reviewer = console.browser(Role.REVIEWER)
    status, page = await reviewer.post("/notices/new", form(**changes))
    assert status == 400
    assert said in shown(page)
    assert f">{changes.get('text', TEXT)}</textarea>" in page
    assert listed(console) == [] and acts(console, "notice-publish") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            "2 رسالة، 95 وحدة. الإعلان وحده 16 وحدة من 66. "
            "قد يزيد رسالتين على الجواب، مرة لكل مواطن: 17 ريالًا على الأكثر.",
        ),
        ({"kind": "answer"}, "1 رسالة، 16 وحدة. 8.5 ريالًا لكل سؤال."),
        ({"kind": "answer", "text": "ا" * 201}, "3 رسالة، 201 وحدة. 25.5 ريالًا لكل سؤال."),
    ],
)
async def test_the_preview_counts_what_sms_costs(console, changes, expected: str) -> None:
    reviewer = console.browser(Role.REVIEWER)
    status, panel = await reviewer.post("/notices/preview", form(**changes), **{"HX-Request": "true"})
    assert status == 200
    assert " ".join(expected.split()) in " ".join(shown(panel).split())
    assert panel.count('<section class="card preview') == 3


async def test_the_preview_says_what_is_wrong_and_shows_only_the_chosen_channels(console) -> None:
    reviewer = console.browser(Role.REVIEWER)
    hostile = "<script>alert(1)</script>\u202e"
    _, panel = await reviewer.post("/notices/preview", form(text=hostile, channel=["web"], reason=""))
    assert "اكتب السبب" in panel and "&lt;script&gt;" in panel and "<script" not in panel and "\u202e" not in panel
    assert panel.count('<section class="card preview') == 1
    _, panel = await reviewer.post("/notices/preview", form(text="", ends=""))
    assert "كاملين" in panel and "preview" not in panel


@pytest.mark.parametrize(
    ("channel", "said", "expected"),
    [
        ("sms", "", f"1 رسالة، {len(switches.SAID['sms'])} وحدة. 8.5 ريالًا لكل من يكتب."),
        ("sms", "ا" * 202, "النص على SMS 4 أجزاء، والحد 3"),
        ("web", "نعود غدا.", "نعود غدا."),
    ],
)
async def test_the_preview_of_what_a_stop_says(console, channel, said, expected) -> None:
    admin = console.browser(Role.ADMIN)
    status, panel = await admin.post(f"/notices/channels/{channel}/preview", {"said": said})
    assert status == 200 and expected in " ".join(shown(panel).split())


async def test_a_channel_is_stopped_changed_and_resumed(console) -> None:
    admin = console.browser(Role.ADMIN)
    status, page = await admin.post("/notices/channels/sms/stop", {"reason": " ", "said": "نعود غدا."})
    assert status == 400 and "اكتب السبب" in page and ">نعود غدا.</textarea>" in page
    assert console.write(switches.stopped) == {}
    assert await admin.post("/notices/channels/sms/stop", {"reason": "عطل", "said": ""}) == (
        303,
        "/notices?done=saved",
    )
    stop = console.write(switches.stopped)["sms"]
    assert (stop.reason, stop.said, stop.by) == ("عطل", switches.SAID["sms"], "admin")
    _, page = await admin.get("/notices")
    assert "متوقفة" in page and "إعادة القناة" in page
    await admin.post("/notices/channels/sms/stop", {"reason": "عطل طويل", "said": "نعود مساء."})
    changed = console.write(switches.stopped)["sms"]
    assert (changed.said, changed.at) == ("نعود مساء.", stop.at)
    assert (await admin.post("/notices/channels/sms/resume"))[0] == 303
    assert (await admin.post("/notices/channels/sms/resume"))[0] == 410
    assert console.write(switches.stopped) == {}
    assert [act["reason"] for act in acts(console, "channel-stop")] == ["عطل طويل", "عطل"]
    [act] = acts(console, "channel-resume")
    assert (act["subject"], act["detail"]["by"]) == ("sms", "admin")


async def test_who_serves_one_ministry_announces_nothing_to_all(console) -> None:
    reviewer = console.browser(Role.REVIEWER, ministry="moi-civil-status")
    assert (await reviewer.get("/notices"))[0] == 200
    assert (await reviewer.get("/notices/new"))[0] == 403
    assert (await reviewer.post("/notices/new", form()))[0] == 403
    assert "إعلان جديد" not in (await reviewer.get("/notices"))[1]
    assert (
        await console.browser(Role.ADMIN, ministry="moi-civil-status").post(
            "/notices/channels/sms/stop", {"reason": "عطل"}
        )
    )[0] == 403
    assert listed(console) == [] and console.write(switches.stopped) == {}


async def test_the_page_in_english(console) -> None:
    admin = console.browser(Role.ADMIN)
    await admin.post("/notices/new", form())
    admin.cookie += "; dalil-language=en"
    _, page = await admin.get("/notices")
    assert "Notices and channels" in page and "Shown now" in page and "Withdraw the notice" in page
