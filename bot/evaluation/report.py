"""The measurement as one JSON object, from which the page, the summary and the pictures are made.

It holds no time of day: between two runs of one model on one set only `cost` differs.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation import calibration
from bot.evaluation.figures import GROUPS, Share, confusion, cost, grouped, option_recall, shares, wrong_and_sure
from bot.evaluation.judging import Judged, expected, got


@dataclass(frozen=True)
class Model:
    """What was measured; `current`: trained from the files as they are now. `revision` is git's, "" without git."""

    name: str
    current: bool
    revision: str


def revision(folder: Path) -> str:
    """The commit that a folder is at, with "-dirty" when files differ from it; "" where git knows of none."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "describe", "--always", "--dirty", "--exclude=*", "--abbrev=12"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def build(sets: Mapping[str, Sequence[Judged]], model: Model) -> dict[str, Any]:
    """The report over all sets together, with the main figures of each by the name of its folder."""
    judged = [item for members in sets.values() for item in members]
    return {
        "model": {"name": model.name, "current": model.current, "revision": model.revision},
        "messages": len(judged),
        "figures": _figures(judged),
        "option_recall": option_recall(judged),
        "sets": {name: {"messages": len(members), "figures": _figures(members)} for name, members in sets.items()},
        "by": {name: _groups(grouped(judged, group)) for name, group in GROUPS.items()},
        "confusion": confusion(judged),
        "calibration": {
            "kind": calibration.to_json([(item.confidence, item.kind) for item in judged]),
            "both": calibration.to_json([(item.confidence, item.both) for item in judged]),
        },
        "cost": {
            "wall_ms": cost([item.answered.wall for item in judged]),
            "cpu_ms": cost([item.answered.cpu for item in judged]),
        },
        "failures": [failure(item) for item in judged if item.wrong],
    }


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    return {name: share.to_json() for name, share in shares(judged).items()}


def _groups(groups: Mapping[str, Mapping[str, Share]]) -> dict[str, Any]:
    return {name: {figure: share.to_json() for figure, share in group.items()} for name, group in groups.items()}


def failure(item: Judged) -> dict[str, Any]:
    """A case that failed, as a person wants to see it."""
    return {
        "sentence": item.answered.sentence,
        "topic": item.case.topic,
        "register": item.case.register,
        "channel": item.case.channel,
        "expected": expected(item.case),
        "got": got(item.answered.reply),
        "wrong": list(item.wrong),
        "confidence": item.confidence,
        "sure": wrong_and_sure(item),
    }
