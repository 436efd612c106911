"""The held-out set is well formed and as balanced as it must be to mean something."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.evaluation.cases import Case, load_cases
from bot.evaluation.errors import BadCases
from tests.nlu.cases import FOLDER, KINDS, REGISTERS, SERVICES, TOPICS

CASES = load_cases(FOLDER)
SINGLES = [case for case in CASES if not case.conversation]
DIALECTS = {"sanaani", "taizzi", "hadrami", "tihami"}
NOISY = {"sms", "arabizi", "typos"}
# The topics whose name is the kind that every case in them has.
OF_ONE_KIND = TOPICS & KINDS - {"status"}
# These always ask about some service; a question without one belongs to faq_free.
ABOUT_A_SERVICE = OF_ONE_KIND - {"ambiguous", "out_of_scope"}


def faults(case: Case) -> list[str]:
    """What is wrong with the case, in words."""
    services = [case.service, *case.options, *(question.service for question in case.also)]
    kinds = [case.kind, *case.accept, *(question.kind for question in case.also)]
    rules = {
        "empty text, or spaces around it": case.text != case.text.strip() or not case.text,
        "unknown topic": case.topic not in TOPICS,
        "unknown kind": not KINDS | {"faq"} >= set(kinds) or case.kind == "faq",
        "accepts what it expects": case.kind in case.accept,
        "unknown service": not SERVICES >= {service for service in services if service},
        "unknown register": case.register not in REGISTERS,
        "unknown channel": case.channel not in {"web", "telegram", "sms"},
        "kind is not its topic's": case.topic in OF_ONE_KIND and case.kind != case.topic,
        "lacks its service": case.topic in ABOUT_A_SERVICE and case.service is None,
        "ambiguous needs two options, others none": (len(set(case.options)) >= 2) != (case.kind == "ambiguous"),
        "two questions need a second one": (case.topic == "two_questions") != bool(case.also),
        "reference not in ASCII upper case": case.reference is not None and not is_reference(case.reference),
    }
    return [fault for fault, broken in rules.items() if broken]


def is_reference(text: str) -> bool:
    return text.isascii() and text.isalnum() and text == text.upper()


def test_every_case_is_well_formed() -> None:
    assert {case.text: faults(case) for case in CASES if faults(case)} == {}


def test_every_topic_has_its_file() -> None:
    assert {case.topic for case in CASES} == TOPICS


def test_no_text_twice() -> None:
    texts = [case.text for case in SINGLES] + [case.text for case in CASES if case.conversation and case.turn == 0]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_enough_of_each_topic() -> None:
    sizes = Counter(case.topic for case in SINGLES)
    assert len(SINGLES) >= 700
    assert sizes["out_of_scope"] >= 200
    assert sizes["two_questions"] >= 25
    assert min(sizes[topic] for topic in TOPICS - {"followups"}) >= 25


def test_every_service_is_asked_for_six_times() -> None:
    asked = Counter(case.service for case in SINGLES)
    assert len(SERVICES) == 55
    assert {service: asked[service] for service in SERVICES if asked[service] < 6} == {}


def test_every_kind_is_there() -> None:
    assert {case.kind for case in SINGLES} == KINDS


def test_conversations_have_two_to_four_turns() -> None:
    turns = Counter(case.conversation for case in CASES if case.conversation)
    assert len(turns) >= 25
    assert set(turns.values()) <= {2, 3, 4}


@pytest.mark.parametrize(
    ("registers", "least", "most"),
    [({"msa"}, 0.32, 0.38), (DIALECTS, 0.37, 0.43), (NOISY, 0.22, 0.28)]
    + [({register}, 0.05, 0.38) for register in sorted(REGISTERS)],
)
def test_registers_are_balanced(registers: set[str], least: float, most: float) -> None:
    share = sum(case.register in registers for case in SINGLES) / len(SINGLES)
    assert least <= share <= most


def test_a_file_is_read_with_all_that_a_case_can_carry(tmp_path: Path) -> None:
    (tmp_path / "status.yml").write_text(
        '- {text: "اين PSP1", kind: status, service: null, register: sms, channel: sms, reference: "PSP1",'
        " accept: [follow]}\n"
        "- register: msa\n"
        "  conversation:\n"
        '    - {text: "السلام", kind: greeting, service: null}\n'
        '    - {text: "وبكم", kind: fees, service: passport, also: [{kind: hours, service: passport}]}\n',
        encoding="utf-8",
    )
    alone, first, second = load_cases(tmp_path)
    assert (alone.reference, alone.accept, alone.channel, alone.conversation) == ("PSP1", ("follow",), "sms", "")
    assert (first.conversation, first.turn, first.register) == (second.conversation, 0, "msa")
    assert (second.turn, second.topic, second.also[0].kind) == (1, "status", "hours")


@pytest.mark.parametrize("broken", ['- {text: "س", kind: fees}', '- {text: "س", feees: 1}', "- just words"])
def test_a_broken_file_does_not_load(tmp_path: Path, broken: str) -> None:
    (tmp_path / "fees.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(BadCases):
        load_cases(tmp_path)
