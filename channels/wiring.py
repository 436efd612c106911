"""Which channels this deployment has: the only place that knows their classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from aiohttp import web
from pydantic import SecretStr

from channels.errors import StartupError
from channels.gateway import GatewayCore
from channels.sms.addresses import Addresses
from channels.sms.channel import SmsChannel
from channels.sms.codes import Codes
from channels.sms.configuration import load_providers
from channels.sms.providers import KINDS
from channels.sms.providers.base import ProviderSettings
from channels.sms.providers.simulator import API_PREFIX as SMS_API
from channels.sms.providers.simulator import SimulatorSettings, SmsSimulator
from channels.sms.routing.route import Route
from channels.telegram.channel import TelegramChannel
from channels.telegram.simulator import API_PREFIX as TELEGRAM_API
from channels.telegram.simulator import TelegramSimulator
from channels.web.channel import WebChannel
from channels.web.closed import ClosedPage
from settings import Settings
from storage import Transactions

_SIMULATED_COST = 8.5
"""Riyals a part, so that the handset page has something to show."""


class Part(Protocol):
    """What the gateway serves beside its channels (the simulators of a development machine)."""

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The HTTP routes that the gateway mounts."""
        ...


@runtime_checkable
class RunningPart(Part, Protocol):
    """A part with a life of its own."""

    async def start(self) -> None:
        """Begin to work."""
        ...

    async def stop(self) -> None:
        """Release everything."""
        ...


Wiring = Callable[[Settings, GatewayCore, Transactions], Sequence[Part]]


def wire(settings: Settings, core: GatewayCore, database: Transactions) -> Sequence[Part]:
    """Add the channels that are switched on to the core; gives the parts beside them."""
    parts: list[Part] = []
    if settings.web_enabled:
        core.add(WebChannel(settings, core, database, core.signals, core.board))
    else:
        parts.append(ClosedPage())
    parts += _telegram(settings, core)
    if settings.sms_enabled:
        parts += _sms(settings, core, database)
    return parts


def _telegram(settings: Settings, core: GatewayCore) -> list[Part]:
    """With the account of the token; in development without one, over a Bot API in this process."""
    if settings.telegram_mode != "off":
        if not settings.telegram_token.get_secret_value():
            raise StartupError("DALIL_TELEGRAM_TOKEN: needed unless DALIL_TELEGRAM_MODE is off")
        core.add(TelegramChannel(settings, core))
        return []
    if settings.mode != "development":
        return []
    simulator = TelegramSimulator(token := "1:simulator")
    simulated = {
        "telegram_mode": "polling",
        "telegram_token": SecretStr(token),
        "telegram_api": _own_address(settings) + TELEGRAM_API,
    }
    core.add(TelegramChannel(settings.model_copy(update=simulated), core))
    return [simulator]


def _sms(settings: Settings, core: GatewayCore, database: Transactions) -> list[Part]:
    """With the providers of the configuration file; in development without one, a simulated one in this process."""
    providers = sms_providers(settings)
    routes = [Route(provider, KINDS[provider.kind][1](provider)) for provider in providers]
    channel = SmsChannel(settings, core, database, routes)
    core.add(channel)
    codes = Codes(settings, channel, database, core.signals, core.board)
    simulated = [provider for provider in providers if isinstance(provider, SimulatorSettings)]
    if not simulated or settings.sms_providers is not None:
        return [codes]
    [provider] = simulated
    callback = Addresses(settings.sms_secret.get_secret_value(), provider.name, _own_address(settings)).base
    return [codes, SmsSimulator(callback, provider.secret.get_secret_value(), provider.part_cost)]


def sms_providers(settings: Settings) -> list[ProviderSettings]:
    """What the configuration file says of the SMS providers.

    Raises:
        StartupError: it has faults, or is missing where there is nothing to simulate.
    """
    if settings.sms_providers is not None:
        return load_providers(settings.sms_providers)
    if settings.mode != "development":
        raise StartupError("DALIL_SMS_PROVIDERS: needed in production mode unless DALIL_SMS_ENABLED is false")
    own, secret = _own_address(settings), settings.sms_secret.get_secret_value()
    simulated = {"name": "simulator", "sender": "Dalil", "parts_per_second": 1000, "part_cost": _SIMULATED_COST}
    where = {"url": own + SMS_API, "secret": secret, "gateway_url": own}
    return [SimulatorSettings.model_validate(simulated | where)]


def _own_address(settings: Settings) -> str:
    """Where this process reaches itself: a simulator is called, and calls, like the provider it stands for."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.gateway_host, settings.gateway_host)  # noqa: S104
    return f"http://[{host}]:{settings.gateway_port}" if ":" in host else f"http://{host}:{settings.gateway_port}"
