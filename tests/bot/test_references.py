"""Application numbers inside messages, as people copy them from their papers."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.exchange.references import find_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("PSP2026001234", "PSP2026001234"),
        ("أين وصلت معاملتي PSP2026001234؟", "PSP2026001234"),
        ("رقم طلبي psp2026001234", "PSP2026001234"),
        ("PSP-2026-001234", "PSP-2026-001234"),
        ("PSP 2026 001188", "PSP2026001188"),
        ("PSP 2026 - 001234", "PSP2026-001234"),
        ("PSP/2026/001234", "PSP/2026/001234"),
        ("PSP٢٠٢٦٠٠٥٥٦٦ هل جهز", "PSP2026005566"),
        ("معاملة رقم ۱۲۳۴۵۶", "123456"),
        ("معاملة 12345", "12345"),
        ("المعاملة رقم 2026/4410", "2026/4410"),
        ("قيد 11/2026", "11/2026"),
        ("رقمها ٤٥٦٧٨٩.", "456789"),
        ("12 345 678", "12345678"),
        ("\u2068PSP2026001234\u2069", "PSP2026001234"),
        ("PSP\u200f2026001234", "PSP2026001234"),
        ("هل CR2026004410 جاهزة ام LIC2026000642", "CR2026004410"),
    ],
)
def test_a_reference_is_found(text: str, reference: str) -> None:
    assert find_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "كم رسوم الجواز؟",
        "عندي 3 أولاد وعمري 45",
        "1234",
        "سنة 2026",
        "A4",
        "771234567",
        "0771234567",
        "967771234567",
        "00967771234567",
        "+967771234567",
        "٧٧١٢٣٤٥٦٧",
        "77-1234567",
        "771 234 567",
        "967 771 234 567",
        "+967 77 123 4567",
        "اتصلوا بي على 733123456 ضروري",
        "2026-11-02",
        "02/11/2026",
        "2/11/2026",
        "٢٠٢٦/١١/٠٢",
        "1446/09/15",
        "15-9-1446",
        "من 2020 الى 2026",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert find_reference(text) is None


@given(st.text(st.sampled_from("PSPقرم 0123456789٠١٢٣-/._\n\u200f+()"), max_size=40))
@example("ر/00000")
def test_whatever_is_found_is_ascii_upper_case_without_spaces(text: str) -> None:
    """But for the Arabic letters that some agencies have before a stroke."""
    reference = find_reference(text)
    if reference is not None:
        assert re.sub("^[ء-ي]{1,3}[-/]", "", reference).isascii()
        assert reference == reference.upper()
        assert not any(character.isspace() for character in reference)
        assert len(reference) >= 5
