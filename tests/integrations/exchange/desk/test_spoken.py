"""What a message brings: a number, a proof, and what is left of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.exchange.desk import hear
from integrations.exchange.model import ProofKind
from integrations.exchange.simulator import simulated_exchange

AGENCIES = simulated_exchange().client.configuration
LAST_FOUR, CODE, TELEPHONE = ProofKind.LAST_FOUR, ProofKind.ONE_TIME_CODE, ProofKind.REGISTERED_NUMBER
ISOLATED = "\u2068PSP-2026-000104\u2069 \u200f1104"


def brought(text: str, waits_for: ProofKind | None = None) -> tuple[Any, ...]:
    spoken = hear(text, AGENCIES, waits_for)
    proof = spoken.proof.get_secret_value() if spoken.proof else None
    return spoken.reference, proof, spoken.bare


@pytest.mark.parametrize(
    ("text", "reference", "proof", "bare"),
    [
        ("PSP-2026-000104", "PSP-2026-000104", None, True),
        ("psp2026000104", "PSP-2026-000104", None, True),
        ("PSP 2026 000104", "PSP-2026-000104", None, True),
        ("psp/2026/000104.", "PSP-2026-000104", None, True),
        ("PSP-2026-000104 1104", "PSP-2026-000104", "1104", True),
        ("PSP 2026 000104 1104", "PSP-2026-000104", "1104", True),
        ("1104 PSP-2026-000104", "PSP-2026-000104", "1104", True),
        ("PSP٢٠٢٦٠٠٠١٠٤ ١١٠٤", "PSP-2026-000104", "1104", True),
        ("PSP۲۰۲۶۰۰۰۱۰۴ ۱۱۰۴", "PSP-2026-000104", "1104", True),
        (ISOLATED, "PSP-2026-000104", "1104", True),
        ("حالة 4471120", "4471120", None, True),
        ("حالة 4471120 1104", "4471120", "1104", True),
        ("استعلام معاملة رقم CR2026-40001 ورقمي الوطني 1401 لو سمحت", "CR2026-40001", "1401", True),
        ("ق/2026/301 1301", "ق/2026/301", "1301", True),
        ("TN 2026 0081", "TN20260081", None, True),
        ("SN-2026-004180", "SN-2026-004180", None, True),
        ("004180/2026", "004180/2026", None, True),
        ("SN-2026-004180 1104.", "SN-2026-004180", "1104", True),
        ("PSP-2026-000104 بتاريخ 01/11/2026", "PSP-2026-000104", None, False),
        ("3309 7718", "33097718", None, True),
        ("44 71 120 1104", "4471120", "1104", True),
        ("جوازي PSP-2026-000104 طلع والا لا", "PSP-2026-000104", None, False),
        ("ID-1100201 1201 وكم رسوم البطاقة؟", "ID-1100201", "1201", False),
        ("كم رسوم الجواز في 2026", None, None, False),
        ("1104", None, None, False),
        ("", None, None, False),
        ("771234567", None, None, False),
    ],
)
def test_number_and_proof_in_one_message(text: str, reference: str | None, proof: str | None, bare: bool) -> None:
    assert brought(text) == (reference, proof, bare)


@pytest.mark.parametrize(
    ("text", "waits_for", "reference", "proof", "bare"),
    [
        ("1104", LAST_FOUR, None, "1104", True),
        ("١١٠٤", LAST_FOUR, None, "1104", True),
        ("1 1 0 4", LAST_FOUR, None, "1104", True),
        ("11 04", LAST_FOUR, None, "1104", True),
        ("آخر أربعة أرقام هي 1104 لو سمحت", LAST_FOUR, None, "1104", True),
        ("رقمي الوطني 01010101104", LAST_FOUR, None, "1104", True),
        ("1104 وكم الرسوم؟", LAST_FOUR, None, "1104", False),
        ("PSP-2026-000105", LAST_FOUR, "PSP-2026-000105", None, True),
        ("PSP-2026-000105 1105", LAST_FOUR, "PSP-2026-000105", "1105", True),
        ("4471120 1104", LAST_FOUR, "4471120", "1104", True),
        ("482913", CODE, None, "482913", True),
        ("48 29 13", CODE, None, "482913", True),
        ("الرمز ٤٨٢٩١٣", CODE, None, "482913", True),
        ("كم رسوم الجواز؟", LAST_FOUR, None, None, False),
        ("770000104", TELEPHONE, None, "770000104", True),
        ("+967 77 000 0104", TELEPHONE, None, "+967770000104", True),
        ("٠٠٩٦٧ ٧٧٠٠٠٠١٠٤", TELEPHONE, None, "00967770000104", True),
        ("رقمي 77-000-0104 لو سمحت", TELEPHONE, None, "770000104", True),
        ("+966 50 123 4567", TELEPHONE, None, "+966501234567", True),
        ("PSP-2026-000105", TELEPHONE, "PSP-2026-000105", None, True),
    ],
)
def test_an_answer_to_the_question_for_a_proof(
    text: str, waits_for: ProofKind, reference: str | None, proof: str | None, bare: bool
) -> None:
    assert brought(text, waits_for) == (reference, proof, bare)


@pytest.mark.parametrize(
    ("text", "malformed"),
    [("110", True), ("771234567", True), ("12345678901234567890123", True), ("ما معي", False), ("1104", False)],
)
def test_a_proof_of_another_form_is_noticed_and_taken_out(text: str, malformed: bool) -> None:
    spoken = hear(text, AGENCIES, LAST_FOUR)
    assert spoken.malformed == malformed
    assert not malformed or spoken.text == ""


def test_a_message_about_something_else_stays_as_it_is() -> None:
    text = "كم رسوم   تجديد الجواز في سنة ٢٠٢٦؟"
    assert hear(text, AGENCIES).text == text


@given(
    before=st.sampled_from(["", "حالة ", "أين وصلت معاملتي ", "السلام عليكم، "]),
    between=st.sampled_from([" ", "  ", " و ", "، ", " / ", "\n", " والرقم الوطني "]),
    proof=st.integers(0, 9999).map("{:04}".format),
    after=st.sampled_from(["", " لو سمحت", "؟", " 🙏"]),
)
def test_a_proof_is_never_left_in_the_text(before: str, between: str, proof: str, after: str) -> None:
    spoken = hear(f"{before}PSP-2026-777888{between}{proof}{after}", AGENCIES)
    assert spoken.reference == "PSP-2026-777888"
    assert spoken.proof is not None and spoken.proof.get_secret_value() == proof
    assert proof not in spoken.text.replace("PSP-2026-777888", "")
    assert proof not in repr(spoken).replace("PSP-2026-777888", "")


@given(st.text(max_size=300), st.sampled_from([None, LAST_FOUR, CODE]))
def test_any_text_can_be_heard(text: str, waits_for: ProofKind | None) -> None:
    spoken = hear(text, AGENCIES, waits_for)
    assert spoken.proof is None or spoken.proof.get_secret_value().isdecimal()
