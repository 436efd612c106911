"""The agencies' side of openapi.yaml: what is found, and how an application moves on while the simulator runs.

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
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from arabic.digits import to_ascii_digits
from integrations.exchange.configuration import Agency
from integrations.exchange.following import CHANGES, ENDING, PATHS, SUBSCRIPTIONS
from integrations.exchange.model import MAX_REFERENCE, Proof, ProofKind
from integrations.exchange.resource import PATH
from integrations.exchange.simulator.faults import ANSWERS, ON_THE_WAY, Fault, problem
from integrations.exchange.simulator.following import ChangesAsked, EndingAsked, Feeds, Key, cursor_expired, read
from integrations.exchange.simulator.seed import YEMEN, Application, Move, Seed
from integrations.exchange.simulator.telling import change_told, status_told
from integrations.exchange.transport import Answer
from integrations.exchange.wire import JSON

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


@dataclass(frozen=True)
class Asked:
    """A question as an agency has it. path: of the resource. client: who asks, as the exchange has made sure of it."""

    path: str
    client: str
    content_type: str
    body: bytes = field(repr=False)


def paths_of(agency: Agency) -> tuple[str, ...]:
    """The resources that an agency has."""
    return (PATH, *PATHS) if agency.follow else (PATH,)


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
        self._wrong: OrderedDict[Key, int] = OrderedDict()
        self.feeds = Feeds(lambda key: change_told(self._applications[key], self.clock()))

    def fault(self, agency: str, body: bytes) -> Fault | None:
        """What goes wrong on the way with this question, if anything."""
        fault = self._fault(agency, _query(body))
        return fault if fault in ON_THE_WAY else None

    def answer(self, agency: Agency, asked: Asked) -> Answer:
        """The agency's answer to a question, which may be anything."""
        body = asked.body if asked.content_type == JSON else b""
        query = _query(body)
        fault = self._fault(agency.id, query)
        if fault in ANSWERS:
            return ANSWERS[fault]
        if asked.path == CHANGES:
            return self._changes(agency, asked.client, read(ChangesAsked, body))
        if asked.path == ENDING:
            return self._ended(agency, asked.client, read(EndingAsked, body))
        if query is None:
            return _BAD_REQUEST
        if query.proof.kind not in {kind for kinds in agency.proofs.values() for kind in kinds}:
            return problem(401, "proof-refused", "Proof refused")
        application = self._judged(_key(agency.id, query.reference), query)
        if isinstance(application, Answer):
            return application
        if asked.path == SUBSCRIPTIONS:
            return self._subscribed(agency, asked.client, application)
        told = status_told(agency, application, self.clock())
        if fault is Fault.OTHER_APPLICATION:
            told["reference"] = "SOMEBODY-ELSES"
        return _json(200, told)

    def move(self, reference: str, move: Move) -> bool:
        """Move an application on, as an official would; False when no agency has it."""
        found = [key for key in self._applications if key == _key(key[0], reference)]
        for key in found:
            self._applications[key] = move.of(self._applications[key], self.clock())
            self.feeds.changed(key)
        return bool(found)

    def _judged(self, key: Key, query: _Query) -> Application | Answer:
        """The application whose proof it is, or the refusal."""
        if self._wrong.get(key, 0) >= WRONG_PROOFS:
            return problem(429, "rate-limited", "Too many requests", 3600)
        application = self._applications.get(key)
        expected = application.proofs().get(query.proof.kind) if application else None
        if not hmac.compare_digest((expected or _NOBODY).encode(), query.proof.value.encode()) or expected is None:
            self._count(key)
            return problem(404, "not-found-or-not-yours", "Not found")
        self._wrong.pop(key, None)
        assert application is not None  # noqa: S101 - only an application has something expected
        return application

    def _subscribed(self, agency: Agency, client: str, application: Application) -> Answer:
        subscribed = self.feeds.subscribe(client, _key(agency.id, application.reference))
        return _json(201, subscribed) if subscribed else problem(429, "rate-limited", "Too many requests", 3600)

    def _changes(self, agency: Agency, client: str, asked: ChangesAsked | None) -> Answer:
        if asked is None:
            return _BAD_REQUEST
        page = self.feeds.page(agency.id, client, asked)
        return cursor_expired() if page is None else _json(200, page)

    def _ended(self, agency: Agency, client: str, asked: EndingAsked | None) -> Answer:
        if asked is None:
            return _BAD_REQUEST
        self.feeds.end(agency.id, client, asked.subscriptions)
        return Answer(204, "", {}, b"")

    def _fault(self, agency: str, query: _Query | None) -> Fault | None:
        if fault := self.faults.get(agency):
            return fault
        application = self._applications.get(_key(agency, query.reference)) if query else None
        return application.fault if application else None

    def _count(self, key: Key) -> None:
        self._wrong[key] = self._wrong.pop(key, 0) + 1
        if len(self._wrong) > _REMEMBERED:
            self._wrong.popitem(last=False)


_BAD_REQUEST = problem(400, "bad-request", "Bad request")


def _json(status: int, value: object) -> Answer:
    return Answer(status, JSON, {}, json.dumps(value, ensure_ascii=False).encode())


def _key(agency: str, reference: str) -> Key:
    return agency, to_ascii_digits(reference).upper()


def _query(body: bytes) -> _Query | None:
    try:
        query = _Query.model_validate(json.loads(body.decode("utf-8")))
        Proof.of(query.proof.kind, query.proof.value)
        return query
    except (ValueError, ValidationError, RecursionError):
        return None
