"""X-Road around the simulated agencies: addressing, X-Road-Client, metaservices, and its headers on every answer."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from integrations.exchange.configuration import Agency
from integrations.exchange.configuration.fields import parts
from integrations.exchange.simulator.agency import Asked, SimulatedAgencies, paths_of
from integrations.exchange.simulator.faults import Fault, problem, xroad_fault
from integrations.exchange.transport import Answer
from integrations.exchange.wire import JSON

MAX_BODY = 65_536
_LONGEST_ID, _LONGEST_CLIENT = 100, 500
"""As openapi.yaml has them."""


@dataclass(frozen=True)
class Arrived:
    """A call as it arrived. path: raw, still percent-encoded. headers: names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """Without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class SecurityServer:
    """Answers calls of the message protocol r1 and of the metaservices."""

    def __init__(self, agencies: SimulatedAgencies, openapi: bytes) -> None:
        self._agencies = agencies
        self._openapi = openapi
        self._services = {parts(agency.service): agency for agency in agencies.agencies.values()}

    def answer(self, call: Arrived) -> tuple[Answer, Fault | None]:
        """The answer, and what is to go wrong while it is carried."""
        try:
            steps = [unquote(step, errors="strict") for step in call.path.split("/")[1:]]
        except UnicodeDecodeError:
            return xroad_fault("client.bad_request"), None
        if not steps or steps[0] != "r1" or not self._is_client(call.headers.get("x-road-client", "")):
            return xroad_fault("client.bad_request"), None
        answer, fault = self._routed(call, tuple(steps[1:]))
        return self._sealed(call, answer), fault

    def _is_client(self, address: str) -> bool:
        try:
            return len(parts(address)) in (3, 4)
        except ValueError:
            return False

    def _routed(self, call: Arrived, steps: tuple[str, ...]) -> tuple[Answer, Fault | None]:
        if len(steps) == 5 and steps[4] in ("listMethods", "allowedMethods", "getOpenAPI"):
            return self._meta(call, steps), None
        agency = self._services.get(steps[:5])
        if agency is None:
            members = {service[:3] for service in self._services}
            known = steps[:3] in members
            return xroad_fault(f"server.clientproxy.unknown_{'service' if known else 'member'}"), None
        path = "/".join(steps[5:])
        if path not in paths_of(agency):
            return Answer(404, "text/html", {}, b"<html>no such page</html>"), None
        if call.method != "POST":
            return Answer(405, "text/plain", {"allow": "POST"}, b""), None
        if len(call.headers.get("x-road-id", "")) > _LONGEST_ID or len(call.headers["x-road-client"]) > _LONGEST_CLIENT:
            return problem(400, "bad-request", "Bad request"), None
        fault = self._agencies.fault(agency.id, call.body)
        asked = Asked(path, call.headers["x-road-client"], call.content_type, call.body)
        return self._agencies.answer(agency, asked), fault

    def _meta(self, call: Arrived, steps: tuple[str, ...]) -> Answer:
        services = [agency for path, agency in self._services.items() if path[:4] == steps[:4]]
        if not services:
            return xroad_fault("server.clientproxy.unknown_member")
        if call.method != "GET":
            return xroad_fault("client.bad_request")
        if steps[4] != "getOpenAPI":
            return _json({"service": [_listed(agency) for agency in services]})
        if not any(parts(agency.service)[4] == call.query.get("serviceCode") for agency in services):
            return xroad_fault("server.serverproxy.unknown_service")
        return Answer(200, "text/yaml", {}, self._openapi)

    def _sealed(self, call: Arrived, answer: Answer) -> Answer:
        """With X-Road's headers. The hash is over what we have, not over X-Road's own form of the request."""
        digest = hashlib.sha512(hashlib.sha512(call.path.encode()).digest() + hashlib.sha512(call.body).digest())
        headers = {
            "x-road-client": call.headers["x-road-client"],
            "x-road-id": call.headers.get("x-road-id") or str(uuid4()),
            "x-road-request-id": str(uuid4()),
            "x-road-request-hash": base64.b64encode(digest.digest()).decode(),
        }
        return replace(answer, headers={**answer.headers, **headers})


def _listed(agency: Agency) -> dict[str, Any]:
    """A service as listMethods has it (PR-MREST, Annex B)."""
    instance, member_class, member, subsystem, service = parts(agency.service)
    return {
        "object_type": "SERVICE",
        "service_type": "OPENAPI",
        "xroad_instance": instance,
        "member_class": member_class,
        "member_code": member,
        "subsystem_code": subsystem,
        "service_code": service,
        "endpoint_list": [{"method": "POST", "path": f"/{path}"} for path in paths_of(agency)],
    }


def _json(value: object) -> Answer:
    return Answer(200, JSON, {}, json.dumps(value).encode())
