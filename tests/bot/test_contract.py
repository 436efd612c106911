"""The HTTP contract between the gateway and the assistant: who may ask, what is refused, what fails and how."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.server import UNDER_WAY
from integrations.catalogue import live
from tests.actions import making
from tests.bot.assistant import AUTHORISED, TOKEN, Assistant, about
from tests.bot.conftest import Start

MESSAGE = {"id": "m-1", "conversation": "c1", "channel": "web", "text": "مساعدة", "choice": None}
ONE_LETTER_OFF = {"Authorization": AUTHORISED["Authorization"][:-1]}


@pytest.mark.parametrize(
    "headers",
    [{}, *({"Authorization": wrong} for wrong in ("", "Bearer ", "Bearer wrong", TOKEN, "Bearer ك")), ONE_LETTER_OFF],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/messages"), ("DELETE", "/v1/conversations/c1"), ("POST", "/v1/model"), ("GET", "/v1/nothing")],
)
async def test_nobody_gets_in_without_the_token(
    assistant: Assistant, method: str, path: str, headers: dict[str, str]
) -> None:
    response = await assistant.client.request(method, path, json=MESSAGE, headers=headers)
    assert response.status == 401
    assert set(await response.json()) == {"title", "detail"}


async def test_health_needs_no_token_and_names_model_and_catalogue(assistant: Assistant) -> None:
    assert (await assistant.client.get("/health/live")).status == 200
    ready = await assistant.client.get("/health/ready")
    assert ready.status == 200
    assert await ready.json() == {
        "ready": True,
        "reasons": [],
        "model": assistant.engine.model.manifest.name,
        "catalogue": 1,
    }


async def test_an_empty_catalogue_is_not_ready_and_says_what_to_do(start_assistant: Start) -> None:
    live.share(making.live())
    assistant = await start_assistant()
    response = await assistant.client.get("/health/ready")
    assert response.status == 503
    assert "integrations.catalogue import" in (await response.json())["reasons"][0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"[" * 60_000, 400),
        (json.dumps({**MESSAGE, "channel": "fax"}).encode(), 400),
        (json.dumps({**MESSAGE, "conversation": "+967771234567"}).encode(), 400),
        (json.dumps({**MESSAGE, "text": "س" * 20_001}).encode(), 400),
        (json.dumps({**MESSAGE, "text": "a" * 100_000}).encode(), 400),
        (json.dumps({**MESSAGE, "text": "a" * 140_000}).encode(), 413),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, bytes) else str(value),
)
async def test_a_broken_request_is_refused_with_a_reason(assistant: Assistant, body: bytes, status: int) -> None:
    headers = {**AUTHORISED, "Content-Type": "application/json"}
    response = await assistant.client.post("/v1/messages", data=body, headers=headers)
    assert response.status == status
    assert set(await response.json()) == {"title", "detail"}


async def test_a_reply_is_of_the_contract(assistant: Assistant) -> None:
    reply = await assistant.ask("كم رسوم توثيق عقد الزواج؟")
    assert set(reply) == {"kind", "service", "options", "reference", "confidence", "messages"}
    assert about(reply) == ("fees", "notary-marriage")
    assert reply["messages"]
    assert all(set(message) == {"text", "choices"} for message in reply["messages"])
    assert 0.9 < reply["confidence"] <= 1.0


async def test_an_answer_of_the_faq_says_which(assistant: Assistant) -> None:
    reply = await assistant.ask("كم الدوام في رمضان؟")
    assert (reply["kind"], reply["service"], reply["faq"]) == ("faq", None, "ramadan-hours")


async def test_too_many_at_once_are_told_to_come_again(assistant: Assistant) -> None:
    slots: asyncio.Semaphore = assistant.client.app[UNDER_WAY]
    while not slots.locked():
        await slots.acquire()
    response = await assistant.post("مساعدة")
    assert response.status == 429
    assert int(response.headers["Retry-After"]) >= 1
    slots.release()
    assert (await assistant.post("مساعدة")).status == 200


async def test_an_answer_that_takes_too_long_is_given_up(start_assistant: Start) -> None:
    assistant = await start_assistant(assistant_budget_seconds=0.2)

    async def never(*_arguments: Any) -> list[Any]:
        await asyncio.Event().wait()
        return []

    action = assistant.executor.actions["action_conversation"]
    assistant.executor.actions["action_conversation"] = never
    response = await assistant.post("مساعدة")
    assert response.status == 504
    assert set(await response.json()) == {"title", "detail"}
    assistant.executor.actions["action_conversation"] = action
    assert about(await assistant.ask("مساعدة")) == ("help", None)


async def test_a_failing_action_fails_its_message_and_no_other(assistant: Assistant) -> None:
    await assistant.ask("كم رسوم توثيق عقد الزواج؟")
    action = assistant.executor.actions["action_service_information"]

    async def broken(*_arguments: Any) -> list[Any]:
        raise KeyError("fees")

    assistant.executor.actions["action_service_information"] = broken
    response = await assistant.post("وكم المدة؟", id="once")
    assert response.status == 500
    problem = await response.json()
    assert problem["detail"] == "action_service_information failed: KeyError"
    assistant.executor.actions["action_service_information"] = action
    assert about(await assistant.ask("وكم المدة؟", id="once")) == ("duration", "notary-marriage")


async def test_an_action_that_says_nothing_is_a_failure_and_not_an_empty_reply(assistant: Assistant) -> None:
    async def silent(*_arguments: Any) -> list[Any]:
        return []

    assistant.executor.actions["action_conversation"] = silent
    assert (await assistant.post("مساعدة")).status == 500


async def test_messages_of_one_conversation_are_answered_one_at_a_time(assistant: Assistant) -> None:
    under_way: list[str] = []
    most = {"c1": 0, "all": 0}
    action = assistant.executor.actions["action_conversation"]

    async def counting(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        under_way.append(tracker.sender_id)
        most["c1"] = max(most["c1"], under_way.count("c1"))
        most["all"] = max(most["all"], len(under_way))
        await asyncio.sleep(0.02)
        under_way.remove(tracker.sender_id)
        return await action(dispatcher, tracker, domain)

    assistant.executor.actions["action_conversation"] = counting
    conversations = ["c1", "c1", "c1", "c2", "c3"]
    replies = await asyncio.gather(*(assistant.ask("مساعدة", conversation=name) for name in conversations))
    assert [about(reply) for reply in replies] == [("help", None)] * 5
    assert most["c1"] == 1
    assert most["all"] > 1


@pytest.mark.parametrize("conversation", ["a%20b", "a/b", "x" * 129, "%2e%2e"])
async def test_a_conversation_that_cannot_be_is_not_found(assistant: Assistant, conversation: str) -> None:
    response = await assistant.client.delete(f"/v1/conversations/{conversation}", headers=AUTHORISED)
    assert response.status == 404


async def test_deleting_what_is_not_there_is_done_already(assistant: Assistant) -> None:
    assert await assistant.forget("never-seen") == 204
