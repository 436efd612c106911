"""Gateways that share one database, or are killed: what staff say is said once, in order, and no message is lost."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import socket
from collections import Counter

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import select

from channels.handover import desk, queue, says, staff
from channels.handover.tables import LineRow
from channels.tables import InboxRow, OutboxRow
from storage import Transactions
from tests.channels import gateway_process
from tests.channels.handover.people import ALWAYS, AMAL, Office, wants_a_person
from tests.channels.harness import RecordingChannel, make_settings, until

REPLIES, KILLS = 12, 3


async def test_two_gateways_say_each_reply_once(database_url, assistant, start_gateway) -> None:
    channels = [RecordingChannel(), RecordingChannel()]
    gateways = [await start_gateway(database_url, channel) for channel in channels]
    office = await Office(gateways[0]).opens()
    for number in range(3):
        wants_a_person(assistant)
        await gateways[number % 2].say("موظف", f"citizen-{number}", id=f"m{number}")
        await until(lambda number=number: sum(len(channel.sent) for channel in channels) == number + 1)
    held = [await office.take(place=place) for place in range(3)]
    for number in range(10):
        for mine in held:
            await office.reply(mine, f"رد {number}")
    for mine in held:
        await office.release(mine)
    await until(lambda: sum(len(channel.sent) for channel in channels) == 3 + 3 * 12)
    await asyncio.sleep(1.5)
    sent = [message for channel in channels for message in channel.sent]
    assert len({message.id for message in sent}) == len(sent) == 39
    for conversation in {row.conversation for row in await gateways[0].inbox()}:
        mine = [row.body["text"] for row in await gateways[0].outbox() if row.conversation == conversation]
        replies = [f"موظف {desk.OFFICE}:\nرد {number}" for number in range(10)]
        assert mine[1:] == [says.taken(desk.OFFICE), *replies, says.RELEASED]


async def test_a_gateway_that_starts_says_what_was_left_unsaid(database_url, assistant, start_gateway) -> None:
    channel, later = RecordingChannel(), RecordingChannel()
    gateway = await start_gateway(database_url, channel)
    office = await Office(gateway).opens()
    wants_a_person(assistant)
    await gateway.say("موظف")
    await until(lambda: channel.sent)
    await gateway.stop()
    database = Transactions(database_url)
    [entry] = await database.read(queue.waiting)
    await database.write(lambda connection: staff.take(connection, entry.handover.id, AMAL))
    await database.write(lambda connection: staff.reply(connection, entry.handover.id, AMAL, "أهلا"))
    await database.close()
    office.gateway = await start_gateway(database_url, later)
    await until(lambda: len(later.sent) == 2)
    assert later.texts == [says.taken(desk.OFFICE), f"موظف {desk.OFFICE}:\nأهلا"]


class Provider:
    """What the killed gateway sends to, and how messages reach it."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway
        self.sent: list[dict[str, str]] = []

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/send", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/send"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        return web.Response()

    async def say(self, id: str, text: str) -> None:
        async with aiohttp.ClientSession() as session:
            await until(lambda: self._acknowledged(session, {"id": id, "address": "citizen", "text": text}), 60)

    async def _acknowledged(self, session: aiohttp.ClientSession, fields: dict[str, str]) -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=5)
            async with session.post(f"{self._gateway}/inbound", json=fields, timeout=timeout) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False


@pytest.mark.slow
async def test_sigkill_while_staff_write(database_url, assistant) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    settings = make_settings(database_url, assistant.port)
    provider = Provider(f"http://127.0.0.1:{listening.getsockname()[1]}")
    peer = await provider.start()
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.channels.gateway_process"])

    def start() -> multiprocessing.process.BaseProcess:
        process = forks.Process(target=gateway_process.run, args=(settings, listening, peer), daemon=True)
        process.start()
        return process

    process = start()
    database = Transactions(database_url)

    async def rows(table):
        return await database.read(lambda connection: connection.execute(select(table).order_by(table.id)).all())

    async def settled() -> bool:
        lines, answers = await rows(LineRow), await rows(OutboxRow)
        return all(line.said_at for line in lines) and not {"queued", "sending"} & {row.state for row in answers}

    async def heard() -> bool:
        return all(row.state == "done" for row in await rows(InboxRow))

    chance = random.Random()
    try:
        await database.write(lambda connection: desk.set_hours(connection, ALWAYS))
        wants_a_person(assistant)
        await provider.say("ask", "موظف")
        await until(lambda: provider.sent)
        [entry] = await database.read(queue.waiting)
        mine = entry.handover.id
        await database.write(lambda connection: staff.take(connection, mine, AMAL))
        for number in range(REPLIES):
            await database.write(lambda connection, number=number: staff.reply(connection, mine, AMAL, f"رد {number}"))
            await provider.say(f"m{number}", f"كلام {number}")
            if number % (REPLIES // KILLS) == 1:
                await asyncio.sleep(chance.uniform(0, 0.8))
                process.kill()
                process.join()
                process = start()
        await until(heard, 60)  # what is still unread when the person leaves, Dalil answers
        await database.write(lambda connection: staff.release(connection, mine, AMAL))
        await until(settled, 60)
        questions, answers = await rows(InboxRow), await rows(OutboxRow)
    finally:
        process.kill()
        process.join()
        listening.close()
        await database.close()
        await provider.stop()
    replies = [f"موظف {desk.OFFICE}:\nرد {number}" for number in range(REPLIES)]
    assert [row.body["text"] for row in answers][1:] == [says.taken(desk.OFFICE), *replies, says.RELEASED]
    assert max(Counter(message["id"] for message in provider.sent).values()) == 1
    assert [row.text for row in questions] == ["موظف", *(f"كلام {number}" for number in range(REPLIES))]
    assert {row.outcome for row in questions[1:]} == {"handover"}
    assert assistant.texts == ["موظف"]
