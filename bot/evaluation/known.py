"""The sentences of a set that fail today, so that a new failure stands out among them.

One line each, between tabs: the sentence (after the earlier turns of its conversation, with " / " between them), what
was expected, what came. The list is for `--check` and for people; `--update-known` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.errors import EvaluationError
from bot.evaluation.judging import Judged, expected, got

NAME = "known_failures.txt"
_HEADER = "# Sentences that fail, known to `python -m bot evaluate --check`; written by `--update-known`.\n"


@dataclass(frozen=True)
class Comparison:
    """What fails beside what is listed. `stale`: listed, but passing now or in the set no more."""

    new: tuple[Judged, ...]
    stale: tuple[str, ...]


def key(sentence: str) -> str:
    """The sentence as it stands in the file: on one line, without tabs."""
    return " ".join(sentence.split())


def read_known(folder: Path) -> list[str]:
    """The sentences listed for the set of a folder; none when there is no list.

    Raises:
        EvaluationError: a line is not of the list's form.
    """
    path = folder / NAME
    if not path.exists():
        return []
    sentences = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or (line.startswith("#") and "\t" not in line):
            continue
        sentence, *others = line.split("\t")
        if len(others) != 2:
            raise EvaluationError(f"{path}: line {number}: expected sentence, expected and got between two tabs")
        sentences.append(sentence)
    return sentences


def compare(known: Sequence[str], judged: Iterable[Judged]) -> Comparison:
    """What fails without being listed, and what is listed without failing."""
    failed = {key(item.answered.sentence): item for item in judged if item.wrong}
    listed = set(known)
    new = tuple(item for sentence, item in failed.items() if sentence not in listed)
    return Comparison(new, tuple(sentence for sentence in known if sentence not in failed))


def write_known(folder: Path, judged: Iterable[Judged]) -> None:
    """List what fails, in the order of the cases; without failures there is no list."""
    path = folder / NAME
    lines = dict.fromkeys(_line(item) for item in judged if item.wrong)
    if lines:
        path.write_text(_HEADER + "".join(lines), "utf-8")
    else:
        path.unlink(missing_ok=True)


def _line(item: Judged) -> str:
    return f"{key(item.answered.sentence)}\t{expected(item.case)}\t{got(item.answered.reply)}\n"
