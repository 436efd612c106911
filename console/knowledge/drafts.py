"""Drafts in the database: read, saved over what somebody saw, merged when two edits meet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from console.errors import Problem
from console.knowledge import merging
from console.knowledge.tables import DraftRow, SeenRow
from storage import utc_now

GONE = "حُذف هذا الملف وأنت تحرره. نسختك محفوظة في الصفحة؛ انسخها قبل أن تغادر."
_KEPT_SEEN = timedelta(days=30)


@dataclass(frozen=True)
class Draft:
    """A draft as it is kept, see DraftRow."""

    path: str
    base: str
    text: str
    by: str
    at: datetime
    authors: Sequence[str]


@dataclass(frozen=True)
class State:
    """A file as an editor meets it. text: of the draft or of the file, "" when there is none (any more).

    `clash`: the file was changed in the repository in the same place as the draft; the draft is shown.
    """

    path: str
    text: str
    draft: Draft | None
    clash: bool = False

    @property
    def digest(self) -> str:
        """The version of what is shown, which a form sends back."""
        return digest(self.text)


def digest(text: str) -> str:
    """SHA-256 of a text; "" for none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def drafts(connection: Connection) -> dict[str, Draft]:
    """All drafts, by path."""
    rows = connection.execute(select(DraftRow.__table__).order_by(DraftRow.path))
    return {row.path: Draft(*row) for row in rows}


def state(connection: Connection, root: Path, path: str) -> State:
    """A file as an editor meets it now; what a developer changed in it meanwhile is merged into the draft."""
    row = connection.execute(select(DraftRow.__table__).where(DraftRow.path == path)).one_or_none()
    return merged(connection, read_file(root, path), path, Draft(*row) if row else None)


def merged(connection: Connection, file: str, path: str, draft: Draft | None) -> State:
    """A draft over the present text of its file."""
    if draft is None:
        return State(path, file, None)
    if draft.base == digest(file) or not draft.text:
        return State(path, draft.text, draft)
    base = seen(connection, draft.base)
    if not file or base is None:
        return State(path, draft.text, draft, clash=bool(file))
    try:
        return State(path, merging.merge(base, file, draft.text), draft)
    except merging.Clash:
        return State(path, draft.text, draft, clash=True)


def keep(connection: Connection, root: Path, path: str, text: str, by: str) -> None:
    """Make it the draft of a file; a text that is the file's own ends the draft."""
    file, authors = read_file(root, path), _authors(connection, path)
    drop(connection, path)
    if text != file:
        _insert(connection, path, file, text, by, {by, *authors})


def drop(connection: Connection, path: str) -> None:
    """Throw a draft away: the file is as it is published."""
    connection.execute(delete(DraftRow).where(DraftRow.path == path))


def again(connection: Connection, path: str, before: str, text: str, by: str, authors: Iterable[str]) -> None:
    """What was published and is rolled back is a draft again, unless somebody has gone on with a draft since."""
    if connection.scalar(select(DraftRow.path).where(DraftRow.path == path)) is None:
        _insert(connection, path, before, text, by, authors)


def _insert(connection: Connection, path: str, base: str, text: str, by: str, authors: Iterable[str]) -> None:
    see(connection, base)
    see(connection, text)
    row = {"path": path, "base": digest(base), "text": text, "by": by, "at": utc_now(), "authors": sorted(authors)}
    connection.execute(insert(DraftRow).values(**row))


def _authors(connection: Connection, path: str) -> Sequence[str]:
    return connection.scalar(select(DraftRow.authors).where(DraftRow.path == path)) or ()


def save(connection: Connection, root: Path, path: str, seen_digest: str, mine: str, by: str) -> None:
    """Keep an edit of what somebody saw; another edit since then is kept too.

    Raises:
        merging.Clash: both changed the same thing.
        Problem: the file is gone.
    """
    now = state(connection, root, path)
    if now.digest == seen_digest:
        keep(connection, root, path, mine, by)
        return
    if not now.text:
        raise Problem(409, GONE)
    base = seen(connection, seen_digest)
    keep(connection, root, path, merging.merge(base or "", now.text, mine), by)


def see(connection: Connection, text: str) -> None:
    """Remember a text that goes into an editor."""
    if text and connection.scalar(select(SeenRow.digest).where(SeenRow.digest == digest(text))) is None:
        connection.execute(insert(SeenRow).values(digest=digest(text), text=text, at=utc_now()))


def seen(connection: Connection, of: str) -> str | None:
    """A text by its digest."""
    return connection.scalar(select(SeenRow.text).where(SeenRow.digest == of))


def tidy(connection: Connection) -> None:
    """Forget texts that nobody can be editing any more and no draft is based on."""
    based = select(DraftRow.base)
    old = delete(SeenRow).where(SeenRow.at < utc_now() - _KEPT_SEEN, SeenRow.digest.not_in(based))
    connection.execute(old)


def read_file(root: Path, path: str) -> str:
    """The text of a file of the data folder, "" when there is none."""
    file = root / path
    return file.read_text("utf-8") if file.is_file() else ""


def texts(connection: Connection, files: Mapping[str, str]) -> dict[str, State]:
    """Every file that has a draft, as an editor meets it; files: the present texts by path."""
    return {path: merged(connection, files.get(path, ""), path, draft) for path, draft in drafts(connection).items()}
