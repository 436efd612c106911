"""Labelled sentences from CSV files with the columns `label` and `text`, and what is right of them."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_COLUMNS = {"label", "text"}


class UnreadableCsv(Exception):
    """A file is not there or not of the form; the message names file and line."""


@dataclass(frozen=True)
class Labelled:
    """Sentences with a label each."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]


def read(path: Path) -> Labelled:
    """The rows of a CSV file in UTF-8, with a header that names at least `label` and `text`.

    Raises:
        UnreadableCsv: no such file, a column is missing, or a row lacks its label or text.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := _COLUMNS - set(reader.fieldnames or ()):
                raise UnreadableCsv(f"{path}:1: no column {', '.join(sorted(missing))}")
            rows = []
            for row in reader:
                label, text = (row["label"] or "").strip(), (row["text"] or "").strip()
                if not label or not text:
                    raise UnreadableCsv(f"{path}:{reader.line_num}: a row needs a label and a text")
                rows.append((label, text))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableCsv(f"{path}: {error}") from error
    if not rows:
        raise UnreadableCsv(f"{path}: no rows")
    return Labelled(tuple(text for _, text in rows), tuple(label for label, _ in rows))


def sample(data: Labelled, size: int, seed: int = 1) -> Labelled:
    """About `size` rows, the same number of each label as far as it has them."""
    by_label: defaultdict[str, list[str]] = defaultdict(list)
    for label, text in zip(data.labels, data.texts, strict=True):
        by_label[label].append(text)
    each = max(1, size // len(by_label))
    chance = random.Random(seed)
    rows = [
        (label, text)
        for label, texts in sorted(by_label.items())
        for text in chance.sample(texts, min(each, len(texts)))
    ]
    return Labelled(tuple(text for _, text in rows), tuple(label for label, _ in rows))


def accuracy(expected: Sequence[str], got: Sequence[str]) -> float:
    """The share of labels that are right."""
    return sum(one == other for one, other in zip(expected, got, strict=True)) / len(expected)


def macro_f1(expected: Sequence[str], got: Sequence[str]) -> float:
    """The mean over the labels that are expected of 2 tp / (2 tp + fp + fn)."""
    scores = []
    for label in set(expected):
        right = sum(one == other == label for one, other in zip(expected, got, strict=True))
        scores.append(2 * right / (expected.count(label) + got.count(label)) if right else 0.0)
    return sum(scores) / len(scores)
