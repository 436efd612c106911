"""Whatever an exchange or an agency sends, it ends as a status or as one of our errors, and quotes nothing."""

from __future__ import annotations

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.exchange.answers import changes_of, status_of, subscription_of
from integrations.exchange.errors import StatusError
from integrations.exchange.model import ApplicationStatus, Changes, Subscription
from integrations.exchange.transport import Answer
from integrations.exchange.transport.xroad_faults import fault_of, normalised

from . import openapi
from .making import QUERY, xroad_configuration

AGENCY = xroad_configuration().agencies[0]
SENDBACK = openapi.DOCUMENT["components"]["examples"]["Sendback"]["value"]
CHANGE = openapi.DOCUMENT["components"]["examples"]["Changes"]["value"]["changes"][1]
MARK = "\u0635\u0627\u062d\u0628 7341 \u0627\u0644\u0645\u0639\u0627\u0645\u0644\u0629"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40) | st.just(MARK),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
mutated = st.dictionaries(st.sampled_from([*SENDBACK, "unknown"]), json_values, max_size=4).map(
    lambda changes: json.dumps({**SENDBACK, **changes}).encode()
)
bodies = st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()) | mutated
headers = st.dictionaries(
    st.sampled_from(["retry-after", "x-road-request-id", "x-road-request-hash", "x-road-id"]), st.text(max_size=30)
)
answers = st.builds(
    Answer,
    st.integers(100, 599),
    st.sampled_from(["application/json", "application/problem+json", "text/html", ""]),
    headers,
    bodies,
)


@settings(max_examples=300, deadline=None)
@given(answers | st.builds(Answer, st.just(200), st.just("application/json"), headers, mutated))
def test_an_answer_is_a_status_or_our_error(answer: Answer) -> None:
    try:
        assert isinstance(status_of(answer, AGENCY, QUERY, "id-1"), ApplicationStatus)
    except StatusError as error:
        assert "7341" not in str(error) and "7341" not in repr(error)
        assert error.__cause__ is None


changes = st.lists(
    st.dictionaries(st.sampled_from([*CHANGE, "unknown"]), json_values, max_size=4).map(lambda one: {**CHANGE, **one}),
    max_size=4,
)
pages = st.builds(
    lambda items, other: json.dumps({"changes": items, "cursor": "c", "more": False, **other}).encode(),
    changes,
    st.dictionaries(st.sampled_from(["cursor", "more", "subscription"]), json_values, max_size=2),
)


@settings(max_examples=300, deadline=None)
@given(answers | st.builds(Answer, st.sampled_from([200, 201]), st.just("application/json"), headers, pages))
def test_an_answer_of_following_is_one_or_our_error(answer: Answer) -> None:
    for read in (lambda: changes_of(answer, AGENCY, None, 100), lambda: subscription_of(answer, AGENCY)):
        try:
            result = read()
        except StatusError as error:
            assert "7341" not in str(error) and "7341" not in repr(error) and error.__cause__ is None
        else:
            assert isinstance(result, Changes | Subscription)
            assert "7341" not in repr(getattr(result, "unreadable", ()))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), bodies)
def test_a_fault_has_a_code_of_our_form(code: str, body: bytes) -> None:
    fault = fault_of(Answer(500, "application/json", {"x-road-error": code}, body))
    assert fault is not None and "7341" not in str(fault)
    with contextlib.suppress(AttributeError):
        assert normalised(fault.code) == fault.code
