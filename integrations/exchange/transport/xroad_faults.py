"""X-Road's own errors, told from the agency's, in the codes of all versions.

An answer is X-Road's exactly when it has the header `X-Road-Error` (PR-REST 4.6); anything else is the agency's. Codes
changed their form with version 7.8.0: `Server.ClientProxy.NetworkError` became `server.clientproxy.network_error`.
The new form is used here. The body is `{"type", "message", "detail"}`; its message may quote the agency: not kept.
"""

from __future__ import annotations

import re

from integrations.exchange.errors import BadAnswer, ExchangeFault, Failure, Unavailable
from integrations.exchange.transport import Answer
from integrations.exchange.wire import read_json

HEADER = "x-road-error"
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}(\.[A-Za-z0-9_]{1,60}){0,6}")
_DETAIL = re.compile(r"[0-9a-fA-F-]{8,64}")
_PREFIXES = {"server", "client", "clientproxy", "serverproxy", "signer", "opmonitor"}

# Words after the prefixes, in lower case and without `_`; those that pass by themselves, others are for the operator.
_NOT_REACHED = {"networkerror"}
_PASSING = _NOT_REACHED | {"ioerror", "servicefailed", "httperror", "internalerror", "databaseerror", "loggingfailed"}
_MAINTENANCE = {"maintenancemode", "servicedisabled"}


def fault_of(answer: Answer) -> Failure | None:
    """The exchange's fault, or None for an answer of the agency."""
    written = answer.headers.get(HEADER)
    if written is None:
        return None
    kind, detail = _body(answer)
    code = normalised(kind or written)
    words = [word.replace("_", "") for word in code.split(".") if word not in _PREFIXES]
    word = words[0] if words else ""
    if word in _MAINTENANCE:
        return Unavailable(f"in maintenance ({code})")
    return ExchangeFault(code, alarm=word not in _PASSING, detail=detail, again=word in _NOT_REACHED)


def normalised(code: str) -> str:
    """A code of any version in the form of 7.8; `unknown` for what is no code."""
    if not _CODE.fullmatch(code):
        return "unknown"
    return ".".join(_snake(part) for part in code.split("."))


def _snake(part: str) -> str:
    if part.lower() in _PREFIXES:
        return part.lower()
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", part).lower()


def _body(answer: Answer) -> tuple[str | None, str | None]:
    """Its type and detail, where they have the form of such."""
    try:
        value = read_json(answer.body)
    except BadAnswer:
        return None, None
    if not isinstance(value, dict):
        return None, None
    kind, detail = value.get("type"), value.get("detail")
    return (
        kind if isinstance(kind, str) and _CODE.fullmatch(kind) else None,
        detail if isinstance(detail, str) and _DETAIL.fullmatch(detail) else None,
    )
