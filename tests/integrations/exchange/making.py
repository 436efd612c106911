"""Questions, configurations and doors for the tests."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable

from integrations.exchange.client import ExchangeClient
from integrations.exchange.configuration import ExchangeConfiguration, Limits, TransportSettings, XRoad
from integrations.exchange.errors import Failure
from integrations.exchange.model import Proof, ProofKind, StatusQuery
from integrations.exchange.simulator.seed import Application, read_seed
from integrations.exchange.transport import Answer, Call

REFERENCE = "PSP-2026-000104"
PROOF = Proof.of(ProofKind.LAST_FOUR, "1104")
QUERY = StatusQuery(REFERENCE, PROOF)


def query_of(application: Application) -> StatusQuery:
    return StatusQuery(application.reference, Proof(ProofKind.LAST_FOUR, application.national_number_last4))


@functools.cache
def _personal() -> re.Pattern[str]:
    texts: set[str] = set()
    for one in read_seed().applications:
        texts |= {one.reference, one.full_name.get_secret_value(), *one.proofs().values()}
    texts |= {"not-for-print", "hunter2"}
    return re.compile("|".join(rf"(?<![\w.-]){re.escape(text)}(?![\w.-])" for text in sorted(texts, key=len)))


def personal_in(record: logging.LogRecord) -> list[str]:
    """What of the sample's people stands anywhere in a record: its message, arguments, extra fields, exception."""
    parts = [record.getMessage(), *(repr(value) for name, value in vars(record).items() if name != "exc_info")]
    if record.exc_info:
        parts.append(logging.Formatter().formatException(record.exc_info))
    return [found[0] for part in parts for found in _personal().finditer(part)]


def with_limits(configuration: ExchangeConfiguration, **limits: float) -> ExchangeConfiguration:
    """The configuration with other limits for all agencies."""
    agencies = tuple(
        agency.model_copy(update={"limits": Limits(**{**dict(agency.limits), **limits})})
        for agency in configuration.agencies
    )
    return configuration.model_copy(update={"agencies": agencies})


def with_files(configuration: ExchangeConfiguration, **changes: object) -> ExchangeConfiguration:
    """The configuration with other certificates or another address in its transport."""
    transport = configuration.transports[0].model_copy(update=changes)
    return configuration.model_copy(update={"transports": (transport,)})


class Scripted:
    """A door that gives answers, or raises failures, in order; the last one again and again."""

    def __init__(self, *script: Answer | Failure | Callable[[], object]) -> None:
        self.script = list(script)
        self.calls: list[Call] = []

    def __call__(self, _settings: TransportSettings) -> Scripted:
        return self

    async def send(self, call: Call) -> Answer:
        self.calls.append(call)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Failure):
            raise step
        if callable(step):
            return await step()
        return step

    async def close(self) -> None:
        """Nothing is open."""


def xroad_configuration(
    service: str = "YE/GOV/2001/passports/status", *, follow: bool = True, **limits: float
) -> ExchangeConfiguration:
    """One agency behind a security server that a scripted door stands for."""
    transport = XRoad(
        kind="xroad",
        name="ss",
        url="https://ss.invalid",
        client="YE/GOV/1000/dalil",
        ca="ca",
        certificate="certificate",
        key="key",
    )
    agency = {"id": "passports", "name": "جوازات", "transport": "ss", "service": service, "follow": follow}
    return ExchangeConfiguration(transports=(transport,), agencies=({**agency, "limits": limits},))


def scripted(
    *script: Answer | Failure | Callable[[], object], follow: bool = True, **limits: float
) -> tuple[ExchangeClient, Scripted]:
    door = Scripted(*script)
    return ExchangeClient(xroad_configuration(follow=follow, **limits), door=door), door


def answer(status: int = 200, content_type: str = "application/json", body: bytes = b"{}", **headers: str) -> Answer:
    return Answer(status, content_type, {name.replace("_", "-"): value for name, value in headers.items()}, body)
