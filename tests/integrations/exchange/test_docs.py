"""docs/exchange.md names every error, limit, key and fault that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.exchange import errors
from integrations.exchange.configuration import Agency, Limits, OAuth2, XRoad
from integrations.exchange.model import ProofKind, State
from integrations.exchange.simulator.faults import Fault
from integrations.exchange.simulator.seed import Application

DOCUMENT = (Path(__file__).parents[3] / "docs/exchange.md").read_text("utf-8")
ERRORS = [
    value.__name__
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.StatusError) and not value.__subclasses__()
]
KEYS = [name for model in (Agency, Limits, OAuth2, XRoad, Application) for name in model.model_fields]
WORDS = [word.value for enum in (Fault, State, ProofKind) for word in enum]


@pytest.mark.parametrize("word", sorted({*ERRORS, *KEYS, *WORDS}))
def test_it_is_named(word: str) -> None:
    assert word in DOCUMENT
