"""What changes while the assistant runs: the catalogue and the model. No restart, no lost message."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.engine import models
from bot.engine.manifest import archive, current, sha256, write_manifest
from integrations.catalogue import live
from integrations.catalogue.document import Authority, Content, Cost, Costs, PublicService, Source
from integrations.catalogue.importer import import_content
from integrations.catalogue.live import LiveCatalogue
from integrations.catalogue.reader import read_folder
from integrations.catalogue.repository import SqlCatalogue
from storage import SyncDatabase
from tests.bot.assistant import AUTHORISED, Assistant, about, said
from tests.bot.conftest import REAL_LOAD, Start
from tests.bot.trained import SAMPLE

QUESTION = "كم رسوم ترخيص قارب صيد؟"
PATIENCE = 30.0


def fisheries(amount: float) -> Authority:
    """An authority that nothing was trained with, and its one service."""
    source = Source(id="law", title="قانون الصيد", retrieved=date(2026, 11, 1), grade="A", jurisdiction="BOTH")
    fee = Cost(id="fee", text="رسم الترخيص", amount=amount, source="law")
    boat = PublicService(
        id="fishing-boat",
        name="ترخيص قارب صيد",
        description="ترخيص قارب للصيد في البحر.",
        grade="A",
        jurisdiction="BOTH",
        costs=Costs(complete=True, items=(fee,)),
    )
    return Authority(
        id="fisheries", name="هيئة المصائد السمكية", jurisdiction="BOTH", sources=(source,), services=(boat,)
    )


@pytest.fixture
async def published(sqlite_url: str) -> AsyncIterator[Any]:
    """A database whose catalogue the assistant answers from; call it to publish the sample and more."""
    database = SyncDatabase(sqlite_url)
    sample = read_folder(SAMPLE)

    def publish(*authorities: Authority) -> None:
        import_content(database, Content(authorities=(*sample.authorities, *authorities), events=sample.events))

    publish()
    live.share(LiveCatalogue(SqlCatalogue(database), "SAN"))
    yield publish
    database.close()


async def until(assistant: Assistant, text: str) -> dict[str, Any]:
    """The reply to QUESTION as soon as it says `text`."""
    for _ in range(int(PATIENCE / 0.05)):
        reply = await assistant.ask(QUESTION, conversation="new")
        if text in said(reply):
            return reply
        await assistant.forget("new")
        await asyncio.sleep(0.05)
    raise AssertionError(f"{text} was never said, but: {said(reply)}")


async def test_a_new_service_is_answered_without_training_and_without_a_restart(
    start_assistant: Start, published: Any
) -> None:
    assistant = await start_assistant(catalogue_refresh_seconds=0.05)
    assert (await assistant.ask(QUESTION))["service"] != "fishing-boat"
    await asyncio.to_thread(published, fisheries(4321))
    assert about(await until(assistant, "4,321 ريال يمني")) == ("fees", "fishing-boat")
    await asyncio.to_thread(published, fisheries(5432))
    assert about(await until(assistant, "5,432 ريال يمني")) == ("fees", "fishing-boat")
    await asyncio.to_thread(published)
    for _ in range(int(PATIENCE / 0.05)):
        if "fishing-boat" not in live.shared().snapshot.services:
            break
        await asyncio.sleep(0.05)
    reply = await assistant.ask(QUESTION)
    assert reply["service"] != "fishing-boat"
    assert "5,432" not in said(reply)


@pytest.fixture
def two_models(model_folder: Path, tmp_path: Path) -> Path:
    """A folder with the current model and another one, `dalil-next`, which is not current."""
    folder = tmp_path / "models"
    shutil.copytree(model_folder, folder)
    first = current(folder)
    shutil.copy(archive(folder, first.name), archive(folder, "dalil-next"))
    write_manifest(folder, replace(first, name="dalil-next", sha256=sha256(archive(folder, "dalil-next"))))
    write_manifest(folder, first)
    return folder


async def swap(assistant: Assistant, **body: str) -> tuple[int, dict[str, Any]]:
    response = await assistant.client.post("/v1/model", json=body, headers=AUTHORISED)
    return response.status, await response.json()


async def test_no_message_fails_while_the_model_is_swapped(
    start_assistant: Start, two_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = await start_assistant(model_folder=two_models)
    monkeypatch.setattr(models, "load", REAL_LOAD)
    swapping = asyncio.create_task(swap(assistant, name="dalil-next"))
    replies = []

    async def citizen(name: str) -> None:
        while not swapping.done():
            replies.append(await assistant.ask("كم رسوم توثيق عقد الزواج؟", conversation=name))
            replies.append(await assistant.ask("وكم الرسوم", conversation=name))

    await asyncio.gather(*(citizen(f"c{number}") for number in range(3)))
    assert await swapping == (200, {"model": "dalil-next"})
    assert len(replies) >= 6
    assert {about(reply) for reply in replies} == {("fees", "notary-marriage")}
    assert assistant.engine.model.manifest.name == "dalil-next"
    assert about(await assistant.ask("وايش الأوراق", conversation="c0")) == ("requirements", "notary-marriage")


async def test_a_tampered_model_is_refused_and_the_old_one_goes_on(start_assistant: Start, two_models: Path) -> None:
    assistant = await start_assistant(model_folder=two_models)
    before = assistant.engine.model.manifest.name
    with archive(two_models, "dalil-next").open("ab") as file:
        file.write(b"one byte more")
    status, problem = await swap(assistant, name="dalil-next")
    assert status == 409
    assert "not the file" in problem["detail"]
    assert assistant.engine.model.manifest.name == before
    assert about(await assistant.ask("كم رسوم توثيق عقد الزواج؟")) == ("fees", "notary-marriage")


@pytest.mark.parametrize("name", ["dalil-unknown", "../models/dalil-next", "current"])
async def test_a_model_that_is_not_there_is_refused(start_assistant: Start, two_models: Path, name: str) -> None:
    assistant = await start_assistant(model_folder=two_models)
    status, problem = await swap(assistant, name=name)
    assert status == 409
    assert set(problem) == {"title", "detail"}


async def test_without_a_name_the_current_model_is_taken(start_assistant: Start, two_models: Path) -> None:
    assistant = await start_assistant(model_folder=two_models)
    (two_models / "current").write_text("dalil-next")
    assert await swap(assistant) == (200, {"model": "dalil-next"})
    ready = await assistant.client.get("/health/ready")
    assert (await ready.json())["model"] == "dalil-next"
