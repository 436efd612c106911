"""Latin runs and numbers inside Arabic read right and lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given

from arabic import isolate, strip_marks
from tests.arabic.test_normalise import typed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("الرسوم 3,500 ريال", "الرسوم ⟨3,500⟩ ريال"),
        ("رقمك PSP-2026-001234.", "رقمك ⟨PSP-2026-001234⟩."),
        ("راجع https://smc.gov.ye/archives/1372، ثم", "راجع ⟨https://smc.gov.ye/archives/1372⟩، ثم"),
        ("راجع https://a.ye/b?id=1&x=2#top الآن", "راجع ⟨https://a.ye/b?id=1&x=2#top⟩ الآن"),
        ("بريد info@moi.gov.ye", "بريد ⟨info@moi.gov.ye⟩"),
        ("رسم 0.25% من القيمة", "رسم ⟨0.25%⟩ من القيمة"),
        ("(771234567)", "(⟨771234567⟩)"),
        ("Civil Status", "⟨Civil⟩ ⟨Status⟩"),
        ("كم رسوم الجواز؟", "كم رسوم الجواز؟"),
        ("", ""),
    ],
)
def test_foreign_runs_are_isolated(text: str, shown: str) -> None:
    assert isolate(text) == shown.replace("⟨", "\u2068").replace("⟩", "\u2069")


@given(typed)
def test_isolation_changes_nothing_that_is_seen(text: str) -> None:
    plain = strip_marks(text)
    shown = isolate(plain)
    assert strip_marks(shown) == plain
    assert shown.count("\u2068") == shown.count("\u2069")
