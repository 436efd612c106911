"""What staff decide, as the console does it, and gateways that know of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from channels.notices import publishing, switches
from channels.notices.limits import CHANNELS, Kind
from channels.notices.publishing import Draft, Notice
from channels.notices.switches import Stop
from storage import utc_now
from tests.channels.harness import Gateway, until

TEXT = "المكتب مغلق غدا."
REASON = "عطلة رسمية"


def draft(text: str = TEXT, kind: Kind = Kind.BANNER, **changes: Any) -> Draft:
    now = utc_now()
    fields = {"starts_at": now, "ends_at": now + timedelta(hours=1), "channels": CHANNELS, "reason": REASON}
    return Draft(text=text, kind=kind, **(fields | changes))


async def publish(*gateways: Gateway, wait: bool = True, **changes: Any) -> Notice:
    """Publish a notice, and wait until all these gateways know."""
    made = draft(**changes)
    notice = await gateways[0].database.write(lambda connection: publishing.publish(connection, made, "a.saleh"))
    if wait:
        await known(lambda view: notice.id in {one.id for one in view.notices}, *gateways)
    return notice


async def withdraw(notice: Notice, *gateways: Gateway) -> None:
    await gateways[0].database.write(lambda connection: publishing.withdraw(connection, notice.id, "a.saleh"))
    await known(lambda view: notice.id not in {one.id for one in view.notices}, *gateways)


async def stop(channel: str, *gateways: Gateway, said: str = "", wait: bool = True) -> Stop:
    def work(connection: Connection) -> Stop:
        return switches.stop(connection, channel, "عطل عند المشغل", "a.saleh", said)

    made = await gateways[0].database.write(work)
    if wait:
        await known(lambda view: view.stop(channel) == made, *gateways)
    return made


async def resume(channel: str, *gateways: Gateway) -> None:
    await gateways[0].database.write(lambda connection: switches.resume(connection, channel))
    await known(lambda view: view.stop(channel) is None, *gateways)


async def known(condition: Callable[[Any], bool], *gateways: Gateway) -> datetime:
    """Wait until all these gateways see it, for not longer than is promised."""
    await until(lambda: all(condition(gateway.core.board.view) for gateway in gateways), 2.0)
    return utc_now()
