"""Queries and proofs: their forms, and that they keep to themselves."""

from __future__ import annotations

import copy
import pickle

import pytest

from integrations.exchange.errors import (
    AgencyFault,
    BadAnswer,
    ExchangeFault,
    NotFoundOrNotYours,
    Problem,
    RateLimited,
    TooSlow,
    Unavailable,
)
from integrations.exchange.model import Proof, ProofKind, StatusQuery

LAST_FOUR, CODE, NUMBER = ProofKind.LAST_FOUR, ProofKind.ONE_TIME_CODE, ProofKind.REGISTERED_NUMBER


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (LAST_FOUR, "4321", "4321"),
        (LAST_FOUR, " ٤٣ ٢١ ", "4321"),
        (LAST_FOUR, "۴۳۲۱", "4321"),
        (CODE, "123 456", "123456"),
        (CODE, "abc.DEF_~-9", "abc.DEF_~-9"),
        (NUMBER, "+967 771 234 567", "+967771234567"),
    ],
)
def test_a_proof_as_people_write_it(kind: ProofKind, text: str, value: str) -> None:
    assert Proof.of(kind, text).value.get_secret_value() == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (LAST_FOUR, "432"),
        (LAST_FOUR, "43210"),
        (LAST_FOUR, "43a1"),
        (LAST_FOUR, ""),
        (CODE, "123"),
        (CODE, "12 34\n<x>"),
        (CODE, "a" * 129),
        (NUMBER, "771234567"),
        (NUMBER, "+0967771234567"),
        (NUMBER, "+9677712345678901"),
    ],
)
def test_a_proof_of_another_form_is_refused_without_repeating_it(kind: ProofKind, text: str) -> None:
    with pytest.raises(ValueError) as refused:
        Proof.of(kind, text)
    assert str(refused.value) == f"not the form of a {kind.value}"


@pytest.mark.parametrize("reference", ["", "A B", "A\n", "x" * 65, "A\u202eB", "A\u200fB", "A\x00"])
def test_a_reference_that_is_none(reference: str) -> None:
    with pytest.raises(ValueError, match="not the form of a reference"):
        StatusQuery(reference, Proof.of(LAST_FOUR, "4321"))


@pytest.mark.parametrize("reference", ["PSP-2026-000104", "ق/١٢٣", "1", "x" * 64])
def test_nothing_personal_in_repr(reference: str) -> None:
    query = StatusQuery(reference, Proof.of(NUMBER, "+967771234567"))
    for text in (repr(query), str(query), repr(copy.deepcopy(query)), repr(pickle.loads(pickle.dumps(query)))):
        assert "771234567" not in text
        assert len(reference) == 1 or reference not in text


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotFoundOrNotYours(), "not-found-or-not-yours"),
        (RateLimited(30), "rate-limited: again in 30 s"),
        (Unavailable("breaker open", retry_after=3.0), "unavailable: breaker open"),
        (TooSlow("3.5 s"), "too-slow: 3.5 s"),
        (ExchangeFault("server.clientproxy.network_error", alarm=False), "exchange-fault: server.clientproxy.netw"),
        (AgencyFault(Problem(500, "urn:x", "Ahmed", "PSP-1")), "agency-fault: status 500"),
        (BadAnswer("is no JSON"), "bad-answer: is no JSON"),
    ],
)
def test_an_error_says_where_and_what_and_nothing_of_the_citizen(error, reason: str) -> None:
    error.agency, error.request_id = "passports", "id-1"
    assert str(error).startswith(f"passports: {reason}")
    assert str(error).endswith("(request id-1)")
    for text in (str(error), repr(error), repr(vars(error))):
        assert "Ahmed" not in text and "PSP-1" not in text
