"""The least that a set must reach, from `floors.json` beside its cases.

    {"kind": 0.97, "service": 0.96, "both": 0.94, "register": 0.9, "out_of_scope_recall": 0.9, "false_alarm": 0.03}

Any of them may be left out. `register` is for the register in which the fewest have both right. `false_alarm`,
`also_unasked`, `wrong_confident` and `misled` are the most there may be. JSON, because every YAML file in the folder is
one of cases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.evaluation.errors import EvaluationError
from bot.evaluation.figures import lowest_register, shares
from bot.evaluation.judging import Judged

NAME = "floors.json"
_LEAST = frozenset({"kind", "service", "faq", "both", "also", "reference", "register", "out_of_scope_recall"})
_MOST = frozenset({"false_alarm", "also_unasked", "wrong_confident", "misled"})


def read_floors(folder: Path) -> dict[str, float]:
    """The floors of the set of a folder; none when it has no file of them.

    Raises:
        EvaluationError: it is not of the form above.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        floors = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise EvaluationError(f"{path}: not JSON: {error}") from error
    if not isinstance(floors, dict):
        raise EvaluationError(f"{path}: not of the form {{figure: share}}")
    for name, share in floors.items():
        if name not in _LEAST | _MOST:
            raise EvaluationError(f"{path}: {name} is none of {', '.join(sorted(_LEAST | _MOST))}")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise EvaluationError(f"{path}: {name} must be a share from 0 to 1")
    return floors


def broken(floors: Mapping[str, float], judged: Sequence[Judged]) -> list[str]:
    """One line for each figure that does not keep to its floor; a figure that nothing measures keeps to none."""
    figures = shares(judged) | {"register": lowest_register(judged)}
    lines = []
    for name, bound in floors.items():
        share = figures[name].share
        if share is None:
            lines.append(f"{name}: has a floor, but no message measures it")
        elif share > bound if name in _MOST else share < bound:
            side = "over" if name in _MOST else "under"
            lines.append(f"{name}: {share:.2%} is {side} the {bound:.2%} of {NAME}")
    return lines
