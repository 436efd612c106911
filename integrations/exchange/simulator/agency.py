"""The agencies' side of the status resource: what is found, and what is told of it.

As a good agency does it: the kind of proof is judged before the application is looked for, the proof is compared in
constant time, and an application that does not exist takes the same way as one whose proof is wrong.
"""

from __future__ import annotations

import hmac
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from arabic.digits import to_ascii_digits
from integrations.exchange.configuration import Agency
from integrations.exchange.model import MAX_REFERENCE, Proof, ProofKind
from integrations.exchange.resource import JSON
from integrations.exchange.simulator.faults import ANSWERS, ON_THE_WAY, Fault, problem
from integrations.exchange.simulator.seed import YEMEN, Application, Seed, Stage
from integrations.exchange.transport import Answer

WRONG_PROOFS = 20
"""That one reference may have in a row, whether it exists or not; then it rests until the simulator is restarted."""
_REMEMBERED = 10_000
_NOBODY = "0000"


class _Proof(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Annotated[ProofKind, Field(strict=False)]
    value: str = Field(max_length=128)


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    reference: str = Field(min_length=1, max_length=MAX_REFERENCE, pattern=r"^[^\s\x00-\x1f\x7f-\x9f]+$")
    proof: _Proof


def _now() -> datetime:
    return datetime.now(YEMEN).replace(microsecond=0)


@dataclass
class SimulatedAgencies:
    """All agencies of a seed. faults: what goes wrong now, by agency; it wins over that of an application."""

    seed: Seed
    clock: Callable[[], datetime] = _now
    faults: dict[str, Fault] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agencies = {agency.id: agency for agency in self.seed.simulated_agencies()}
        self._applications = {_key(one.agency, one.reference): one for one in self.seed.applications}
        self._wrong: OrderedDict[tuple[str, str], int] = OrderedDict()

    def fault(self, agency: str, body: bytes) -> Fault | None:
        """What goes wrong on the way with this question, if anything."""
        fault = self._fault(agency, _query(body))
        return fault if fault in ON_THE_WAY else None

    def answer(self, agency: Agency, content_type: str, body: bytes) -> Answer:
        """The agency's answer to a question, which may be anything."""
        query = _query(body) if content_type == JSON else None
        fault = self._fault(agency.id, query)
        if fault in ANSWERS:
            return ANSWERS[fault]
        if query is None:
            return problem(400, "bad-request", "Bad request")
        if query.proof.kind not in {kind for kinds in agency.proofs.values() for kind in kinds}:
            return problem(401, "proof-refused", "Proof refused")
        return self._judged(agency, query, fault)

    def _judged(self, agency: Agency, query: _Query, fault: Fault | None) -> Answer:
        key = _key(agency.id, query.reference)
        if self._wrong.get(key, 0) >= WRONG_PROOFS:
            return problem(429, "rate-limited", "Too many requests", 3600)
        application = self._applications.get(key)
        expected = application.proofs().get(query.proof.kind) if application else None
        if not hmac.compare_digest((expected or _NOBODY).encode(), query.proof.value.encode()) or expected is None:
            self._count(key)
            return problem(404, "not-found-or-not-yours", "Not found")
        self._wrong.pop(key, None)
        assert application is not None  # noqa: S101 - only an application has something expected
        told = _told(agency, application, self.clock())
        if fault is Fault.OTHER_APPLICATION:
            told["reference"] = "SOMEBODY-ELSES"
        return Answer(200, JSON, {}, json.dumps(told, ensure_ascii=False).encode())

    def _fault(self, agency: str, query: _Query | None) -> Fault | None:
        if fault := self.faults.get(agency):
            return fault
        application = self._applications.get(_key(agency, query.reference)) if query else None
        return application.fault if application else None

    def _count(self, key: tuple[str, str]) -> None:
        self._wrong[key] = self._wrong.pop(key, 0) + 1
        if len(self._wrong) > _REMEMBERED:
            self._wrong.popitem(last=False)


def _key(agency: str, reference: str) -> tuple[str, str]:
    return agency, to_ascii_digits(reference).upper()


def _query(body: bytes) -> _Query | None:
    try:
        query = _Query.model_validate(json.loads(body.decode("utf-8")))
        Proof.of(query.proof.kind, query.proof.value)
        return query
    except (ValueError, ValidationError, RecursionError):
        return None


def _told(agency: Agency, application: Application, now: datetime) -> dict[str, Any]:
    """What a citizen may hear. The name and the numbers are not among it."""
    history = application.history
    institution = {"code": agency.id, "name": {"ar": agency.name}, "office": application.office}
    told: dict[str, Any] = {
        "reference": application.reference,
        "service": {"code": application.service, "name": _arabic(application.service_name)},
        "status": _state(application) | {"reasonCode": application.reason},
        "ended": application.ended,
        "asOf": now.isoformat(),
        "submittedAt": history[0].at.isoformat() if history else None,
        "updatedAt": history[-1].at.isoformat() if history else None,
        "expectedBy": application.expected.isoformat() if application.expected else None,
        "institution": institution,
        "actionRequired": _required(application),
        "history": [_state(stage) | {"at": stage.at.isoformat()} for stage in history],
    }
    told_of_it: dict[str, Any] = _without_none(told)
    return told_of_it


def _state(of: Application | Stage) -> dict[str, Any]:
    return {"code": of.word or of.state.value, "title": _arabic(of.title)}


def _required(application: Application) -> dict[str, Any] | None:
    if (required := application.required) is None:
        return None
    due = required.due.isoformat() if required.due else None
    return {"code": required.code, "text": {"ar": required.text}, "dueBy": due}


def _arabic(text: str | None) -> dict[str, str] | None:
    return {"ar": text} if text else None


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return [_without_none(item) for item in value] if isinstance(value, list) else value
