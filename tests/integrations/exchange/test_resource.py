"""The resource on the wire: our reading of it and openapi.yaml say the same."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest

from integrations.exchange.errors import BadAnswer
from integrations.exchange.following import PATHS
from integrations.exchange.model import FORMS, Evidence, Proof, ProofKind, State, StatusQuery
from integrations.exchange.resource import PATH, query_body, read_status
from integrations.exchange.wire import NOT_FOUND, read_problem

from . import openapi

EXAMPLES = {
    name: openapi.DOCUMENT["components"]["examples"][name]["value"] for name in ("Pending", "Sendback", "OwnWord")
}
SENDBACK = EXAMPLES["Sendback"]
VALUES = {
    ProofKind.LAST_FOUR: "4321",
    ProofKind.ONE_TIME_CODE: "123456",
    ProofKind.REGISTERED_NUMBER: "+967771234567",
}


def read(answer: object, reference: str | None = None, words: dict[str, State] | None = None):
    body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    query = StatusQuery(reference or SENDBACK["reference"], Proof.of(ProofKind.LAST_FOUR, "4321"))
    return read_status(body, "passports", query, words or {}, Evidence("id-1"))


@pytest.mark.parametrize("kind", ProofKind)
def test_what_is_sent_is_what_the_openapi_takes(kind: ProofKind) -> None:
    body = query_body(StatusQuery("PSP-1", Proof.of(kind, VALUES[kind])))
    assert openapi.faults("Query", json.loads(body)) == []
    forms = {
        one["properties"]["kind"]["const"]: one["properties"]["value"] for one in openapi.SCHEMAS["Proof"]["oneOf"]
    }
    assert forms[kind.value]["pattern"] == f"^{FORMS[kind]}$"


def test_the_paths_are_the_openapis() -> None:
    assert list(openapi.DOCUMENT["paths"]) == [f"/{path}" for path in (PATH, *PATHS)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_valid_and_read(name: str) -> None:
    assert openapi.faults("Status", EXAMPLES[name]) == []
    assert read(EXAMPLES[name], EXAMPLES[name]["reference"]).agency == "passports"


def test_every_field_arrives() -> None:
    status = read(SENDBACK)
    assert (status.state, status.word, status.title) == (State.SENDBACK, "SENDBACK", "معاد لاستكمال النواقص")
    assert (status.reason, status.ended, status.service.code) == ("MISSING_DOCUMENT", False, "passport")
    assert (status.holder.name, status.holder.office) == ("مصلحة الهجرة والجوازات والجنسية", "فرع الأمانة")
    assert (status.required.code, status.required.due) == ("BRING_PHOTO", date(2026, 12, 15))
    assert [step.state for step in status.history] == [State.SUBMITTED, State.SENDBACK]
    assert status.as_of.utcoffset().total_seconds() == 3 * 3600
    assert status.evidence == Evidence("id-1")


@pytest.mark.parametrize(
    ("code", "words", "state"),
    [
        ("PENDING", {}, State.PENDING),
        ("pending", {}, State.PENDING),
        ("UNDER_REVIEW", {"UNDER_REVIEW": State.PENDING}, State.PENDING),
        ("under_review", {"UNDER_REVIEW": State.PENDING}, State.PENDING),
        ("قيد الطباعة", {"قيد الطباعة": State.APPROVED}, State.APPROVED),
        ("AT_PRINTING", {}, State.UNKNOWN),
        ("APPROVED", {"APPROVED": State.READY_FOR_COLLECTION}, State.READY_FOR_COLLECTION),
    ],
)
def test_words_of_the_agency(code: str, words: dict[str, State], state: State) -> None:
    status = read({**SENDBACK, "status": {"code": code, "title": {"ar": "عنوان"}}}, words=words)
    assert (status.state, status.word, status.title) == (state, code, "عنوان")


def test_what_is_not_described_goes_no_further() -> None:
    name = "اسم صاحب المعاملة"
    answer = copy.deepcopy(SENDBACK) | {"applicantName": name}
    answer["status"]["applicant"] = answer["institution"]["officer"] = name
    assert name not in repr(read(answer)) and name not in str(vars(read(answer)))


def test_hidden_characters_do_not_reach_the_screen() -> None:
    answer = {**SENDBACK, "institution": {"name": {"ar": "جهة\u202e\x07\ufeff ما"}, "office": "\u2066ا\n ب"}}
    assert (read(answer).holder.name, read(answer).holder.office) == ("جهة ما", "ا ب")


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in SENDBACK.items() if name != key}


BAD = [
    (b"", "is not JSON"),
    (b"<html>", "is not JSON"),
    (b'{"a": NaN}', "is not JSON"),
    (b'"\xff"', "is not JSON"),
    (b"[" * 100_000, "is not JSON"),
    ([], "not as described at body"),
    (without("status"), "not as described at status"),
    (without("ended"), "not as described at ended"),
    (without("asOf"), "not as described at asOf"),
    ({**SENDBACK, "ended": "no"}, "not as described at ended"),
    ({**SENDBACK, "asOf": "2026-11-26T10:00:00"}, "not as described at asOf"),
    ({**SENDBACK, "asOf": 1700000000}, "not as described at asOf"),
    ({**SENDBACK, "expectedBy": "soon"}, "not as described at expectedBy"),
    ({**SENDBACK, "status": {"code": ""}}, "not as described at status.code"),
    ({**SENDBACK, "status": {"code": "x" * 65}}, "not as described at status.code"),
    ({**SENDBACK, "actionRequired": {"text": {"ar": "x" * 501}}}, "not as described at actionRequired.text.ar"),
    ({**SENDBACK, "history": [SENDBACK["history"][0]] * 51}, "not as described at history"),
    ({**SENDBACK, "reference": "PSP-2026-000999"}, "speaks of another application"),
]


@pytest.mark.parametrize(("answer", "message"), BAD)
def test_an_answer_that_is_not_as_described(answer: object, message: str) -> None:
    with pytest.raises(BadAnswer, match=message) as bad:
        read(answer)
    assert "PSP" not in str(bad.value)


@pytest.mark.parametrize("written", ["psp-2026-000104", "PSP/2026/000104", "PSP2026000104", "PSP-٢٠٢٦-٠٠٠١٠٤"])
def test_the_reference_may_be_written_otherwise(written: str) -> None:
    assert read({**SENDBACK, "reference": written}).reference == "PSP-2026-000104"


PROBLEM = {"type": NOT_FOUND, "title": "Not found", "status": 404}


@pytest.mark.parametrize(
    ("content_type", "body", "type_"),
    [
        ("application/problem+json", json.dumps(PROBLEM).encode(), NOT_FOUND),
        ("application/json", json.dumps(PROBLEM).encode(), "about:blank"),
        ("text/html", b"<html>", "about:blank"),
        ("application/problem+json", b"<html>", "about:blank"),
        ("application/problem+json", json.dumps({**PROBLEM, "type": "x" * 201}).encode(), "about:blank"),
    ],
)
def test_problems(content_type: str, body: bytes, type_: str) -> None:
    problem = read_problem(404, content_type, body)
    assert (problem.status, problem.type) == (404, type_)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 503])
def test_the_examples_of_the_errors_are_valid(status: int) -> None:
    example = openapi.response(status)["content"]["application/problem+json"]["example"]
    assert list(openapi.validator(openapi.answer_schema(status)).iter_errors(example)) == []
    assert example["status"] == status


def test_every_text_and_list_of_the_openapi_is_bounded() -> None:
    def unbounded(schema: object, place: str):
        if isinstance(schema, list):
            for index, item in enumerate(schema):
                yield from unbounded(item, f"{place}.{index}")
        elif isinstance(schema, dict):
            if schema.get("type") == "string" and "maxLength" not in schema:
                yield place
            if schema.get("type") == "array" and "maxItems" not in schema:
                yield place
            for key, value in schema.items():
                yield from unbounded(value, f"{place}.{key}")

    assert list(unbounded(openapi.SCHEMAS, "schemas")) == []
