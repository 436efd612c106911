"""Adding to the audit log, and verifying that nothing of it was changed.

Entry n's hash is SHA-256 over the hash of entry n-1 and the entry as canonical JSON (sorted keys, no spaces, UTF-8).
The chain shows any change to an entry but the newest ones together; so each hash also goes to the process log, and
`python -m console audit verify --since ID:HASH` compares with a hash that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from console.audit.tables import AuditHead, AuditRow
from storage import utc_now

logger = logging.getLogger(__name__)
FIRST = "0" * 64
_LONGEST = {"subject": 200, "reason": 500}


@dataclass(frozen=True)
class Act:
    """What somebody did. `actor` is their log-in name; `detail` has no text of a citizen and no secret."""

    actor: str
    action: str
    subject: str = ""
    reason: str = ""
    address: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def append(connection: Connection, act: Act) -> int:
    """Add an entry, in the transaction of what it is about: one is not without the other. Gives its number."""
    head = connection.execute(select(AuditHead.last, AuditHead.hash).where(AuditHead.id == 1).with_for_update()).one()
    content = {
        "id": head.last + 1,
        "at": utc_now(),
        "actor": act.actor,
        "action": act.action,
        "subject": act.subject[: _LONGEST["subject"]],
        "reason": act.reason[: _LONGEST["reason"]],
        "address": act.address,
        "detail": dict(act.detail),
    }
    sealed = seal(head.hash, content)
    connection.execute(insert(AuditRow).values(**content, hash=sealed))
    connection.execute(update(AuditHead).where(AuditHead.id == 1).values(last=content["id"], hash=sealed))
    logger.info("audit", extra={"entry": content["id"], "action": act.action, "hash": sealed})
    return int(content["id"])


def seal(before: str, content: Mapping[str, Any]) -> str:
    """The hash of an entry after the one with the hash `before`."""
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in content.items()}
    said = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}|{said}".encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What verifying gave: entries read, the newest hash, and the first fault (None: there is none)."""

    entries: int
    hash: str
    fault: str | None


def verify(connection: Connection, noted: Mapping[int, str] | None = None) -> Verdict:
    """Read the whole log and compare every hash; `noted` has hashes by number that were kept elsewhere."""
    before, number = FIRST, 0
    left = dict(noted or {})
    for row in _rows(connection):
        number += 1
        content = {name: row[name] for name in row if name != "hash"}
        if row["id"] != number:
            return Verdict(number - 1, before, f"entry {number} is missing")
        if seal(before, content) != row["hash"]:
            return Verdict(number - 1, before, f"entry {number} or the one before it was changed")
        before = row["hash"]
        if left.pop(number, before) != before:
            return Verdict(number, before, f"entry {number} is not the one that was noted")
    head = connection.execute(select(AuditHead.last, AuditHead.hash).where(AuditHead.id == 1)).one_or_none()
    if head is None or (head.last, head.hash) != (number, before):
        return Verdict(number, before, f"the newest entries after {number} are missing")
    if left:
        return Verdict(number, before, f"entry {min(left)}, which was noted, is missing")
    return Verdict(number, before, None)


def _rows(connection: Connection) -> Iterator[RowMapping]:
    rows = connection.execution_options(yield_per=1000).execute(select(AuditRow.__table__).order_by(AuditRow.id))
    return iter(rows.mappings())
