"""X-Road's message protocol for REST, version r1 (PR-REST 1.0.4), towards our own security server.

POST /r1/{instance}/{class}/{member}/{subsystem}/{service}/applications/status:query
X-Road-Client: {instance}/{class}/{member}/{subsystem}      X-Road-Id: a UUID for each call
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from yarl import URL

from integrations.exchange.configuration import Agency, Limits, XRoad
from integrations.exchange.configuration.fields import parts
from integrations.exchange.errors import BadAnswer, ExchangeFault
from integrations.exchange.following import PATHS
from integrations.exchange.resource import PATH
from integrations.exchange.transport import Answer, Call, Door, Question
from integrations.exchange.transport.xroad_faults import fault_of
from integrations.exchange.wire import JSON, PROBLEM, read_json

ACCEPT = f"{JSON}, {PROBLEM}"


def encoded(address: str) -> str:
    """An identifier as X-Road reads it: each part percent-encoded as UTF-8, the `/` between them as they are."""
    return "/".join(quote(part, safe="") for part in parts(address))


class XRoadTransport:
    """Through one security server, in the name of one client."""

    def __init__(self, settings: XRoad, door: Door) -> None:
        self._root = f"{settings.url}/r1"
        self._client = encoded(settings.client)
        self._door = door

    async def ask(self, agency: Agency, question: Question, request_id: str) -> Answer:
        """As `Transport.ask`."""
        url = f"{self._root}/{encoded(agency.service)}/{question.path}"
        return await self._send(url, request_id, question.limits(agency), question.body)

    async def ready(self, agency: Agency, request_id: str) -> None:
        """As `Transport.ready`: allowedMethods of the agency's subsystem (PR-MREST) lists what we ask."""
        provider, _, service = encoded(agency.service).rpartition("/")
        answer = await self._send(f"{self._root}/{provider}/allowedMethods", request_id, agency.limits, None)
        if answer.status != 200 or answer.content_type != JSON:
            raise BadAnswer(f"allowedMethods: status {answer.status}")
        services = list(_services(read_json(answer.body), service))
        if not all(any(_allows(one, path) for one in services) for path in (PATH, *(PATHS if agency.follow else ()))):
            raise ExchangeFault("not_among_allowed_methods", alarm=True)

    async def close(self) -> None:
        """As `Transport.close`."""
        await self._door.close()

    async def _send(self, url: str, request_id: str, limits: Limits, body: bytes | None) -> Answer:
        headers = {"X-Road-Client": self._client, "X-Road-Id": request_id, "Accept": ACCEPT, "User-Agent": "Dalil"}
        if body is not None:
            headers["Content-Type"] = JSON
        # `encoded`: yarl would otherwise write %2F in a part of an identifier as a / between two.
        method = "GET" if body is None else "POST"
        answer = await self._door.send(Call(method, URL(url, encoded=True), headers, body, limits))
        if fault := fault_of(answer):
            raise fault
        if answer.headers.get("x-road-id", request_id) != request_id:
            raise BadAnswer("answers another request")
        return answer


def _services(listed: Any, code: str) -> Iterator[dict[str, Any]]:
    services = listed.get("service") if isinstance(listed, dict) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and quote(str(service.get("service_code")), safe="") == code:
            yield service


def _allows(service: dict[str, Any], path: str) -> bool:
    """Whether one of the endpoints is this resource; a service without a list of them (REST before 6.24) allows all."""
    endpoints = service.get("endpoint_list")
    if not isinstance(endpoints, list):
        return True
    return any(
        isinstance(endpoint, dict)
        and str(endpoint.get("method")).upper() in ("*", "POST")
        and re.fullmatch(_expression(str(endpoint.get("path"))), f"/{path}") is not None
        for endpoint in endpoints
    )


def _expression(path: str) -> str:
    """X-Road's path pattern as a regular expression: `*` is one step, `**` any number."""
    return re.escape(path[:500]).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
