"""The file that says which SMS providers there are (docs/sms.md).

    providers:
      - kind: kannel
        name: yemen-mobile
        sender: "8000"
        weight: 2
        password: env:KANNEL_PASSWORD

A text `env:NAME` stands for an environment variable and `file:PATH` for the first line of a file, so that the file
itself holds no secret. Every fault is named with its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from channels.errors import StartupError
from channels.sms.providers import KINDS
from channels.sms.providers.base import ProviderSettings
from settings.secret_text import secret_text

_LONGEST_FILE = 100_000


def load_providers(path: Path) -> list[ProviderSettings]:
    """Read and check the file.

    Raises:
        StartupError: one line for each fault: file, line, field and what is wrong with it, never a value.
    """
    document = _read(path)
    entries = document.get("providers") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not entries:
        raise StartupError(f"{path}: must have a list `providers` with at least one entry")
    faults: list[str] = []
    providers = [_provider(path, entries, place, faults) for place in range(len(entries))]
    names = [provider.name for provider in providers if provider is not None]
    faults += [f"{path}: two providers are named {name}" for name in sorted({n for n in names if names.count(n) > 1})]
    if faults:
        raise StartupError("\n".join(faults))
    return [provider for provider in providers if provider is not None]


def _read(path: Path) -> Any:
    try:
        text = path.read_text("utf-8")
        if len(text) > _LONGEST_FILE:
            raise StartupError(f"{path}: longer than {_LONGEST_FILE} characters")
        return YAML(typ="rt").load(text)
    except OSError as error:
        raise StartupError(f"DALIL_SMS_PROVIDERS: cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StartupError(f"{path}: not UTF-8") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise StartupError(f"{path}:{line}: {error.problem or 'not YAML'}") from None
    except YAMLError as error:
        raise StartupError(f"{path}: not YAML") from error


def _provider(path: Path, entries: Any, place: int, faults: list[str]) -> ProviderSettings | None:
    entry, line = entries[place], entries.lc.item(place)[0] + 1
    if not isinstance(entry, dict):
        faults.append(f"{path}:{line}: a provider is a list of fields")
        return None
    kind = entry.get("kind")
    if kind not in KINDS:
        faults.append(f"{path}:{line}: kind: must be one of {', '.join(sorted(KINDS))}")
        return None
    values: dict[str, Any] = {}
    for field, value in entry.items():
        try:
            values[str(field)] = _resolved(value)
        except ValueError as missing:
            faults.append(f"{path}:{_line(entry, field, line)}: {field}: {missing}")
            return None
    try:
        return KINDS[kind][0](**values)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            field = str(fault["loc"][0]) if fault["loc"] else ""
            named = f"{field}: " if field else ""
            faults.append(f"{path}:{_line(entry, field, line)}: {named}{fault['msg'].removeprefix('Value error, ')}")
        return None


def _resolved(value: Any) -> Any:
    secret = secret_text(value) if isinstance(value, str) else None
    return value if secret is None else secret


def _line(entry: Any, field: Any, otherwise: int) -> int:
    try:
        return int(entry.lc.key(field)[0]) + 1
    except (KeyError, AttributeError, TypeError):
        return otherwise
