"""SIGKILL at random moments under load: no accepted message is lost, and no reply goes out twice."""

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

from channels.tables import InboxRow, OutboxRow
from storage import Transactions
from tests.channels import gateway_process
from tests.channels.harness import make_settings, until

CITIZENS, EACH, KILLS = 6, 15, 3


class Provider:
    """Delivers each message until it is acknowledged, and writes down what it is told to send."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway
        self.sent: list[str] = []

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
        self.sent.append((await request.json())["id"])
        return web.Response()

    async def deliver(self, citizen: int) -> None:
        async with aiohttp.ClientSession() as session:
            for number in range(EACH):
                fields = {"id": f"{citizen}-{number}", "address": f"citizen-{citizen}", "text": f"سؤال {number}"}
                await until(lambda fields=fields: self._acknowledged(session, fields), 120)

    async def _acknowledged(self, session: aiohttp.ClientSession, fields: dict[str, str]) -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=5)
            async with session.post(f"{self._gateway}/inbound", json=fields, timeout=timeout) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False


@pytest.mark.slow
async def test_sigkill_under_load(database_url, assistant) -> None:
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
        questions, answers = await rows(InboxRow), await rows(OutboxRow)
        open_states = {"queued", "sending"}
        done = all(row.state == "done" for row in questions) and not open_states & {row.state for row in answers}
        return done and len(questions) == CITIZENS * EACH

    chance = random.Random()
    try:
        deliveries = [asyncio.create_task(provider.deliver(citizen)) for citizen in range(CITIZENS)]
        for number in range(KILLS):
            goal = (number + 1) * CITIZENS * EACH // (KILLS + 2)
            await until(lambda goal=goal: len(assistant.asked) >= goal, 60)
            await asyncio.sleep(chance.uniform(0, 0.1))
            process.kill()
            process.join()
            process = start()
        await asyncio.wait_for(asyncio.gather(*deliveries), 60)
        await until(settled, 60)
        questions, answers = await rows(InboxRow), await rows(OutboxRow)
    finally:
        process.kill()
        process.join()
        listening.close()
        await database.close()
        await provider.stop()
    assert Counter(row.inbox_id for row in answers) == Counter(row.id for row in questions)
    told = Counter(provider.sent)
    assert max(told.values()) == 1
    assert {row.message_id for row in answers if row.state == "accepted"} <= set(told)
    unknown = [row for row in answers if row.state == "unknown"]
    assert {row.state for row in answers} <= {"accepted", "unknown"}
    assert len(unknown) <= KILLS * gateway_process.HttpChannel.parallel
    for citizen in {row.conversation for row in questions}:
        asked = [row.text for row in questions if row.conversation == citizen]
        assert asked == [f"سؤال {number}" for number in range(EACH)]
        replied = [row.body["text"] for row in answers if row.conversation == citizen]
        assert replied == [f"الجواب: {text}" for text in asked]
