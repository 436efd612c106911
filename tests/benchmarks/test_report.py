"""The report of benchmarks/assistant.py says of each expectation whether it is met."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.report import Report, Row


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("throughput", "msg/s", 100.0, 10.0, True, 10.0), "yes"),
        (Row("throughput", "msg/s", 99.0, 10.0, True, 10.0), "NO"),
        (Row("memory", "MB", 33.0, 100.0, expected=1 / 3), "yes"),
        (Row("memory", "MB", 34.0, 100.0, expected=1 / 3), "NO"),
    ],
)
def test_an_expectation_is_met_or_not(row: Row, met: str) -> None:
    line = Report([row]).table().splitlines()[2]
    assert line.split()[-1] == met


def test_a_figure_without_expectation_has_no_verdict() -> None:
    assert Row("latency", "ms", 1.0, 2.0).verdict == ""


def test_the_json_has_figures_ratios_and_conditions(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    Report([Row("training", "s", 5.0, 20.0, note=" (stock extrapolated)")], {"messages": 7}).write_json(file)
    content = json.loads(file.read_text("utf-8"))
    assert content["conditions"] == {"messages": 7}
    assert content["rows"][0]["ratio"] == 0.25
    assert "extrapolated" in content["rows"][0]["note"]
