"""The OpenAPI file as the tests use it: its schemas, with their references resolved by jsonschema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML

import integrations.exchange

FILE = Path(integrations.exchange.__file__).with_name("openapi.yaml")
DOCUMENT: dict[str, Any] = YAML(typ="safe").load(FILE.read_text("utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
STATUS = "/applications/status:query"


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    """A validator of one schema of the file."""
    rooted = {**schema, "components": DOCUMENT["components"]}
    return jsonschema.Draft202012Validator(rooted, format_checker=jsonschema.FormatChecker())


def faults(name: str, value: object) -> list[str]:
    """What is wrong with a value, by the schema of this name."""
    return [error.message for error in validator({"$ref": f"#/components/schemas/{name}"}).iter_errors(value)]


def response(status: int, path: str = STATUS) -> dict[str, Any]:
    """What a resource answers with an HTTP status."""
    found = DOCUMENT["paths"][path]["post"]["responses"][str(status)]
    return DOCUMENT["components"]["responses"][found["$ref"].rpartition("/")[2]] if "$ref" in found else found


def answer_schema(status: int, path: str = STATUS) -> dict[str, Any]:
    """The schema of the body that goes with an HTTP status."""
    return next(iter(response(status, path)["content"].values()))["schema"]
