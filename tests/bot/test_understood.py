"""What citizens write is understood as well as it was: the sets of tests/nlu keep to their floors.

Floors lie a little below what was measured, so that a sentence or two may change sides with a library's rounding;
`python -m bot evaluate --check` is the strict form, with the list of known failures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.floors import read_floors
from tests.bot.trained import ROOT, environment

SETS = ROOT / "tests" / "nlu"
AT_MOST = frozenset({"false_alarm", "also_unasked", "misled"})


def share(report: dict[str, Any], name: str) -> float:
    """A figure of the report; `register` is that of the register understood least."""
    if name == "register":
        return min(register["both"]["share"] for register in report["by"]["register"].values())
    return float(report["figures"][name]["share"])


@pytest.mark.parametrize("name", ["held_out", "development"])
def test_the_set_keeps_to_its_floors(name: str, sample_url: str, model_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "evaluate", str(SETS / name), "--output", str(tmp_path)]
    settings = environment(database_url=sample_url, model_folder=model_folder)
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    floors = read_floors(SETS / name)
    reached = {figure: share(report, figure) for figure in floors}
    broken = {
        figure: (reached[figure], floor)
        for figure, floor in floors.items()
        if (reached[figure] > floor if figure in AT_MOST else reached[figure] < floor)
    }
    assert broken == {}
    assert len(floors) >= 6
