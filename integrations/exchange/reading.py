"""Reading a YAML file that a person wrote into a document: every fault at once, as `file:line: key: what is wrong`.

No fault repeats a value: a seed or a configuration may hold what must not be printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from integrations.catalogue.yaml_lines import Parsed, YamlFault, parse
from integrations.exchange.errors import FileInvalid

MAX_BYTES = 4_000_000
Place: TypeAlias = tuple[str | int, ...]
"""Keys and indices from the top of the file."""

_Document = TypeVar("_Document", bound=BaseModel)
Check: TypeAlias = Callable[[_Document], Iterator[tuple[Place, str]]]

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "model_type": "must be a mapping of keys",
    "tuple_type": "must be a list",
    "string_type": "must be a text",
}


def read_document(path: Path, model: type[_Document], check: Check[_Document]) -> _Document:
    """Read, validate, and then check what no single part shows. `check` yields places in the document and messages.

    Raises:
        FileInvalid: with a line for each fault.
    """
    try:
        parsed = parse(_text(path))
    except YamlFault as fault:
        raise FileInvalid([f"{path}:{fault.line}: {fault.message}"]) from None
    found = list(parsed.faults)
    try:
        document = model.model_validate(parsed.value)
    except ValidationError as invalid:
        found += [_fault(error, parsed) for error in invalid.errors(include_url=False, include_input=False)]
    else:
        found += [(parsed.line(place), message) for place, message in check(document)]
        if not found:
            return document
    raise FileInvalid([f"{path}:{line}: {message}" for line, message in sorted(set(found))])


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileInvalid([f"{path}: cannot be read: {error.strerror}"]) from error
    if len(raw) > MAX_BYTES:
        raise FileInvalid([f"{path}: is larger than {MAX_BYTES:,} bytes"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlFault(raw.count(b"\n", 0, error.start) + 1, "is not UTF-8 text") from None


def _fault(error: Any, parsed: Parsed) -> tuple[int, str]:
    # A tagged union puts its tag into the path, where the file has nothing.
    place: Place = tuple(step for step in error["loc"] if step not in ("xroad", "oauth2"))
    if error["type"].startswith("union_tag"):
        return parsed.line((*place, "kind")), "kind: must be xroad or oauth2"
    name = next((f"{step}: " for step in reversed(place) if isinstance(step, str)), "")
    message = _MESSAGES.get(error["type"], error["msg"].removeprefix("Value error, "))
    return parsed.line(place), f"{name}{message}"
