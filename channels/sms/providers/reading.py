"""What several providers read alike: JSON objects and their texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from channels.errors import MalformedRequest

LONGEST_ID = 100


def json_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object that a body is.

    Raises:
        MalformedRequest: it is not JSON, or not an object.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedRequest("not JSON") from None
    if not isinstance(value, dict):
        raise MalformedRequest("not a JSON object")
    return value


def text_of(fields: Mapping[str, Any], name: str, longest: int = LONGEST_ID) -> str:
    """A text among the fields.

    Raises:
        MalformedRequest: it is missing, not text, or has more than `longest` characters.
    """
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise MalformedRequest(f"{name} is missing, not text, or too long")
    return value
