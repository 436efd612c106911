"""The judge of benchmarks/kill.py finds each way of breaking the promise, and no more."""

from __future__ import annotations

import pytest

from benchmarks.verdict import judge

ASKED = {"anna": ["a1", "a2", "a3"], "badr": ["b1"]}
ANSWERED = {"anna": ["a1", "a2", "a3"], "badr": ["b1"]}


def test_everything_answered_once_and_in_order_is_kept() -> None:
    verdict = judge(ASKED, ANSWERED, uncertain=())
    assert verdict.kept
    assert (verdict.accepted, verdict.once) == (4, 4)


@pytest.mark.parametrize(
    ("what", "shown", "found"),
    [
        ("lost", {"anna": ["a1", "a3"], "badr": ["b1"]}, ("a2",)),
        ("lost", {"anna": ["a1", "a2", "a3"]}, ("b1",)),
        ("twice", {"anna": ["a1", "a2", "a2", "a3"], "badr": ["b1"]}, ("a2",)),
        ("twice", {"anna": ["a1", "a2", "a3"], "badr": ["b1", "b1", "b1"]}, ("b1",)),
        ("strangers", {"anna": ["a1", "a2", "a3", "b1"], "badr": ["b1"]}, ("b1",)),
        ("strangers", {"anna": ["a1", "a2", "a3"], "badr": ["b1", "c9"]}, ("c9",)),
        ("strangers", {**ANSWERED, "carim": ["c1"]}, ("c1",)),
        ("disordered", {"anna": ["a2", "a1", "a3"], "badr": ["b1"]}, ("anna",)),
    ],
)
def test_each_fault_is_found(what: str, shown: dict[str, list[str]], found: tuple[str, ...]) -> None:
    verdict = judge(ASKED, shown, uncertain=())
    assert getattr(verdict, what) == found
    assert not verdict.kept


def test_a_fault_in_one_conversation_hides_none_in_another() -> None:
    verdict = judge(ASKED, {"anna": ["a1", "a1", "a3"], "badr": ["b1"]}, uncertain=())
    assert (verdict.lost, verdict.twice, verdict.once) == (("a2",), ("a1",), 2)


def test_what_the_gateway_calls_unknown_is_not_lost_unless_it_was_shown() -> None:
    verdict = judge(ASKED, {"anna": ["a1", "a3"], "badr": ["b1"]}, uncertain={"a2", "b1"})
    assert (verdict.unknown, verdict.lost, verdict.once) == (("a2",), (), 3)
    assert verdict.kept


def test_a_repetition_later_in_the_conversation_is_twice_and_not_disorder() -> None:
    verdict = judge(ASKED, {"anna": ["a1", "a2", "a3", "a1"], "badr": ["b1"]}, uncertain=())
    assert (verdict.twice, verdict.disordered) == (("a1",), ())


def test_a_reply_shown_to_somebody_else_is_no_answer() -> None:
    verdict = judge(ASKED, {"anna": ["a1", "a2", "a3", "b1"]}, uncertain=())
    assert (verdict.lost, verdict.strangers) == (("b1",), ("b1",))
