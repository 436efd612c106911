"""Whatever bytes come with the right secret: nothing but the errors that the contract names."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from channels.contract import InboundMessage
from channels.errors import MalformedRequest
from channels.sms.errors import NumberRefused, UnknownState
from channels.sms.inbound.door import Door
from channels.sms.inbound.numbers import citizen_number
from channels.sms.outbound.render import pages, reply_text
from channels.sms.providers.base import ProviderRequest
from tests.channels.recording import RecordingGateway
from tests.channels.sms.conftest import ScriptedProvider

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from(["id", "from", "to", "text", "joint", "state"]), JSON)
BODIES = (
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | FIELDS.map(lambda value: json.dumps(value).encode())
)


@given(BODIES)
def test_a_body_is_read_or_refused(body: bytes) -> None:
    provider = ScriptedProvider()
    for parse in (provider.parse_inbound, provider.parse_receipt):
        try:
            parse(ProviderRequest(body))
        except (MalformedRequest, UnknownState):
            continue


@given(ANY_TEXT)
def test_a_sender_is_a_number_or_refused(raw: str) -> None:
    try:
        number = citizen_number(raw)
    except NumberRefused:
        return
    assert number.startswith("+967")
    assert number[1:].isascii() and number[1:].isdigit()


@given(ANY_TEXT)
def test_any_text_is_a_message(text: str) -> None:
    gateway = RecordingGateway()
    door = Door(gateway, foreign=(), own=())
    asyncio.run(door.accept(InboundMessage("sms", "simulator:1", "+967771234567", text)))
    assert [message.text for message in gateway.messages] == [text]


@given(st.lists(st.tuples(st.text(max_size=400), st.lists(st.text(max_size=40), max_size=4)), min_size=1, max_size=3))
def test_any_reply_has_pages(messages: list[Any]) -> None:
    assert len(pages(reply_text(messages))) >= 1
