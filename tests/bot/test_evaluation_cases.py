"""Files of labelled messages: read with all they can carry, refused with the place of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.messages import Question
from bot.evaluation.cases import load_cases
from bot.evaluation.errors import BadCases
from tests.bot.evaluating import case

GOOD = '- {text: "كم", kind: fees, service: null, register: msa}\n'
TWO_TURNS = """- register: hadrami
  channel: sms
  conversation:
    - {text: "كم الجواز", kind: fees, service: passport}
    - {text: "ووين", kind: location, service: passport, register: msa}
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_an_entry_is_read_with_all_it_can_carry(tmp_path: Path) -> None:
    write(
        tmp_path / "msa_two.yml",
        '- {text: "وين PSP1", kind: status, service: null, register: sms, channel: sms, reference: PSP1, topic: status,'
        " options: [a, b], accept: [follow], also: [{kind: hours, service: null}]}\n" + GOOD,
    )
    labels = {"options": ("a", "b"), "accept": ("follow",), "also": (Question("hours", None),)}
    told = case("وين PSP1", "status", None, topic="status", register="sms", channel="sms", reference="PSP1", **labels)
    assert load_cases(tmp_path) == [told, case("كم", "fees", None, topic="msa_two")]


def test_turns_share_the_fields_of_their_conversation_unless_they_have_their_own(tmp_path: Path) -> None:
    write(tmp_path / "talk.yml", GOOD + TWO_TURNS)
    _alone, first, second = load_cases(tmp_path)
    shared = {"channel": "sms", "topic": "talk", "conversation": "talk-2"}
    assert first == case("كم الجواز", register="hadrami", turn=0, **shared)
    assert second == case("ووين", "location", register="msa", turn=1, **shared)


def test_folders_are_read_at_any_depth_and_their_conversations_stay_apart(tmp_path: Path) -> None:
    for place in ("talk.yml", "b/talk.yml", "b/c/talk.yml"):
        write(tmp_path / place, TWO_TURNS)
    write(tmp_path / "b" / "notes.txt", "not cases")
    write(tmp_path / "empty.yml", "# nothing yet\n")
    conversations = [(said.conversation, said.turn) for said in load_cases(tmp_path)]
    names = ["b/c/talk-1", "b/talk-1", "talk-1"]
    assert conversations == [(name, turn) for name in names for turn in (0, 1)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('- {text: "س", kind: fees}', "entry 2: lacks service, register"),
        ('- {text: "س", kind: fees, service: null, register: msa, feees: 1}', "entry 2: unknown field feees"),
        ('- {text: "س", kind: fees, service: null, register: msa, turn: 1}', "entry 2: unknown field turn"),
        ("- {text: 12, kind: fees, service: null, register: msa}", "entry 2: text must be a text (in quotes"),
        ('- {text: " ", kind: fees, service: null, register: msa}', "entry 2: text must be a text"),
        ('- {text: "س", kind: null, service: null, register: msa}', "entry 2: kind must be a text"),
        ('- {text: "س", kind: fees, service: [a], register: msa}', "entry 2: service must be a text"),
        ('- {text: "س", kind: fees, service: null, register: msa, reference: 7}', "entry 2: reference must be a text"),
        (
            '- {text: "س", kind: fees, service: null, register: msa, channel: fax}',
            "entry 2: channel must be one of",
        ),
        ('- {text: "س", kind: fees, service: null, register: msa, accept: faq}', "entry 2: accept must be a list"),
        ('- {text: "س", kind: fees, service: null, register: msa, also: [hours]}', "entry 2: also must be a list"),
        (
            '- {text: "س", kind: fees, service: null, register: msa, also: [{kind: 1, service: null}]}',
            "entry 2: also: kind and service",
        ),
        ("- just words", "entry 2: not of the form"),
        ("- {register: msa, conversation: []}", "entry 2: conversation must be a list"),
        ('- {register: msa, conversation: [{text: "س", kind: fees}]}', "entry 2, turn 1: lacks service"),
        ('- {text: "س" kind: fees}', "line 2: not YAML: "),
        ("- {text: a, text: b}", "line 2: not YAML: "),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "deep" / "fees.yml"
    write(file, GOOD + text + "\n")
    with pytest.raises(BadCases) as caught:
        load_cases(tmp_path)
    assert str(caught.value).startswith(f"{file}: {reason}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"text: fees", b"\xff\xfe\x00\xd8 broken", b"- \x07"])
def test_a_file_that_is_no_list_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "fees.yml"
    file.write_bytes(content)
    with pytest.raises(BadCases) as caught:
        load_cases(tmp_path)
    assert str(caught.value).startswith(f"{file}: not ")
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match="nowhere: no such folder"):
        load_cases(tmp_path / "nowhere")
