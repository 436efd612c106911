"""Sentences with their labels: read from CSV, sampled, cut in two."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("label", "text")
_SEED = 20_261_125
_CUT = 0.1
# Of fewer examples of a label none is spared for the part cut off.
_SPARES_ONE = 5


class Row(NamedTuple):
    """A sentence and its label."""

    label: str
    text: str


class RowsError(Exception):
    """A file cannot be used; one line for each fault, with its file and line."""


def read(path: Path) -> list[Row]:
    """The rows of a CSV file with the columns `label` and `text`, others beside them or not, in any order.

    Raises:
        RowsError: with every fault of the file.
    """
    faults: list[str] = []
    rows: list[Row] = []
    for line, found in _records(path):
        if isinstance(found, Row):
            rows.append(found)
        else:
            faults.append(f"{path}:{line}: {found}")
    if not rows and not faults:
        faults.append(f"{path}:1: no rows")
    if faults:
        raise RowsError("\n".join(faults))
    return rows


def _records(path: Path) -> Iterator[tuple[int, Row | str]]:
    """The line where each record begins with the row, or with what is wrong."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        yield 1, f"cannot be read: {error.strerror}"
        return
    except UnicodeDecodeError as error:
        yield content[: error.start].count(b"\n") + 1, "not UTF-8"
        return
    # Not strict: public data, ArBanking77 too, has quotes inside quoted fields that are not doubled.
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines)
    last, line, header = 1, 1, []
    try:
        for fields in reader:
            if header and fields:
                yield line, _row(header, fields)
            elif fields:
                header = [field.strip() for field in fields]
                if any(header.count(name) != 1 for name in COLUMNS):
                    yield line, f"the header must name the columns label and text once each; it is {','.join(header)}"
                    return
            last, line = line, reader.line_num + 1
    except csv.Error as error:
        yield line, f"not CSV: {error}"
        return
    if _is_open(lines[last - 1 :]):
        yield last, "a quote is opened here and never closed"


def _is_open(record: Sequence[str]) -> bool:
    """Whether a record, its lines, ends inside quotes."""
    try:
        next(csv.reader(record, strict=True), None)
    except csv.Error as error:
        return str(error) == "unexpected end of data"
    return False


def _row(header: Sequence[str], fields: Sequence[str]) -> Row | str:
    if len(fields) != len(header):
        return f"{len(fields)} fields, the header has {len(header)}"
    named = {name: field.strip() for name, field in zip(header, fields, strict=True)}
    empty = [name for name in COLUMNS if not named[name]]
    if empty:
        return f"no {' and no '.join(empty)}"
    if "\n" in named["label"]:
        return "the label goes on in the next line; is a quote missing?"
    return Row(named["label"], named["text"])


def sample(rows: Sequence[Row], count: int) -> list[Row]:
    """So many rows by chance, the labels taking turns, so that each has as many as any other while it has rows."""
    by_label = _shuffled(rows)
    places = sorted((turn, label, place) for label, mine in by_label.items() for turn, place in enumerate(mine))
    return [rows[place] for place in sorted(place for _, _, place in places[:count])]


def cut(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows without a tenth of every label, and that tenth."""
    off: set[int] = set()
    for mine in _shuffled(rows).values():
        if len(mine) >= _SPARES_ONE:
            off.update(mine[: max(1, round(_CUT * len(mine)))])
    return [row for place, row in enumerate(rows) if place not in off], [rows[place] for place in sorted(off)]


def _shuffled(rows: Sequence[Row]) -> dict[str, list[int]]:
    """The places of every label's rows, in an order by chance that is the same each time."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        by_label[row.label].append(place)
    chance = random.Random(_SEED)
    for label in sorted(by_label):
        chance.shuffle(by_label[label])
    return by_label
