"""A gateway with a desk, and what staff do at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from channels.handover import desk, queue, records, staff, thread
from channels.handover.hours import DAY, Shift
from channels.handover.tables import HandoverRow, LineKind, LineRow
from channels.tables import InboxRow, OutboxRow, Task
from settings.quiet import YEMEN
from tests.channels.fake_assistant import FakeAssistant, Step, reply
from tests.channels.harness import Gateway, until

CITIZEN = "967771234567"
AMAL, BASHIR = "amal", "bashir"
ALWAYS = tuple(Shift(day, 0, DAY) for day in range(7))
UTTER_HUMAN = "أنا مساعد آلي."


def wants_a_person(assistant: FakeAssistant, service: str | None = None) -> None:
    """The assistant understands the next message so."""
    body = reply(UTTER_HUMAN, kind="human")
    if service:
        body = body.replace(b'"service": null', f'"service": "{service}"'.encode())
    assistant.script.append(Step(body=body))


def yemen(text: str) -> datetime:
    """A time of Yemen's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=YEMEN)


class Office:
    """The staff of one gateway's database."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    async def do(self, act: Callable[..., Any], *args: Any, **fields: Any) -> Any:
        return await self.gateway.database.write(lambda connection: act(connection, *args, **fields))

    async def opens(self, shifts: Any = ALWAYS, *, somebody: bool = True) -> Office:
        await self.do(desk.set_hours, shifts)
        if somebody:
            await self.do(desk.present, AMAL)
        return self

    async def queue(self) -> list[queue.Entry]:
        return await self.do(queue.waiting)

    async def take(self, who: str = AMAL, place: int = 0) -> int:
        handover = (await self.queue())[place].handover
        await self.do(staff.take, handover.id, who)
        return handover.id

    async def reply(self, handover_id: int, text: str, who: str = AMAL, key: str | None = None) -> Any:
        return await self.do(staff.reply, handover_id, who, text, key)

    async def release(self, handover_id: int, who: str = AMAL) -> Any:
        return await self.do(staff.release, handover_id, who)

    async def thread(self, handover_id: int, **fields: Any) -> thread.Thread:
        return await self.do(thread.thread, handover_id, **fields)

    async def rows(self) -> list[Any]:
        query = select(HandoverRow.__table__).order_by(HandoverRow.id)
        return await self.gateway.database.read(lambda connection: list(connection.execute(query).all()))

    async def words(self, handover_id: int) -> list[tuple[str, str | None]]:
        return [(said.who.value, said.text) for said in (await self.thread(handover_id)).said]


def long_talk(connection: Connection, handover_id: int, count: int) -> None:
    """So many questions, answers of Dalil and replies of staff, three of each at the same moment."""
    mine = records.get(connection, handover_id)
    common = {"channel": mine.channel, "conversation": mine.conversation, "attempts": 1}
    asked, answered, lines = [], [], []
    for number in range(count):
        at, one, of_staff = mine.asked_at + timedelta(seconds=1 + number // 3), f"long-{number}", f"staff-{number}"
        when = {"received_at": at, "due_at": at}
        own = {"message_id": one, "external_id": one, "text": f"سؤال {number} هاتفي 771234567", "more": False}
        asked.append({**common, **when, **own, "task": Task.MESSAGE, "state": "done"})
        sent = {"push": False, "body": {"text": f"جواب {number}"}, "created_at": at, "due_at": at}
        answered += [{**common, **sent, "message_id": said, "state": "delivered"} for said in (one, of_staff)]
        line = {"handover_id": mine.id, "message_id": of_staff, "staff": AMAL, "kind": LineKind.REPLY}
        about = {"channel": mine.channel, "conversation": mine.conversation, "text": f"رد {number}"}
        lines.append({**line, **about, "at": at, "said_at": at})
    for table, rows in ((InboxRow, asked), (OutboxRow, answered), (LineRow, lines)):
        connection.execute(insert(table), rows)


async def done(gateway: Gateway, count: int) -> None:
    """All of the first `count` messages are worked on."""

    async def all_done() -> bool:
        rows = await gateway.inbox()
        return len(rows) >= count and all(row.state == "done" for row in rows)

    await until(all_done)
