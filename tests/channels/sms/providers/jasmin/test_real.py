"""Through a real Jasmin: an operator's SMSC, SMPP, Jasmin's HTTP, the gateway, a fake assistant, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from channels.sms.addresses import Addresses
from channels.sms.providers.udh import joint_of
from channels.wiring import wire
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import Gateway, free_port, until
from tests.channels.sms.providers.jasmin.running import PASSWORD, Jasmin, why_not

SECRET = "a-secret-of-the-tests"
NUMBER, OTHER = "967771234567", "967731234567"
QUESTION = "كم رسوم الجواز؟ 😀"
PROVIDERS = """providers:
  - {{kind: jasmin, name: jasmin, sender: "8000", part_cost: 8.5, parts_per_second: 1000, url: "{url}",
     username: dalil, password: "{password}"}}
"""
pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")


class Line:
    """A gateway behind Jasmin."""

    def __init__(self, jasmin: Jasmin, gateway: Gateway) -> None:
        self.jasmin, self.gateway = jasmin, gateway

    async def say(self) -> None:
        """A question that did not come through Jasmin, for whose answer Jasmin is needed."""
        await self.gateway.say("سؤال", f"+{NUMBER}", channel="sms")

    async def becomes(self, state: str, error: str | None = None) -> None:
        async def there() -> bool:
            [message] = await self.gateway.outbox() or [None]
            return message is not None and (message.state, message.error) == (state, error)

        await until(there, 40)


@pytest.fixture
async def start_line(start_gateway: Any, sqlite_url: str, tmp_path: Any) -> AsyncIterator[Callable[..., Any]]:
    lines: list[Line] = []

    async def start(*, password: str = PASSWORD) -> Line:
        port = free_port()
        public = f"http://127.0.0.1:{port}"
        jasmin = Jasmin(tmp_path / "jasmin", f"{Addresses(SECRET, 'jasmin', public).base}/inbound")
        file = tmp_path / "providers.yml"
        file.write_text(PROVIDERS.format(url=jasmin.url, password=password))
        own = {"sms_enabled": True, "web_enabled": False, "sms_secret": SECRET, "sms_providers": file}
        gateway = await start_gateway(sqlite_url, wiring=wire, gateway_port=port, public_url=public, **own)
        lines.append(Line(jasmin, gateway))
        await jasmin.prepare()
        await jasmin.start()
        return lines[-1]

    yield start
    for line in lines:
        await line.jasmin.close()


def text_of(parts: list[dict[str, Any]]) -> str:
    """What the handset shows of parts that all begin with a header."""
    return b"".join(bytes.fromhex(part["content"])[6:] for part in parts).decode("utf-16-be")


async def test_a_question_its_answer_in_parts_and_the_receipts(start_line, assistant) -> None:
    line = await start_line()
    answer = "الرسوم 3,500 ريال + 500 للنموذج 😀\n" + "وثيقة مطلوبة مع صورتها " * 6
    assistant.script.append(Step(body=reply(answer)))
    await line.jasmin.deliver(QUESTION.encode("utf-16-be"), NUMBER)
    parts = await line.jasmin.hears(3)
    assert assistant.texts == [QUESTION]
    assert {(part["from"], part["to"], part["coding"], part["joined"]) for part in parts} == {("8000", NUMBER, 8, True)}
    joints = [joint_of(bytes.fromhex(part["content"])) for part in parts]
    assert [(joint.number, joint.total) for joint in joints if joint] == [(1, 3), (2, 3), (3, 3)]
    assert text_of(parts) == answer.strip()
    await line.becomes("accepted")
    for part in parts:
        await line.jasmin.receipt(part, "DELIVRD")
    await line.becomes("delivered")
    assert len(line.jasmin.submitted) == 3


async def test_a_handset_that_was_not_reached_and_a_question_in_latin_letters(start_line, assistant) -> None:
    line = await start_line()
    assistant.script.append(Step(body=reply("Fee: 5 @ {a}")))
    await line.jasmin.deliver(b"fee?", NUMBER, coding=0)
    [part] = await line.jasmin.hears(1)
    assert assistant.texts == ["fee?"]
    assert (part["coding"], part["joined"]) == (0, False)
    await line.jasmin.receipt(part, "UNDELIV", "001")
    await line.becomes("failed", None)


async def test_long_messages_of_two_citizens_with_the_same_reference(start_line, assistant) -> None:
    """And one of them again within five minutes, as telephones count to 255 and begin anew."""
    line = await start_line()

    async def part(number: str, place: int, text: str) -> None:
        await line.jasmin.deliver(bytes([5, 0, 3, 7, 2, place]) + text.encode("utf-16-be"), number, joined=True)

    await part(NUMBER, 2, "رسوم الجواز؟")
    await part(OTHER, 1, "ما أوراق ")
    await part(NUMBER, 1, "كم ")
    await part(OTHER, 2, "البطاقة الشخصية؟")
    await line.jasmin.hears(2)
    await part(NUMBER, 1, "وكم ")
    await part(NUMBER, 2, "المدة؟")
    await line.jasmin.hears(3)
    assert sorted(assistant.texts) == sorted(["كم رسوم الجواز؟", "ما أوراق البطاقة الشخصية؟", "وكم المدة؟"])
    answers = {(part["to"], bytes.fromhex(part["content"]).decode("utf-16-be")) for part in line.jasmin.submitted}
    assert (OTHER, "الجواب: ما أوراق البطاقة الشخصية؟") in answers


async def test_a_message_while_the_gateway_is_down_is_answered_once(start_line, assistant) -> None:
    line = await start_line()
    await line.gateway.stop()
    await line.jasmin.deliver(QUESTION.encode("utf-16-be"), NUMBER)
    log = line.jasmin.folder / "logs" / "deliversm-thrower.log"
    await until(lambda: "ConnectionRefused" in log.read_text())
    await line.gateway.start()
    await line.jasmin.hears(1)
    await line.becomes("accepted")
    assert (assistant.texts, len(line.jasmin.submitted)) == ([QUESTION], 1)


async def test_jasmin_down_is_waited_for(start_line) -> None:
    line = await start_line()
    await line.jasmin.kill()
    await line.say()
    await line.becomes("queued", "unavailable")
    await line.jasmin.start()
    # Jasmin listens before its users are made: an attempt in between is refused, and the provider rests for a minute.
    await line.jasmin.hears(1, seconds=100)
    await line.becomes("accepted")
    assert len(line.jasmin.submitted) == 1


async def test_a_wrong_password_keeps_the_message_for_later(start_line) -> None:
    line = await start_line(password="wrong")
    await line.say()
    await line.becomes("queued", "not_configured")
    assert line.jasmin.submitted == []
