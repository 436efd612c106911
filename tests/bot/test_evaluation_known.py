"""The list of known failures, and the floors of a set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.errors import EvaluationError
from bot.evaluation.floors import broken, read_floors
from bot.evaluation.judging import Judged
from bot.evaluation.known import compare, read_known, write_known
from tests.bot.evaluating import case, judged, reply, right, wrong


def listed(folder: Path) -> list[str]:
    return [line for line in (folder / "known_failures.txt").read_text("utf-8").splitlines() if line[:2] != "# "]


def test_what_fails_is_written_and_read_again(tmp_path: Path) -> None:
    odd = judged(case("و\tكم"), reply("hours"), sentence="#كم \n الجواز / و\tكم")
    write_known(tmp_path, [wrong("ب"), right("ا"), odd, wrong("ب")])
    assert listed(tmp_path) == [
        "ب\tfees passport\thours passport",
        "#كم الجواز / و كم\tfees passport\thours passport",
    ]
    assert read_known(tmp_path) == ["ب", "#كم الجواز / و كم"]
    assert compare(read_known(tmp_path), [wrong("ب"), odd]) == compare([], [])


@pytest.mark.parametrize(
    ("known", "items", "new", "stale"),
    [
        ([], [wrong("ا"), right("ب")], ["ا"], []),
        (["ا"], [wrong("ا"), wrong("ب")], ["ب"], []),
        (["ا", "ب"], [right("ا"), wrong("ب")], [], ["ا"]),
        (["ا"], [right("ب")], [], ["ا"]),
        # The same words may mean two cases: they are known until both pass.
        (["ا"], [right("ا"), wrong("ا")], [], []),
        (["ا"], [judged(case("ا"), reply("steps", None))], [], []),
        ([], [judged(case("ا", reference="PSP1"), reply())], ["ا"], []),
    ],
)
def test_new_and_stale(known: list[str], items: list[Judged], new: list[str], stale: list[str]) -> None:
    found = compare(known, items)
    assert ([item.case.text for item in found.new], list(found.stale)) == (new, stale)


def test_the_list_loses_what_passes_and_goes_with_the_last(tmp_path: Path) -> None:
    write_known(tmp_path, [wrong("ا"), wrong("ب")])
    write_known(tmp_path, [right("ا"), wrong("ب")])
    assert read_known(tmp_path) == ["ب"]
    write_known(tmp_path, [right("ا"), right("ب")])
    assert list(tmp_path.iterdir()) == []
    assert read_known(tmp_path) == []
    write_known(tmp_path, [])


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "known_failures.txt").write_text("# about\n\nا\tfees\tsteps\nا\tfees\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"known_failures\.txt: line 4: expected"):
        read_known(tmp_path)


ITEMS = [
    *(right(str(number)) for number in range(8)),
    wrong("8", register="sms"),
    judged(case("9", register="sms"), reply("out_of_scope", None)),
]


@pytest.mark.parametrize(
    ("floors", "lines"),
    [
        ({}, []),
        ({"kind": 0.8, "both": 0.8, "service": 0.9, "register": 0, "false_alarm": 0.1, "wrong_confident": 0.2}, []),
        ({"kind": 0.81}, ["kind: 80.00% is under the 81.00% of floors.json"]),
        ({"service": 0.95}, ["service: 90.00% is under the 95.00% of floors.json"]),
        ({"register": 0.5}, ["register: 0.00% is under the 50.00% of floors.json"]),
        ({"false_alarm": 0.09}, ["false_alarm: 10.00% is over the 9.00% of floors.json"]),
        ({"misled": 0.05}, ["misled: 10.00% is over the 5.00% of floors.json"]),
        ({"out_of_scope_recall": 0.5}, ["out_of_scope_recall: has a floor, but no message measures it"]),
    ],
)
def test_a_figure_below_its_floor_is_said(floors: dict[str, float], lines: list[str]) -> None:
    assert broken(floors, ITEMS) == lines


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not of the form"),
        ({"kin": 0.9}, "kin is none of"),
        ({"kind": 97}, "kind must be a share"),
        ({"kind": True}, "kind must be a share"),
        ({"kind": "0.9"}, "kind must be a share"),
    ],
)
def test_broken_floors_are_named(tmp_path: Path, content: Any, reason: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "floors.json").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=rf"floors\.json: {reason}"):
        read_floors(tmp_path)


def test_floors_are_read_where_there_are_any(tmp_path: Path) -> None:
    assert read_floors(tmp_path) == {}
    (tmp_path / "floors.json").write_text('{"kind": 0.97, "false_alarm": 0}', encoding="utf-8")
    assert read_floors(tmp_path) == {"kind": 0.97, "false_alarm": 0}
