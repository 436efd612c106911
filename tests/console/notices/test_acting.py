"""From the console's page to citizens: two gateways on the console's database do what its pages decide."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from channels.notices.switches import SAID
from channels.tables import InboxRow
from console.access.roles import Role
from tests.channels.fake_assistant import FakeAssistant
from tests.channels.harness import Gateway, RecordingChannel, make_settings, until
from tests.channels.noticing import known
from tests.console.notices.test_pages import TEXT, form, listed


@pytest.fixture
async def gateways(sqlite_url: str) -> AsyncIterator[list[tuple[Gateway, RecordingChannel]]]:
    assistant, made = FakeAssistant(), []
    await assistant.start()
    for _ in range(2):
        channel = RecordingChannel("telegram")
        channel.pages = 10
        made.append((await Gateway(make_settings(sqlite_url, assistant.port), channel).start(), channel))
    yield made
    for gateway, _ in made:
        await gateway.stop()
    await assistant.stop()


async def test_what_a_page_decides_holds_within_two_seconds(console, gateways) -> None:
    (first, channel), (second, other) = gateways
    admin = console.browser(Role.ADMIN)
    assert (await admin.post("/notices/new", form()))[0] == 303
    await known(lambda view: len(view.banners("telegram")) == 1, first, second)
    await first.say("سؤال", id="m-1")
    await until(lambda: sorted(channel.texts + other.texts) == sorted([TEXT, "الجواب: سؤال"]))
    await admin.post("/notices/channels/telegram/stop", {"reason": "عطل"})
    await known(lambda view: view.stop("telegram") is not None, first, second)
    await second.say("وسؤال", id="m-2")
    await until(lambda: SAID["telegram"] in channel.texts + other.texts)
    assert [row.state for row in await first._rows(InboxRow)] == ["done", "received"]
    await admin.post(f"/notices/{listed(console)[0].id}/withdraw")
    await admin.post("/notices/channels/telegram/resume")
    await until(lambda: "الجواب: وسؤال" in channel.texts + other.texts)
    await known(lambda view: not view.notices and not view.stops, first, second)
