"""docs/settings.md, written out of the settings themselves."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from settings.model import DEVELOPMENT_SECRET, PREFIX, Settings

HEADER = """\
# Settings

Every setting is an environment variable; `.env` in the working folder is read too, and the environment wins. All are
read once and checked at start: a wrong value, or a name that is none of these, is refused with one line that names it.

<!-- Written by `python -m settings > docs/settings.md`; a test keeps it equal to `settings/model.py`. -->

| Variable | Default | Accepts | Meaning |
| --- | --- | --- | --- |
"""
KINDS = {int: "whole number", float: "number", bool: "true, false", str: "text", Path: "folder", SecretStr: "secret"}
LIMITS = {
    "gt": "above {}",
    "ge": "at least {}",
    "lt": "below {}",
    "le": "at most {}",
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
}


def document() -> str:
    """The whole page."""
    return HEADER + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    cells = (f"`{PREFIX}{name.upper()}`", _default(field.default), _accepts(field), field.description or "")
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
        if value == DEVELOPMENT_SECRET:
            return "in development only"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "none" if value in ("", None) else f"`{value}`"


def _accepts(field: FieldInfo) -> str:
    limits = [
        text.format(limit)
        for key, text in LIMITS.items()
        for bound in field.metadata
        if (limit := getattr(bound, key, None)) is not None
    ]
    return ", ".join([_kind(field.annotation), *limits])


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) in (Union, types.UnionType):
        kind = next(part for part in get_args(annotation) if part is not type(None))
        return "file" if kind is Path else _kind(kind)
    return KINDS.get(annotation, getattr(annotation, "__name__", str(annotation)))
