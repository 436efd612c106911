"""Tables for Excel and the like, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"
"""The byte order mark: without it Excel reads UTF-8 as something else."""


def safe(value: object) -> str:
    """A cell that no spreadsheet computes (OWASP, CSV injection); numbers stay numbers."""
    text = "" if value is None else str(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) and not is_number else text


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The text of a CSV file."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([safe(value) for value in row] for row in rows)
    return _MARK + file.getvalue()


def attachment(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> web.Response:
    """The file as an answer."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(text=written(columns, rows), content_type="text/csv", headers=headers)
