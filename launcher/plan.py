"""What is run, in which order, and where it answers: the composition root of one machine."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from settings import Settings

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - recognised, not listened on
OPERATORS_HOST = SIMULATOR_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Step:
    """One command that has to succeed before the processes start."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """One process that is kept running; `host` and `port` answer GET /health/ready, unless it only `listens`."""

    name: str
    command: tuple[str, ...]
    host: str
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    listens: bool = False


def steps(settings: Settings) -> list[Step]:
    """What has to be up to date before the start, in this order; each does nothing when it is.

    Training comes last: it runs the training sentences through the search in the catalogue.
    """
    exchange = [Step("exchange", _simulate(settings, "--prepare"))] if _is_simulated(settings) else []
    return [
        Step("database", _module("storage", "upgrade")),
        Step("catalogue", _module("integrations.catalogue", "import")),
        *exchange,
        *_console_steps(settings),
        Step("training", _module("bot", "train", "--if-changed")),
    ]


def programs(settings: Settings) -> list[Program]:
    """Every process of this machine: the assistant's workers on consecutive ports, the gateway, the staff's and the
    operators' pages."""
    host = settings.assistant_host
    agencies = {"DALIL_EXCHANGE_AGENCIES": str(settings.simulator_folder / "exchange.yml")}
    own = agencies if _is_simulated(settings) else {}
    workers = [
        Program(f"assistant-{number + 1}", _module("bot", "serve", "--worker", str(number)), host, port, own)
        for number in range(settings.assistant_workers)
        for port in [settings.assistant_port + number]
    ]
    gateway = Program("gateway", _module("channels"), settings.gateway_host, settings.gateway_port)
    console = Program("console", _module("console", "serve"), settings.console_host, settings.console_port)
    return [*_exchange(settings), *workers, gateway, console, *_operators(settings)]


def _console_steps(settings: Settings) -> list[Step]:
    """The first administrator's invitation, in development; in production nothing that opens a door is printed."""
    if settings.mode != "development":
        return []
    return [Step("console", _module("console", "invite", "--first"))]


def _exchange(settings: Settings) -> list[Program]:
    """The simulated exchange: a security server behind mutual TLS, which has no health to ask for."""
    if not _is_simulated(settings):
        return []
    return [Program("exchange", _simulate(settings), SIMULATOR_HOST, settings.simulator_port, listens=True)]


def _is_simulated(settings: Settings) -> bool:
    return settings.mode == "development" and settings.exchange_agencies is None


def _simulate(settings: Settings, *more: str) -> tuple[str, ...]:
    where = ("--port", str(settings.simulator_port), "--certificates", str(settings.simulator_folder))
    return _module("integrations.exchange", "simulate", *where, *more)


def _operators(settings: Settings) -> list[Program]:
    """The operators' page of SMS, in development; elsewhere it is started by who operates, where they see fit."""
    if settings.mode != "development" or not settings.sms_enabled:
        return []
    return [Program("operators", _module("channels.sms", "page"), OPERATORS_HOST, settings.operator_port)]


def reachable(host: str) -> str:
    """The address under which this machine reaches a process that listens on `host`."""
    return ANY_ADDRESS.get(host, host)


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)
