"""What counts as right, and the figures made of it, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.messages import Question
from bot.evaluation.calibration import expected_error, reliability
from bot.evaluation.figures import (
    GROUPS,
    Share,
    confusion,
    cost,
    grouped,
    lowest_register,
    option_recall,
    shares,
)
from bot.evaluation.judging import expected, got
from tests.bot.evaluating import case, judged, reply, right, wrong

AMBIGUOUS = {"kind": "ambiguous", "service": None, "options": ("a", "b", "c")}
TWO = {"also": (Question("hours", "passport"), Question("location", None))}
HOURS = {"kind": "hours", "service": "passport"}
HERE = {"kind": "location", "service": "id-card"}


@pytest.mark.parametrize(
    ("label", "said", "kind", "service"),
    [
        ({}, reply(), True, True),
        ({}, reply("hours"), False, True),
        ({}, reply(service="id-card"), True, False),
        ({}, reply(service=None), True, False),
        ({"accept": ("hours",)}, reply("hours"), True, True),
        ({"accept": ("hours",)}, reply("hours", "id-card"), True, False),
        ({"accept": ("hours",)}, reply("steps"), False, True),
        ({"service": None}, reply(), True, None),
        ({}, reply("ambiguous", None, options=["passport"]), False, False),
        ({"accept": ("ambiguous",)}, reply("ambiguous", None, options=["passport", "a"]), True, True),
        ({"accept": ("ambiguous",)}, reply("ambiguous", None, options=["a"]), True, False),
        (AMBIGUOUS, reply("ambiguous", None, options=["c", "z"]), True, True),
        (AMBIGUOUS, reply("ambiguous", None, options=["z"]), True, False),
        (AMBIGUOUS, reply("ambiguous", None), True, False),
        (AMBIGUOUS, reply("fees", "a"), False, False),
        (AMBIGUOUS, reply("help", None, options=["a"]), False, False),
        ({**AMBIGUOUS, "accept": ("overview",)}, reply("overview", "a"), True, None),
        ({"kind": "out_of_scope", "service": None}, reply("out_of_scope", None), True, None),
    ],
)
def test_kind_and_service(label: dict[str, Any], said: dict[str, Any], kind: bool, service: bool | None) -> None:
    item = judged(case(**label), said)
    assert (item.kind, item.service, item.both) == (kind, service, kind and service is not False)


@pytest.mark.parametrize(
    ("offered", "recall", "enough"),
    [(["a", "b", "c"], 1, True), (["b", "c", "z"], 2 / 3, True), (["a"], 1 / 3, False), ([], 0, False)],
)
def test_two_thirds_of_the_services_meant_are_enough(offered: list[str], recall: float, enough: bool) -> None:
    item = judged(case(**AMBIGUOUS), reply("ambiguous", None, options=offered))
    assert (item.options, item.options_enough) == (recall, enough)
    assert right("س").options_enough is None


@pytest.mark.parametrize(
    ("also", "heard"),
    [
        ([HOURS, HERE], True),
        ([HERE, HOURS], True),
        ([HOURS, HERE, {"kind": "steps", "service": None}], True),
        ([HOURS], False),
        ([{"kind": "hours", "service": "id-card"}, HERE], False),
        ([], False),
    ],
)
def test_every_further_question_must_be_heard(also: list[dict[str, str]], heard: bool) -> None:
    item = judged(case(**TWO), reply(also=also) if also else reply())
    assert item.also is heard
    assert item.both
    assert item.wrong == (() if heard else ("also",))


@pytest.mark.parametrize(
    ("meant", "read", "correct"),
    [("PSP1", "PSP1", True), ("PSP1", "PSP2", False), ("PSP1", None, False), (None, "PSP2", None)],
)
def test_reference(meant: str | None, read: str | None, correct: bool | None) -> None:
    item = judged(case(reference=meant), reply(reference=read))
    assert (item.reference, item.wrong) == (correct, ("reference",) if correct is False else ())


@pytest.mark.parametrize(
    ("said", "right", "both"),
    [
        (reply("faq", None, faq="privacy"), True, True),
        (reply("faq", None, faq="brokers"), False, False),
        (reply("faq", None), False, False),
        (reply("help", None), True, True),
        (reply("hours", None), False, False),
    ],
)
def test_the_topic_of_the_faq(said: dict[str, Any], right: bool, both: bool) -> None:
    item = judged(case(kind="faq", service=None, faq="privacy", accept=("help",)), said)
    assert (item.faq, item.both) == (right, both)
    assert ("faq" in item.wrong) is not right


def test_labels_and_replies_are_said_alike() -> None:
    assert expected(case(kind="faq", service=None, faq="privacy")) == "faq privacy"
    assert got(reply("faq", None, faq="privacy")) == "faq privacy"
    label = case(kind="status", accept=("follow",), reference="PSP1", **TWO)
    assert expected(label) == "status|follow passport ref PSP1 + hours passport + location"
    assert got(reply("status", None, reference="PSP1", also=[HOURS])) == "status ref PSP1 + hours passport"
    assert expected(case(**AMBIGUOUS)) == "ambiguous [a, b, c]"


@pytest.mark.parametrize(
    ("share", "low", "high"),
    # Worked out with the formula of Wilson (1927); 81 of 263 is Newcombe's (1998) example.
    [
        (Share(0, 10), 0.0, 0.2775),
        (Share(5, 10), 0.2366, 0.7634),
        (Share(10, 10), 0.7225, 1.0),
        (Share(81, 263), 0.2553, 0.3662),
    ],
)
def test_the_interval_of_a_share(share: Share, low: float, high: float) -> None:
    assert share.interval == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_share_of_none_is_not_known() -> None:
    empty = {"right": 0, "of": 0, "share": None, "low": None, "high": None}
    assert Share.among([None, None]).to_json() == empty
    assert Share.among([True, None, False]) == Share(1, 2)


OUT = {"kind": "out_of_scope", "service": None}
ITEMS = [
    right("1"),
    judged(case("2"), reply("out_of_scope", None, confidence=0.95)),  # refused, sure
    judged(case("3"), reply(service="id-card", confidence=0.8)),  # misled
    judged(case("4"), reply("ambiguous", None, options=["passport", "id-card"], confidence=0.79)),
    judged(case("5", **TWO), reply(also=[HOURS])),
    judged(case("6", **OUT, register="sms"), reply("out_of_scope", None)),
    judged(case("7", **OUT, register="sms"), reply("steps", None, confidence=0.5, also=[HOURS])),
    judged(case("8", **OUT, register="sms", accept=("help",)), reply("help", None)),
    judged(case("9", "complaint", None, accept=("out_of_scope",)), reply("out_of_scope", None)),
    judged(case("10", **AMBIGUOUS), reply("ambiguous", None, options=["a"])),
    judged(case("11", "status", None, reference="PSP1"), reply("status", None, reference="PSP1")),
]


def test_the_main_figures() -> None:
    assert shares(ITEMS) == {
        "kind": Share(8, 11),
        "service": Share(3, 6),
        "both": Share(7, 11),
        "faq": Share(0, 0),
        "also": Share(0, 1),
        "also_unasked": Share(1, 10),
        "reference": Share(1, 1),
        "out_of_scope_recall": Share(2, 3),
        "false_alarm": Share(1, 7),
        "wrong_confident": Share(2, 11),
        "misled": Share(1, 11),
        "options": Share(0, 1),
        "asked_back": Share(1, 5),
        "faq_offered": Share(0, 0),
        "faq_offered_beside": Share(0, 2),
    }
    assert option_recall(ITEMS) == pytest.approx(1 / 3, abs=1e-4)
    assert option_recall(ITEMS[:5]) is None


def test_a_topic_offered_beside_an_answer_is_counted() -> None:
    items = [
        judged(case("1", "faq", None, faq="hijri-date"), {**reply("duration", "passport"), "offers": ["hijri-date"]}),
        judged(case("2", "faq", None, faq="hijri-date"), {**reply("duration", "passport"), "offers": ["privacy"]}),
        judged(case("3", "fees", "passport"), {**reply("fees", "passport"), "offers": ["privacy"]}),
        judged(case("4", "fees", "passport"), reply("fees", "passport")),
    ]
    figures = shares(items)
    assert (figures["faq_offered"], figures["faq_offered_beside"]) == (Share(1, 2), Share(1, 2))


def test_groups_are_counted_apart_and_the_lowest_register_is_found() -> None:
    assert grouped(ITEMS, GROUPS["register"]) == {
        "msa": {"kind": Share(6, 8), "service": Share(3, 6), "both": Share(5, 8)},
        "sms": {"kind": Share(2, 3), "service": Share(0, 0), "both": Share(2, 3)},
    }
    assert list(grouped(ITEMS, GROUPS["service"])) == ["passport"]
    assert lowest_register(ITEMS) == Share(5, 8)
    assert lowest_register([]) == Share(0, 0)


def test_an_accepted_kind_is_no_confusion() -> None:
    assert confusion(ITEMS) == {
        "ambiguous": {"ambiguous": 1},
        "complaint": {"complaint": 1},
        "fees": {"ambiguous": 1, "fees": 3, "out_of_scope": 1},
        "out_of_scope": {"out_of_scope": 2, "steps": 1},
        "status": {"status": 1},
    }


def test_reliability_and_the_expected_calibration_error() -> None:
    bins = reliability([(0.0, False), (0.09, True), (0.1, True), (0.85, True), (0.89, False), (1.0, True)])
    table = [(place, item.count, item.confidence, item.right) for place, item in enumerate(bins) if item.count]
    assert table == [
        (0, 2, pytest.approx(0.045), 0.5),
        (1, 1, 0.1, 1.0),
        (8, 2, pytest.approx(0.87), 0.5),
        (9, 1, 1.0, 1.0),
    ]
    # (2 * 0.455 + 1 * 0.9 + 2 * 0.37 + 1 * 0) / 6
    assert expected_error(bins) == pytest.approx(0.425)
    assert (bins[3].low, bins[3].high, bins[3].confidence) == (0.3, 0.4, None)
    assert expected_error(reliability([])) is None


def test_each_tenth_begins_a_bin() -> None:
    bins = reliability([(tenth / 10, True) for tenth in range(11)])
    assert [item.count for item in bins] == [1] * 9 + [2]


def test_cost_is_median_and_nearest_rank() -> None:
    assert cost([float(value) for value in range(1, 21)]) == {"median": 10.5, "p95": 19.0}
    assert cost([3.0]) == {"median": 3.0, "p95": 3.0}
    assert cost([]) == {"median": None, "p95": None}


def test_wrong_is_what_a_citizen_would_miss() -> None:
    assert wrong("س").wrong == ("kind",)
    assert judged(case(reference="PSP1"), reply("hours", "id-card")).wrong == ("kind", "service", "reference")
