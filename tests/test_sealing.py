"""A sealed address: who can open it, and who cannot."""

from __future__ import annotations

import time

import pytest
from pydantic import SecretStr

from settings.sealing import LONGEST, Envelopes

NUMBER = "+967770000104"
ENVELOPES = Envelopes(SecretStr("shared"))


def test_an_envelope_is_opened_for_its_conversation_with_the_same_secret() -> None:
    sealed = ENVELOPES.seal("c1", NUMBER)
    opened = Envelopes(SecretStr("shared")).open("c1", sealed)
    assert opened is not None
    assert opened.get_secret_value() == NUMBER
    assert "770000104" not in sealed
    assert len(sealed) <= LONGEST


def test_the_longest_address_fits() -> None:
    assert len(ENVELOPES.seal("c" * 64, "+" + "9" * 15)) <= LONGEST


@pytest.mark.parametrize(
    ("conversation", "envelopes", "change"),
    [
        ("c2", ENVELOPES, lambda sealed: sealed),
        ("c1", Envelopes(SecretStr("other")), lambda sealed: sealed),
        ("c1", ENVELOPES, lambda sealed: sealed[:-4] + "AAA="),
        ("c1", ENVELOPES, lambda _: NUMBER),
        ("c1", ENVELOPES, lambda _: ""),
        ("c1", ENVELOPES, lambda sealed: sealed * 100),
    ],
)
def test_any_other_envelope_stays_closed(conversation, envelopes, change) -> None:
    assert envelopes.open(conversation, change(ENVELOPES.seal("c1", NUMBER))) is None


def test_an_envelope_is_good_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed, now = ENVELOPES.seal("c1", NUMBER), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 590)
    assert ENVELOPES.open("c1", sealed) is not None
    monkeypatch.setattr(time, "time", lambda: now + 620)
    assert ENVELOPES.open("c1", sealed) is None
