"""The operator's commands towards agencies: check, ready, status."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from integrations.exchange.client import ExchangeClient
from integrations.exchange.configuration import read_configuration
from integrations.exchange.configuration.expiry import days_left
from integrations.exchange.errors import ExchangeError, FileInvalid
from integrations.exchange.model import ApplicationStatus, Proof, ProofKind, StatusQuery
from integrations.exchange.simulator import simulated_exchange
from integrations.exchange.transport.http import tls_context

_SOON = 30.0


@dataclass(frozen=True)
class Source:
    """Where to ask: the agencies of a configuration file, or those of a seed inside this process."""

    agencies: Path | None
    seed: Path

    def client(self) -> ExchangeClient:
        """A client; says on standard error when it only simulates."""
        if self.agencies is not None:
            return ExchangeClient(read_configuration(self.agencies))
        print("simulated agencies (--agencies FILE asks real ones)", file=sys.stderr)
        return simulated_exchange(self.seed).client


def check(file: Path) -> int:
    """Check a configuration and its certificates; 1 when one is over."""
    configuration = read_configuration(file)
    over = False
    for transport in configuration.transports:
        tls_context(transport)
        for path in filter(None, (transport.ca, transport.certificate)):
            try:
                days = days_left(path)
            except ValueError:
                raise FileInvalid([f"{path}: no certificate in PEM"]) from None
            over = over or days < 0
            if days < _SOON:
                print(f"{path}: {'is over' if days < 0 else f'ends in {days:.0f} days'}", file=sys.stderr)
    if not over:
        print(f"no fault: {len(configuration.agencies)} agencies over {len(configuration.transports)} transports")
    return int(over)


async def ready(source: Source, agencies: Sequence[str]) -> int:
    """A line for each agency; 1 when one cannot be asked."""
    async with source.client() as client:
        named = agencies or [agency.id for agency in client.configuration.agencies]
        results = await asyncio.gather(*[client.readiness(agency) for agency in named])
    for result in results:
        print(f"{result.agency}: {'ready' if result.ready else result.detail} ({result.seconds:.2f} s)")
    return int(not all(result.ready for result in results))


def status(source: Source, options: argparse.Namespace) -> int:
    """Print what a citizen could hear."""
    kind = ProofKind(options.proof)
    try:
        query = StatusQuery(options.reference, Proof.of(kind, _proof(f"{kind.value}: ")))
    except ValueError as error:
        raise ExchangeError(str(error)) from None

    async def ask() -> ApplicationStatus:
        async with source.client() as client:
            return await client.status(options.agency, query)

    print("\n".join(lines(asyncio.run(ask()))))
    return 0


def _proof(prompt: str) -> str:
    """Typed without echo; or the first line of standard input where that is no terminal."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()


def lines(status: ApplicationStatus) -> Iterator[str]:
    """A status for a person who tries the connection."""
    yield f"state       {status.state.value}  ({status.word}{f': {status.title}' if status.title else ''})"
    yield f"service     {status.service.code}  {status.service.name or ''}".rstrip()
    if status.holder:
        yield f"held by     {', '.join(filter(None, (status.holder.name, status.holder.office)))}"
    if status.required:
        due = f"  (until {status.required.due})" if status.required.due else ""
        yield f"to do       {status.required.text}{due}"
    if status.reason:
        yield f"reason      {status.reason}"
    if status.expected:
        yield f"expected    {status.expected}"
    for step in status.history:
        yield f"            {step.at:%Y-%m-%d %H:%M}  {step.state.value}"
    yield f"as of       {status.as_of:%Y-%m-%d %H:%M}"
    yield f"request     {status.evidence.request_id}"
