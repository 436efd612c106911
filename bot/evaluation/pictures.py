"""The report's pictures, drawn by a process of their own.

Processes that answer run with a stand-in for matplotlib, which Rasa would import at each start (`bot/slim.py`); a
stand-in cannot be lifted again from modules that have it. What is drawn is in the report's JSON, so another process can
draw it, and `python -m bot.evaluation.drawing report.json FOLDER` draws an old one again.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.evaluation.errors import EvaluationError

FILES: Mapping[str, str] = {
    "confusion": "confusion.png",
    "registers": "registers.png",
    "calibration": "calibration.png",
}
_ROOT = Path(__file__).parents[2]


def draw(report: Path, folder: Path) -> None:
    """Draw the pictures of a saved report into a folder.

    Raises:
        EvaluationError: they could not be drawn.
    """
    command = [sys.executable, "-m", "bot.evaluation.drawing", str(report.resolve()), str(folder.resolve())]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise EvaluationError(f"the pictures of {report} could not be drawn: {said[-1]}")
