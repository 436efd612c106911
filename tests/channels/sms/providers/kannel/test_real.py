"""Through a real Kannel: operator, gateway, a fake assistant, and back to the operator.

Once with the gateway as bearerbox's box, and once over smsbox's HTTP.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from channels.sms.addresses import Addresses
from channels.sms.providers.kannel.trial import Boxes, Handed, Operator, Trial
from channels.sms.tables import PartRow
from channels.wiring import wire
from tests.channels.fake_assistant import Step, reply
from tests.channels.harness import Gateway, free_port, until

SECRET = "a-secret-of-the-tests"
NUMBER = "967771234567"
PROVIDERS = """providers:
  - {{name: kannel, sender: "8000", part_cost: 8.5, parts_per_second: 1000, {own}}}
"""
BOX, HTTP = "bearerbox", "kannel"
pytestmark = pytest.mark.skipif(
    shutil.which("bearerbox", path="/usr/sbin:/usr/bin") is None, reason="Kannel is not installed (apt install kannel)"
)


@dataclass
class Telephone:
    """An operator with its telephones, the boxes and the gateway behind them."""

    trial: Trial
    boxes: Boxes
    gateway: Gateway
    handed: list[Handed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.operator = Operator(self.trial.operator_port, self.handed.append)

    async def text(self, text: str, number: str = NUMBER) -> None:
        await self.operator.send(number, "8000", text)

    async def hears(self, parts: int) -> list[Handed]:
        await until(lambda: len(self.handed) >= parts)
        return self.handed

    async def reconnect(self) -> None:
        await self.operator.close()
        await self.operator.connect()

    async def parts_are(self, *states: str) -> list[Any]:
        found: list[Any] = []

        async def there() -> bool:
            found[:] = await self.gateway._rows(PartRow)
            return [part.state for part in found] == list(states)

        await until(there)
        return found


@pytest.fixture(params=[BOX, HTTP])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def settings_of(kind: str, trial: Trial, password: str | None) -> str:
    if kind == BOX:
        return f"kind: bearerbox, port: {trial.ports[1]}"
    return f'kind: kannel, url: "{trial.url}", username: dalil, password: "{password or trial.password}"'


@pytest.fixture
async def start_telephone(start_gateway, sqlite_url, tmp_path, kind: str) -> AsyncIterator[Callable[..., Any]]:
    started: list[Telephone] = []

    async def start(*, password: str | None = None, **changes: str) -> Telephone:
        port = free_port()
        public = f"http://127.0.0.1:{port}"
        trial = Trial(tmp_path, "" if kind == BOX else f"{Addresses(SECRET, 'kannel', public).base}/inbound")
        trial.write(**{"http_queue_delay": "1"} | changes)
        file = tmp_path / "providers.yml"
        file.write_text(PROVIDERS.format(own=settings_of(kind, trial, password)))
        own = {"sms_enabled": True, "web_enabled": False, "sms_secret": SECRET, "sms_providers": file}
        gateway = await start_gateway(sqlite_url, wiring=wire, gateway_port=port, public_url=public, **own)
        telephone = Telephone(trial, Boxes(trial), gateway)
        started.append(telephone)
        await telephone.boxes.start()
        await telephone.operator.connect()
        return telephone

    yield start
    for telephone in started:
        await telephone.operator.close()
        await telephone.boxes.kill()


async def test_a_question_and_its_answer_in_parts(start_telephone, assistant) -> None:
    telephone = await start_telephone()
    answer = "الرسوم 3,500 ريال + 500 للنموذج 😀\n" + "وثيقة مطلوبة مع صورتها " * 6
    assistant.script.append(Step(body=reply(answer)))
    await telephone.text("كم رسوم الجواز؟ 😀")
    handed = await telephone.hears(3)
    assert assistant.texts == ["كم رسوم الجواز؟ 😀"]
    assert "".join(part.text for part in handed) == answer.strip()
    assert {(part.sender, part.to) for part in handed} == {("8000", f"+{NUMBER}")}
    assert [(part.joint.number, part.joint.total) for part in handed] == [(1, 3), (2, 3), (3, 3)]
    assert len({part.joint.reference for part in handed}) == 1
    parts = await telephone.parts_are("delivered", "delivered", "delivered")
    assert [part.cost for part in parts] == [8.5, 8.5, 8.5]
    [message] = await telephone.gateway.outbox()
    assert message.state == "delivered"


async def test_latin_letters_cost_one_part(start_telephone, assistant) -> None:
    telephone = await start_telephone()
    assistant.script.append(Step(body=reply("Fee: 5 € {a} [b] @£")))
    await telephone.operator.send_line(f"{NUMBER} 8000 text fee?")
    [part] = await telephone.hears(1)
    assert (part.text, part.joint) == ("Fee: 5 € {a} [b] @£", None)
    await telephone.parts_are("delivered")


@pytest.mark.parametrize("kind", [HTTP])
async def test_a_message_while_the_gateway_is_down_is_answered_once(start_telephone, assistant) -> None:
    telephone = await start_telephone()
    await telephone.gateway.stop()
    await telephone.text("كم رسوم الجواز؟")
    await until(lambda: "Couldn't fetch" in (telephone.trial.folder / "smsbox.log").read_text())
    await telephone.gateway.start()
    [part] = await telephone.hears(1)
    assert part.text == "الجواب: كم رسوم الجواز؟"
    await telephone.parts_are("delivered")
    assert (assistant.texts, len(telephone.handed)) == (["كم رسوم الجواز؟"], 1)


@pytest.mark.parametrize("kind", [BOX])
async def test_what_comes_while_the_gateway_is_down_outlives_kannel(start_telephone, assistant) -> None:
    """Over HTTP it does not: smsbox acknowledges what it only has in memory."""
    telephone = await start_telephone()
    await telephone.gateway.stop()
    texts = [f"كم رسوم الجواز {place}؟" for place in range(20)]
    for place, text in enumerate(texts):
        await telephone.text(text, str(int(NUMBER) + place))
    await until(lambda: len(list((telephone.trial.folder / "store").rglob("*-*-*"))) == len(texts))
    await telephone.boxes.kill()
    await telephone.boxes.start()
    await telephone.gateway.start()
    await until(lambda: sorted(assistant.texts) == sorted(texts))
    await telephone.reconnect()
    await telephone.hears(len(texts))
    assert sorted(part.text for part in telephone.handed) == sorted(f"الجواب: {text}" for text in texts)


async def test_kannel_killed_with_a_message_on_its_way(start_telephone) -> None:
    telephone = await start_telephone()
    await telephone.operator.close()
    await telephone.gateway.say("كم رسوم الجواز؟", f"+{NUMBER}", channel="sms")
    await telephone.parts_are("accepted")
    await telephone.boxes.kill()
    await telephone.boxes.start()
    await telephone.operator.connect()
    [part] = await telephone.hears(1)
    assert part.text == "الجواب: كم رسوم الجواز؟"
    await telephone.parts_are("delivered")


async def test_kannel_down_is_waited_for(start_telephone, kind: str) -> None:
    """Over HTTP that is found out by trying."""
    telephone = await start_telephone()
    await telephone.boxes.kill()
    await telephone.gateway.say("كم رسوم الجواز؟", f"+{NUMBER}", channel="sms")

    async def tried():
        [message] = await telephone.gateway.outbox() or [None]
        return message is not None and (kind == BOX or message.error == "unavailable")

    await until(tried)
    assert telephone.handed == []
    await telephone.boxes.start()
    await telephone.reconnect()
    assert [part.text for part in await telephone.hears(1)] == ["الجواب: كم رسوم الجواز؟"]
    await telephone.parts_are("delivered")


async def refused(telephone: Telephone, state: str, error: str) -> list[Any]:
    await telephone.gateway.say("كم رسوم الجواز؟", f"+{NUMBER}", channel="sms")

    async def there() -> bool:
        [message] = await telephone.gateway.outbox() or [None]
        return message is not None and (message.state, message.error) == (state, error)

    await until(there)
    assert telephone.handed == []
    return await telephone.gateway._rows(PartRow)


@pytest.mark.parametrize("kind", [HTTP])
async def test_a_wrong_password_keeps_the_message_for_later(start_telephone) -> None:
    [part] = await refused(await start_telephone(password="wrong"), "queued", "not_configured")
    assert (part.state, part.code) == ("queued", "403")


NO_ROUTE = {HTTP: ("failed", "no SMSC"), BOX: ("queued", "failed")}


async def test_a_number_that_no_operator_of_kannel_takes(start_telephone, kind: str) -> None:
    """Kannel says so twice: in its answer, for which another provider may be tried, and in a receipt.

    Over smsbox it cannot be told that both are one.
    """
    state, code = NO_ROUTE[kind]
    telephone = await start_telephone(connect_allow_ip="127.0.0.1\ndenied-prefix = +96777")
    [part] = await refused(telephone, state, "no_route")
    assert (part.state, part.code) == (state, code)


async def test_a_message_in_parts_comes_joined(start_telephone, assistant) -> None:
    telephone = await start_telephone()
    await telephone.operator.send_line(f"{NUMBER} 8000 udh-text %05%00%03%08%02%02 passport?")
    await telephone.operator.send_line(f"{NUMBER} 8000 udh-text %05%00%03%08%02%01 fees_for_")
    await telephone.hears(1)
    assert assistant.texts == ["fees_for_passport?"]


async def test_data_for_a_program_is_not_answered(start_telephone, assistant) -> None:
    telephone = await start_telephone()
    await telephone.operator.send_line(f"{NUMBER} 8000 data %E9%FF")
    await telephone.text("كم الرسوم؟")
    assert [part.text for part in await telephone.hears(1)] == ["الجواب: كم الرسوم؟"]
    assert assistant.texts == ["كم الرسوم؟"]
