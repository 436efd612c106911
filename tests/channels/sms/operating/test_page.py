"""What operators see on their page, and what they can do there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from channels.sms.operating.page import problems
from channels.sms.operating.page.app import HEALTH
from channels.sms.routing.switches import Stop, stop, stopped
from channels.sms.tables import PartRow
from channels.tables import OutboxRow
from storage import utc_now
from tests.channels.sms.operating.conftest import Operator
from tests.channels.sms.operating.seeding import NUMBER, TEXT, seed

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7 * 191919 }}"
PARTS = 400
NOTHING = "لم تُرسَل أي رسالة قصيرة في آخر 14 يومًا."


@pytest.fixture
async def seeded(database) -> None:
    await database.write(lambda connection: seed(connection, PARTS, utc_now()))


async def test_nothing_sent_yet(operator: Operator) -> None:
    status, page = await operator.get()
    assert status == 200
    assert NOTHING in page
    assert page.count("لم يُرسَل عن طريقه شيء في آخر 14 يومًا.") == 3
    assert all(f'<bdi dir="ltr">{name}</bdi>' in page for name in ("yemen-mobile", "sabafon", "you"))


async def test_figures(operator: Operator, database, seeded) -> None:
    now = utc_now()
    day = {"created_at": now - timedelta(minutes=1), "submitted_at": now - timedelta(minutes=1), "state": "accepted"}
    day |= {"accepted_at": now - timedelta(seconds=58), "done_at": None, "provider": "sabafon", "code": None}
    await database.write(lambda connection: connection.execute(update(PartRow).values(**day)))
    failed = {"state": "failed", "code": "EC:<11>"}
    first = update(PartRow).where(PartRow.message_id < f"{40:032x}").values(**failed)
    await database.write(lambda connection: connection.execute(first))
    delivered = {"state": "delivered", "done_at": now - timedelta(seconds=50)}
    last = update(PartRow).where(PartRow.message_id >= f"{300:032x}").values(**delivered)
    await database.write(lambda connection: connection.execute(last))
    _, page = await operator.get()
    rows = {
        " ".join(re.sub(r"<[^>]+>", " ", head).split()): [re.sub(r"<[^>]+>", "", cell) for cell in cells]
        for head, cells in (
            (row[0], re.findall(r"<td[^>]*>(.*?)</td>", row[1]))
            for row in re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', page)
        )
    }
    assert {name: cells[-1] for name, cells in rows.items()} == {
        "الأجزاء": "400",
        "مقبول عند المزوّد accepted": "260",
        "تم التسليم delivered": "100",
        "فشل الإرسال failed": "40",
        "نسبة التسليم": "25.0%",
        "ثواني القبول، الوسيط": "2.0",
        "ثواني القبول، 95%": "2.0",
        "ثواني التسليم، الوسيط": "10.0",
        "ثواني التسليم، 95%": "10.0",
        "الكلفة بالريال": "3,400",
        "الأجزاء في الدقيقة، في آخر 10 دقائق": "40.0",
        "EC:&lt;11&gt;": "40",
    }
    assert NOTHING not in page
    assert page.count("<rect ") == 2 * 14
    assert "3 دقائق" not in page and "دقيقتين" in page  # the oldest of those that wait


async def test_a_provider_is_stopped_and_used_again(operator: Operator, database) -> None:
    assert (await operator.send("/providers/sabafon/stop", reason="  عطل\nعند المشغل "))[0] == 303
    [found] = (await database.read(stopped)).values()
    assert found == Stop("sabafon", "عطل عند المشغل", "سالم", found.at)
    _, page = await operator.get()
    assert "<bdi>عطل عند المشغل</bdi>" in page
    assert "أوقفه <bdi>سالم</bdi>" in page
    assert f"{found.at + timedelta(hours=3):%Y-%m-%d %H:%M:%S}" in page
    assert page.count("/resume") == 1
    assert (await operator.send("/providers/sabafon/resume"))[0] == 303
    assert await database.read(stopped) == {}
    assert "/resume" not in (await operator.get())[1]


async def test_one_that_the_file_names_no_more_can_be_resumed_but_not_stopped(operator: Operator, database) -> None:
    await database.write(lambda connection: stop(connection, "old", "انتهى العقد", "amal"))
    _, page = await operator.get()
    assert "ليس في ملف الإعداد" in page
    assert "/providers/old/stop" not in page
    assert (await operator.send("/providers/old/resume"))[0] == 303
    assert await database.read(stopped) == {}
    assert "ليس في ملف الإعداد" not in (await operator.get())[1]


async def test_hostile_words_are_shown_as_they_are(operator: Operator, database, seeded) -> None:
    await database.write(lambda connection: stop(connection, "sabafon", HOSTILE, HOSTILE[:60]))
    await database.write(lambda connection: stop(connection, '"><b>', HOSTILE, "x"))
    hostile = {"code": HOSTILE[:40], "provider_id": HOSTILE, "error": "<i>", "state": "failed"}
    await database.write(lambda connection: connection.execute(update(PartRow).values(**hostile)))
    for path in ("/", f"/message?id={0:032x}", "/message?id=" + HOSTILE, "/" + HOSTILE):
        _, page = await operator.get(path)
        assert not re.search(r"<(script>|img|b>|i>)|alert\(1\)</script>|1343433", page), path
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in (await operator.get())[1]


REFUSED = [
    ("/providers/nobody/stop", {"reason": "سبب"}, 404, problems.UNKNOWN_PROVIDER),
    ("/providers/nobody/resume", {}, 404, problems.UNKNOWN_PROVIDER),
    ("/providers/%00%ff/resume", {}, 404, problems.UNKNOWN_PROVIDER),
    ("/providers/sabafon/stop", {}, 400, problems.NO_REASON),
    ("/providers/sabafon/stop", {"reason": " \n "}, 400, problems.NO_REASON),
    ("/providers/sabafon/stop", {"reason": "\u202e\u200b\x00"}, 400, problems.NO_REASON),
    ("/providers/sabafon/stop", {"reason": "س" * 201}, 400, problems.LONG_REASON),
    ("/providers/sabafon/stop", {"reason": "س" * 9000}, 413, problems.TOO_LARGE),
]


@pytest.mark.parametrize(("path", "fields", "status", "said"), REFUSED, ids=range(len(REFUSED)))
async def test_what_cannot_be_done_is_said_in_arabic(operator: Operator, database, path, fields, status, said) -> None:
    assert await said_to(operator.send(path, **fields)) == (status, said)
    assert await database.read(stopped) == {}


async def said_to(sending: Any) -> tuple[int, str]:
    status, page = await sending
    found = re.search(r'role="alert">(.*)</p>', page)
    return status, found.group(1) if found else ""


async def test_the_longest_reason(operator: Operator, database) -> None:
    assert (await operator.send("/providers/sabafon/stop", reason="س" * 200))[0] == 303
    assert (await database.read(stopped))["sabafon"].reason == "س" * 200


SEARCHES = [
    (f"{7:032x}", 200, ""),
    (f"{7:032x}-1", 200, ""),
    (f"%20{10:032X}%0a", 200, ""),
    (f"{PARTS:032x}", 200, ""),  # of a message that waits
    ("f" * 32, 404, problems.UNKNOWN_ID),
    ("", 400, problems.BAD_ID),
    ("7", 400, problems.BAD_ID),
    ("0" * 33, 400, problems.BAD_ID),
    (f"{7:032x}-x", 400, problems.BAD_ID),
    ("967771234567", 400, problems.BAD_ID),
    ("%00" * 32, 400, problems.BAD_ID),
    ("%ff", 400, problems.BAD_ID),
    ("0" * 5000, 400, problems.BAD_ID),
]


@pytest.mark.parametrize(("given", "status", "said"), SEARCHES, ids=range(len(SEARCHES)))
async def test_a_search(operator: Operator, seeded, given: str, status: int, said: str) -> None:
    assert await said_to(operator.get(f"/message?id={given}")) == (status, said)


async def test_the_way_of_a_message(operator: Operator, seeded) -> None:
    _, page = await operator.get(f"/message?id={7:032x}-1")
    assert "الجزء 1 من 1" in page
    assert '<bdi dir="ltr">mt-7</bdi>' in page
    _, page = await operator.get(f"/message?id={PARTS:032x}")
    assert "لم يُسلَّم شيء من هذه الرسالة إلى مزوّد بعد." in page


async def test_no_page_has_a_text_or_a_number(operator: Operator, database, seeded) -> None:
    assert TEXT in str(await database.read(lambda connection: connection.execute(OutboxRow.__table__.select()).all()))
    pages = [(await operator.get())[1]]
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', pages[0])
    assert len(assets) == 2
    for path in [*assets, HEALTH, "/nowhere", *(f"/message?id={number:032x}" for number in range(PARTS + 3))]:
        status, page = await operator.get(path)
        assert status == (404 if path == "/nowhere" else 200), path
        pages.append(page)
    everything = "".join(pages)
    assert f"{PARTS - 1:032x}" in everything
    for secret in (TEXT, NUMBER, NUMBER.removeprefix("+967")):
        assert secret not in everything


async def test_nothing_is_inline_and_nothing_from_elsewhere(operator: Operator, seeded) -> None:
    for path in ("/", f"/message?id={7:032x}", "/message?id=x"):
        _, page = await operator.get(path)
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]* src=)|https?://", page), path


@pytest.mark.parametrize("path", ["/", f"/message?id={7:032x}"])
async def test_the_database_is_away(open_page, tmp_path, path: str) -> None:
    operator = await open_page(database_url=f"sqlite:///{tmp_path}")  # a folder
    response, page = await operator.ask("GET", path)
    assert (response.status, response.headers["Retry-After"]) == (503, "10")
    assert problems.DATABASE_AWAY in page
    assert (await operator.get(HEALTH))[0] == 200
