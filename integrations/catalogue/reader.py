"""Reading a folder of catalogue files: one YAML file per authority, and `events.yml`.

All files are read and checked whole; every fault of every file is reported at once, as `file:line: what is wrong`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from integrations.catalogue.document import Authority, Content, Event, PublicService
from integrations.catalogue.errors import CatalogueInvalid, SourceUnreadable
from integrations.catalogue.validation import faults
from integrations.catalogue.walk import Path
from integrations.catalogue.yaml_lines import Parsed, YamlFault, parse
from storage import utc_now

MAX_FILE_BYTES = 2_000_000
MAX_FILES = 1_000
_SUFFIXES = (".yml", ".yaml")
_EVENTS = "events"

_Part = TypeVar("_Part", bound=BaseModel)

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "none_required": "must be empty",
    "model_type": "must be a mapping of keys",
    "tuple_type": "must be a list",
    "string_type": "must be a text",
    "bool_parsing": "must be true or false",
    "too_short": "must not be empty",
}


class _Line(NamedTuple):
    """A fault on its line; sorts by file and line."""

    file: str
    line: int
    message: str


@dataclass
class _Reading:
    """What the files have given so far."""

    authorities: list[Authority] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    places: dict[Path, tuple[str, Parsed, Path]] = field(default_factory=dict)
    """Where a part of the content stands: its path there -> file, and path in the file."""
    found: list[_Line] = field(default_factory=list)

    def place(self, path: Path) -> tuple[str, int]:
        """The file and line of a path in the content."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                name, parsed, top = self.places[path[:length]]
                return name, parsed.line((*top, *path[length:]))
        raise KeyError(path)


def read_folder(folder: FilePath, today: date | None = None) -> Content:
    """Read and check a folder of catalogue files.

    Raises:
        SourceUnreadable: the folder is missing, has no catalogue file, or too many.
        CatalogueInvalid: with `file:line: message` for every fault.
    """
    reading = _Reading()
    for path in _files(folder):
        _read_file(path, reading)
    content = Content(authorities=tuple(reading.authorities), events=tuple(reading.events))
    for fault in faults(content, today or utc_now().date(), reading.known):
        file, line = reading.place(fault.path)
        reading.found.append(_Line(file, line, fault.message))
    if reading.found:
        raise CatalogueInvalid([f"{file}:{line}: {message}" for file, line, message in sorted(set(reading.found))])
    return content


def _files(folder: FilePath) -> list[FilePath]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES and not path.name.startswith("."))
    except OSError as error:
        raise SourceUnreadable(f"{folder}: {error.strerror}") from error
    if not any(path.stem != _EVENTS for path in files):
        raise SourceUnreadable(f"{folder}: no catalogue file (*.yml) in this folder")
    if len(files) > MAX_FILES:
        raise SourceUnreadable(f"{folder}: more than {MAX_FILES} catalogue files")
    return files


def _read_file(path: FilePath, reading: _Reading) -> None:
    try:
        parsed = parse(_text(path))
    except YamlFault as fault:
        reading.found.append(_Line(str(path), fault.line, fault.message))
        return
    reading.found += [_Line(str(path), line, message) for line, message in parsed.faults]
    value = parsed.value
    if not isinstance(value, dict):
        reading.found.append(_Line(str(path), 1, "must be a mapping of keys"))
        return
    if path.stem == _EVENTS:
        _read_events(str(path), value, parsed, reading)
    else:
        _read_authority(str(path), value, parsed, reading)


def _text(path: FilePath) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise YamlFault(1, f"cannot be read: {error.strerror}") from error
    if len(raw) > MAX_FILE_BYTES:
        raise YamlFault(1, f"is larger than {MAX_FILE_BYTES:,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlFault(raw.count(b"\n", 0, error.start) + 1, "is not UTF-8 text") from None


def _read_events(file: str, value: dict[str, Any], parsed: Parsed, reading: _Reading) -> None:
    for key in value.keys() - {"events"}:
        reading.found.append(_Line(file, parsed.line((key,)), f"{key}: is not a known key"))
    for index, event in _models(Event, value, "events", file, parsed, reading):
        reading.places["events", len(reading.events)] = (file, parsed, ("events", index))
        reading.events.append(event)


def _read_authority(file: str, value: dict[str, Any], parsed: Parsed, reading: _Reading) -> None:
    """The authority and its services one by one, so that a fault in one part does not hide those of another."""
    services = list(_models(PublicService, value, "services", file, parsed, reading))
    authority = _model(Authority, {**value, "services": ()}, (), file, parsed, reading)
    if authority is None:
        reading.known |= {service.id for _index, service in services}
        return
    top: Path = ("authorities", len(reading.authorities))
    reading.places[top] = (file, parsed, ())
    for position, (index, _service) in enumerate(services):
        place: Path = (*top, "services", position)
        reading.places[place] = (file, parsed, ("services", index))
    reading.authorities.append(
        authority.model_copy(update={"services": tuple(service for _index, service in services)})
    )


def _models(
    model: type[_Part], value: dict[str, Any], key: str, file: str, parsed: Parsed, reading: _Reading
) -> Iterator[tuple[int, _Part]]:
    """The valid items of a list, with their indices in the file."""
    items = value.get(key, [])
    if not isinstance(items, list):
        reading.found.append(_Line(file, parsed.line((key,)), f"{key}: must be a list"))
        return
    for index, item in enumerate(items):
        part = _model(model, item, (key, index), file, parsed, reading)
        if part is not None:
            yield index, part
        elif isinstance(item, dict) and isinstance(item.get("id"), str):
            reading.known.add(item["id"])


def _model(model: type[_Part], value: object, top: Path, file: str, parsed: Parsed, reading: _Reading) -> _Part | None:
    try:
        return model.model_validate(value)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            path = (*top, *error["loc"])
            name = next((str(step) for step in reversed(path) if isinstance(step, str)), "file")
            message = _MESSAGES.get(error["type"], error["msg"])
            reading.found.append(_Line(file, parsed.line(path), f"{name}: {message}"))
        return None
