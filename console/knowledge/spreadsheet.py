"""The FAQ as a table for spreadsheets: a row for each wording and each answer of a topic, in XLSX or CSV.

Whoever edits the file sends it back whole; a topic that is not in it stays as it is. Nothing is taken of a file with
a fault.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from console.errors import Problem
from console.knowledge.document import Answer
from console.knowledge.topics import BAD_DATE, NAME, Topic, read_answers, read_examples
from console.pages.csv import safe

COLUMNS = (
    "topic",
    "title",
    "owner",
    "review",
    "type",
    "text",
    "channel",
    "source",
    "url",
    "published",
    "grade",
    "jurisdiction",
    "valid_from",
    "valid_until",
)
_ANSWER = COLUMNS[6:]
_NEEDED = ("topic", "title", "type", "text")
MOST_ROWS = 20_000
_MOST_UNPACKED = 64 * 1024 * 1024
UNREADABLE = "الملف ليس جدول XLSX ولا CSV يُقرأ."
NO_COLUMN = "ينقص عمود: {name}"
TOO_LONG = "الملف أطول من {most} سطر."
BAD_TYPE = "النوع «{value}» ليس example ولا answer."
BAD_TOPIC = "المعرّف «{value}» غير صحيح."
TWO_TITLES = "للموضوع «{value}» أكثر من عنوان."


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row of the file (1 is the row of the names), as an Arabic sentence with its values."""

    row: int
    text: str
    values: dict[str, Any]


class Refused(Exception):
    """The file has faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(len(faults))
        self.faults = faults


def rows_of(topics: Iterable[Topic]) -> Iterator[list[str]]:
    """The rows of topics, without the names."""
    for topic in topics:
        head = [topic.name, topic.title, topic.owner, topic.review.isoformat() if topic.review else ""]
        for example in topic.examples:
            yield [*head, "example", example, *[""] * len(_ANSWER)]
        for answer in topic.answers:
            yield [*head, "answer", answer.text, *(_text(getattr(answer, name)) for name in _ANSWER)]


def as_xlsx(topics: Iterable[Topic]) -> bytes:
    """A workbook; every cell is text, none a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("faq")
    sheet.sheet_view.rightToLeft = True
    for row in [list(COLUMNS), *rows_of(topics)]:
        sheet.append([safe(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(_name: str, content: bytes) -> list[list[str]]:
    """The rows of a file, the names first. Raises Problem when it is no table."""
    try:
        rows = _xlsx(content) if content[:2] == b"PK" else _csv(content)
        if len(rows) > MOST_ROWS:
            raise Problem(400, TOO_LONG, most=MOST_ROWS)
    except (ValueError, KeyError, OSError, csv.Error, zipfile.BadZipFile, InvalidFileException, EOFError) as error:
        raise Problem(400, UNREADABLE) from error
    if not rows:
        raise Problem(400, UNREADABLE)
    return rows


def _xlsx(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(info.file_size for info in packed.infolist()) > _MOST_UNPACKED:
            raise ValueError("a zip bomb")
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2)
    found = ([_text(cell) for cell in row[: len(COLUMNS)]] for row in rows)
    return [row for row in found if any(row)]


def _csv(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("not text")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    return [row[: len(COLUMNS)] for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]


def topics_in(rows: Sequence[Sequence[str]]) -> list[Topic]:
    """The topics of a file's rows.

    Raises:
        Problem: a column is missing.
        Refused: with every row that is wrong.
    """
    names = [name.strip().lower() for name in rows[0]]
    if missing := next((name for name in _NEEDED if name not in names), None):
        raise Problem(400, NO_COLUMN, name=missing)
    faults: list[Fault] = []
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: _unsafe(row[place]) if place < len(row) else "" for place, name in enumerate(names)}
        if fault := _fault(cells):
            faults.append(Fault(number, *fault))
        else:
            found.setdefault(cells["topic"].strip(), []).append((number, cells))
    topics = [_topic(name, lines, faults) for name, lines in found.items()]
    if faults:
        raise Refused(sorted(faults, key=lambda fault: fault.row))
    return [topic for topic in topics if topic is not None]


def _fault(cells: dict[str, str]) -> tuple[str, dict[str, Any]] | None:
    if not NAME.fullmatch(cells["topic"].strip()):
        return BAD_TOPIC, {"value": cells["topic"][:60]}
    if cells["type"].strip() not in ("example", "answer"):
        return BAD_TYPE, {"value": cells["type"][:30]}
    return None


def _topic(name: str, lines: list[tuple[int, dict[str, str]]], faults: list[Fault]) -> Topic | None:
    first, cells = lines[0]
    if len({line["title"].strip() for _, line in lines}) > 1:
        faults.append(Fault(first, TWO_TITLES, {"value": name}))
        return None
    try:
        texts = "\n".join(line["text"].replace("\n", " ") for _, line in lines if line["type"].strip() == "example")
        answers = [line for _, line in lines if line["type"].strip() == "answer"]
        lists = {column: [line.get(column, "") for line in answers] for column in ("text", *_ANSWER)}
        review = cells.get("review", "").strip()
        return Topic(
            name,
            cells["title"].strip()[:120],
            cells.get("owner", "").strip()[:80],
            date.fromisoformat(review) if review else None,
            read_examples(texts),
            read_answers(lists),
        )
    except (Problem, ValueError) as error:
        wrong = error if isinstance(error, Problem) else Problem(400, BAD_DATE, value=review[:20])
        faults.append(Fault(first, wrong.text, dict(wrong.values)))
        return None


def _unsafe(cell: str) -> str:
    """Without the apostrophe that a cell was made safe with."""
    return cell[1:] if cell[:1] == "'" and safe(cell[1:]) == cell else cell


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


__all__ = ["COLUMNS", "Answer", "Fault", "Refused", "as_xlsx", "read", "rows_of", "topics_in"]
