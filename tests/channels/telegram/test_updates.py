import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import MalformedRequest
from channels.telegram.updates import plain_words, read_update, update_id_of

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return found


TOKEN = "0b7e4c0e3d0f4f6f9a1f2d3c4b5a6978.c1"

# captured update, text, choice, callback id
ANSWERED = [
    ("message", "كم رسوم الجواز؟", None, None),
    ("start", "ابدأ", None, None),
    ("photo", "", None, None),
    ("callback", "", TOKEN, "23836985460187"),
]


@pytest.mark.parametrize(("name", "text", "choice", "callback_id"), ANSWERED)
def test_citizens_messages(name: str, text: str, choice: str | None, callback_id: str | None) -> None:
    update = fixture(name)
    received = read_update(update)
    message = received.message
    assert message is not None
    assert (message.channel, message.external_id) == ("telegram", str(update["update_id"]))
    assert (message.address, message.text, message.choice) == ("5550001", text, choice)
    assert received.callback_id == callback_id


@pytest.mark.parametrize("name", ["edited", "group", "blocked", "pinned"])
def test_what_is_no_citizens_message_is_not_answered(name: str) -> None:
    assert read_update(fixture(name)).message is None


def test_a_button_in_a_group_only_stops_spinning() -> None:
    update = fixture("callback")
    update["callback_query"]["message"]["chat"] = fixture("group")["message"]["chat"]
    received = read_update(update)
    assert (received.message, received.callback_id) == (None, "23836985460187")


def test_another_bot_is_not_answered() -> None:
    update = fixture("message")
    update["message"]["from"]["is_bot"] = True
    assert read_update(update).message is None


def test_a_caption_is_the_text() -> None:
    update = fixture("photo")
    update["message"]["caption"] = "ما هذه الوثيقة؟"
    message = read_update(update).message
    assert message is not None
    assert message.text == "ما هذه الوثيقة؟"


def changed(name: str, *path: str, to: Any) -> dict[str, Any]:
    update = fixture(name)
    place = update
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return update


MALFORMED = [
    None,
    [],
    5,
    "text",
    {},
    {"update_id": "5"},
    {"update_id": -1},
    {"update_id": True},
    {"update_id": 2**63},
    {"update_id": 5, "message": 5},
    {"update_id": 5, "message": []},
    {"update_id": 5, "message": {"text": "x"}},
    {"update_id": 5, "callback_query": {"id": "1"}},
    changed("message", "message", "text", to=5),
    changed("message", "message", "text", to=["x"]),
    changed("message", "message", "date", to="yesterday"),
    changed("message", "message", "date", to=10**30),
    changed("message", "message", "chat", "id", to="5550001"),
    changed("message", "message", "chat", "id", to=10**40),
    changed("message", "message", "chat", to={}),
    changed("callback", "callback_query", "id", to=""),
    changed("callback", "callback_query", "id", to="x" * 201),
    changed("callback", "callback_query", "data", to={"a": 1}),
    changed("photo", "message", "photo", to=[5]),
]


@pytest.mark.parametrize("raw", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_update_is_said_to_be_none(raw: object) -> None:
    with pytest.raises(MalformedRequest):
        read_update(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
NAMES = ["message", "callback_query", "from", "chat", "text", "date", "id", "type", "data", "photo", "message_id"]


@given(st.sampled_from(["message", "callback", "photo"]), st.lists(st.sampled_from(NAMES), max_size=3), JSON)
def test_any_field_may_be_anything(name: str, path: list[str], value: Any) -> None:
    update = fixture(name)
    place: Any = update
    for step in path:
        inner = place.get(step)
        if not isinstance(inner, dict):
            place[step] = value
            break
        place = inner
    try:
        received = read_update(update)
    except MalformedRequest:
        return
    assert received.message is None or isinstance(received.message.text, str)


def test_the_id_of_a_malformed_update_is_still_known() -> None:
    assert update_id_of({"update_id": 7, "message": "?"}) == 7
    assert update_id_of({"update_id": "7"}) is None


WORDS = [
    ("/start", "ابدأ"),
    ("/START", "ابدأ"),
    ("/start@dalil_bot", "ابدأ"),
    ("/start id-card", "ابدأ"),
    ("/help", "مساعدة"),
    ("/menu", "القائمة"),
    ("/cancel", "إلغاء"),
    ("  /help  ", "مساعدة"),
    ("\u200f/help", "مساعدة"),
    ("//help", "مساعدة"),
    ("/fees جواز السفر", "fees جواز السفر"),
    ("/restart", "restart"),
    ("/inform{\"reference\": \"1\"}", "inform {\"reference\": \"1\"}"),
    ("/", "مساعدة"),
    ("////", "مساعدة"),
    ("/ /start", "start"),
    ("رسوم الجواز / البطاقة", "رسوم الجواز / البطاقة"),
    ("1/2", "1/2"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_commands_become_words(text: str, words: str) -> None:
    assert plain_words(text) == words


@given(st.text(st.sampled_from("/ @\u200f\u2068start_جواز{}\n"), max_size=12))
def test_nothing_that_begins_with_a_slash_goes_further(text: str) -> None:
    assert not plain_words(text).strip().startswith("/")
