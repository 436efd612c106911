"""Both sets of sentences are well formed and as balanced as they must be to mean something.

What fails is named by its place and never by its words, for the held-out sentences are not to be read: so tests and
what they assert are given the name of a set, never its cases, which pytest would print.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import pytest

from arabic import strip_marks, to_ascii_digits
from bot.evaluation.cases import Case, load_cases
from bot.evaluation.errors import BadCases
from tests.nlu.cases import DEVELOPMENT, FAQ_TOPICS, HELD_OUT, KINDS, REGISTERS, SERVICES, TOPICS

FOLDERS = {"development": DEVELOPMENT, "held_out": HELD_OUT}
SETS = {name: load_cases(folder) for name, folder in FOLDERS.items()}
# Development has a file for each topic, and beside them files of registers that were moved to it from the held-out set.
MOVED = "second_"
# Questions of the FAQ have a file of their own in each set, and no part in the balance of the others.
FAQ = "faq"
ASKED = {name: [case for case in cases if case.kind == FAQ] for name, cases in SETS.items()}
# What a set must be is asked of development's topics alone.
WHOLE = {
    name: [case for case in cases if case.kind != FAQ and not case.topic.startswith(MOVED)]
    for name, cases in SETS.items()
}
DIALECTS = {"sanaani", "taizzi", "hadrami", "tihami"}
NOISY = {"sms", "arabizi", "typos"}
MIXED = {"noisy": NOISY, "wordy": REGISTERS}
"""Files of the held-out set with several registers."""
# The topics whose name is the kind that every case in them has.
OF_ONE_KIND = TOPICS & KINDS - {"status"}
# These always ask about some service; a question without one belongs to faq_free.
ABOUT_A_SERVICE = OF_ONE_KIND - {"ambiguous", "out_of_scope"}
REFERENCE = re.compile(r"[A-Z0-9]+([-/][A-Z0-9]+)*")
# The share of each register among the held-out messages, and how far it may move.
SHARES = {
    "msa": 0.30,
    "sanaani": 0.14,
    "taizzi": 0.13,
    "hadrami": 0.10,
    "tihami": 0.08,
    "sms": 0.08,
    "arabizi": 0.08,
    "typos": 0.09,
}
MAY_MOVE = 0.02


def alone(name: str) -> list[Case]:
    return [case for case in WHOLE[name] if not case.conversation]


def share(registers: set[str], name: str) -> float:
    return sum(case.register in registers for case in alone(name)) / len(alone(name))


def placed(cases: Iterable[Case]) -> Iterator[tuple[str, Case]]:
    """Each case with its place: the file and the number of its entry, for a turn the conversation and its number."""
    numbers = defaultdict(lambda: count(1))
    for case in cases:
        if case.conversation:
            yield f"{case.conversation}, turn {case.turn + 1}", case
        else:
            yield f"{case.topic}-{next(numbers[case.topic])}", case


def faults(case: Case) -> list[str]:
    """What is wrong with the case of any set, in words."""
    services = [case.service, *case.options, *(question.service for question in case.also)]
    kinds = [case.kind, *case.accept, *(question.kind for question in case.also)]
    rules = {
        "empty text, or spaces around it": case.text != case.text.strip() or not case.text,
        "unknown kind": not KINDS | {FAQ} >= set(kinds),
        "a topic of the FAQ needs its kind, and the kind a topic": (case.kind == FAQ) != (case.faq is not None),
        "unknown topic of the FAQ": case.faq is not None and case.faq not in FAQ_TOPICS,
        "accepts what it expects": case.kind in case.accept,
        "unknown service": not SERVICES >= {service for service in services if service},
        "unknown register": case.register not in REGISTERS,
        "not on the channel of its register": (case.channel == "sms") != (case.register == "sms"),
        "ambiguous needs two options, others none": (len(set(case.options)) >= 2) != (case.kind == "ambiguous"),
        "ambiguous names no service": case.kind == "ambiguous" and case.service is not None,
        "reference not as it stands in the text": case.reference is not None and not has_its_reference(case),
    }
    return [fault for fault, broken in rules.items() if broken]


def has_its_reference(case: Case) -> bool:
    """Whether it is in ASCII upper case without spaces, with the hyphens and slashes that the text has."""
    reference, text = case.reference or "", to_ascii_digits(strip_marks(case.text)).upper()
    return bool(REFERENCE.fullmatch(reference)) and reference in "".join(text.split())


def faults_by_topic(case: Case) -> list[str]:
    """What is wrong with it as one of its topic."""
    rules = {
        "unknown topic": case.topic not in TOPICS,
        "kind is not its topic's": case.topic in OF_ONE_KIND and case.kind != case.topic,
        "lacks its service": case.topic in ABOUT_A_SERVICE and case.service is None,
        "two questions need a second one": (case.topic == "two_questions") != bool(case.also),
        "follows up nothing": (case.topic == "followups") != bool(case.conversation),
    }
    return [fault for fault, broken in rules.items() if broken]


def faults_by_register(case: Case) -> list[str]:
    """What is wrong with it in its file: of one register, or of one and what the messages are ("msa_two")."""
    register, _, form = case.topic.removeprefix(MOVED).partition("_")
    if case.kind == FAQ:
        return [] if register == FAQ else ["not in the file of the FAQ"]
    rules = {
        "unknown file": register not in {*REGISTERS, *MIXED} or form not in {"", "two", "conversations"},
        "register is not its file's": case.register not in MIXED.get(register, {register}),
        "lacks its service": case.kind in ABOUT_A_SERVICE and case.service is None,
        "two questions need a second one": (form == "two") != bool(case.also),
        "follows up nothing": (form == "conversations") != bool(case.conversation),
    }
    return [fault for fault, broken in rules.items() if broken]


@pytest.mark.parametrize("name", SETS)
def test_every_case_is_well_formed(name: str) -> None:
    assert {place: found for place, case in placed(SETS[name]) if (found := faults(case))} == {}


@pytest.mark.parametrize("name", SETS)
def test_every_case_is_in_its_file(name: str) -> None:
    wrong = {}
    for place, case in placed(SETS[name]):
        of_register = name == "held_out" or case.topic.startswith(MOVED)
        wrong[place] = faults_by_register(case) if of_register else faults_by_topic(case)
    assert {place: found for place, found in wrong.items() if found} == {}


def test_no_text_twice() -> None:
    at: dict[str, list[str]] = defaultdict(list)
    for name, cases in SETS.items():
        for place, case in placed(cases):
            # Further turns may be alike: it is what was said before that makes them.
            if case.turn == 0:
                at[case.text].append(f"{name}/{place}")
    assert [places for places in at.values() if len(places) > 1] == []


@pytest.mark.parametrize("name", SETS)
def test_every_kind_is_there(name: str) -> None:
    assert {case.kind for case in alone(name)} == KINDS


@pytest.mark.parametrize(("name", "least"), [("development", 6), ("held_out", 8)])
def test_every_service_is_asked_for(name: str, least: int) -> None:
    asked = Counter(case.service for case in alone(name))
    assert len(SERVICES) == 55
    assert {service: asked[service] for service in SERVICES if asked[service] < least} == {}


@pytest.mark.parametrize("name", SETS)
def test_conversations_have_two_to_four_turns(name: str) -> None:
    turns = Counter(case.conversation for case in WHOLE[name] if case.conversation)
    assert len(turns) >= 25
    assert set(turns.values()) <= {2, 3, 4}


def test_development_has_enough_of_each_topic() -> None:
    sizes = Counter(case.topic for case in alone("development"))
    assert {*sizes, "followups"} == TOPICS
    assert sizes.total() >= 700
    assert sizes["out_of_scope"] >= 200
    assert min(sizes[topic] for topic in TOPICS - {"followups"}) >= 25


@pytest.mark.parametrize(("name", "least"), [("development", 1), ("held_out", 2)])
def test_every_topic_of_the_faq_is_asked_for(name: str, least: int) -> None:
    asked = Counter(case.faq for case in ASKED[name])
    assert {topic: asked[topic] for topic in FAQ_TOPICS if asked[topic] < least} == {}
    assert {case.register for case in ASKED[name]} == REGISTERS


def test_the_held_out_set_has_enough_to_mean_something() -> None:
    sizes = Counter(case.kind for case in WHOLE["held_out"])
    assert sizes.total() >= 1150
    assert sizes["out_of_scope"] >= 200


@pytest.mark.parametrize(
    ("registers", "least", "most"),
    [({"msa"}, 0.32, 0.38), (DIALECTS, 0.37, 0.43), (NOISY, 0.22, 0.28)]
    + [({register}, 0.05, 0.38) for register in sorted(REGISTERS)],
)
def test_registers_of_development_are_balanced(registers: set[str], least: float, most: float) -> None:
    assert least <= share(registers, "development") <= most


@pytest.mark.parametrize("register", sorted(REGISTERS))
def test_registers_of_the_held_out_set_stay_as_they_are(register: str) -> None:
    assert share({register}, "held_out") == pytest.approx(SHARES[register], abs=MAY_MOVE)


@pytest.mark.parametrize(
    ("text", "reference", "right"),
    [
        ("وين PSP-2026/001234", "PSP-2026/001234", True),
        ("وين psp 2026 - ٠٠١٢٣٤؟", "PSP2026-001234", True),
        ("وين PSP-2026/001234", "PSP2026001234", False),
        ("وين psp2026001234", "psp2026001234", False),
        ("وين PSP 2026", "PSP 2026", False),
        ("وين PSP2026-", "PSP2026-", False),
    ],
)
def test_a_reference_is_what_the_text_has(text: str, reference: str, right: bool) -> None:
    assert has_its_reference(Case(text, "status", None, "status", "msa", reference=reference)) == right


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
    single, first, second = load_cases(tmp_path)
    assert (single.reference, single.accept, single.channel, single.conversation) == ("PSP1", ("follow",), "sms", "")
    assert (first.conversation, first.turn, first.register) == (second.conversation, 0, "msa")
    assert (second.turn, second.topic, second.also[0].kind) == (1, "status", "hours")


@pytest.mark.parametrize("broken", ['- {text: "س", kind: fees}', '- {text: "س", feees: 1}', "- just words"])
def test_a_broken_file_does_not_load(tmp_path: Path, broken: str) -> None:
    (tmp_path / "fees.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(BadCases):
        load_cases(tmp_path)
