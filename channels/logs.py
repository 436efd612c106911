"""Logs: one JSON object a line, with ids only.

A record's message is its constant template, never the formatted text, and an exception is its type and place, never
its message: both may hold what a citizen wrote (a database error quotes its parameters).
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import datetime, timezone
from pathlib import Path

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"taskName", "message", "asctime"}
_FRAMES = 4
_CHATTY = ("httpx", "httpcore", "aiohttp.access", "telegram", "apscheduler", "alembic")


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON: time, level, logger, event, the `extra` fields, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        """One line without any argument of the message and without any exception text."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        entry |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            entry |= _error(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False, default=str)


def _error(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": places}


def configure(level: str) -> None:
    """Log everything to standard error as JSON; libraries that log addresses with tokens only when they fail."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
