"""Which channels this deployment has: the only place that knows their classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable
from urllib.parse import quote

from aiohttp import web
from pydantic import SecretStr

from channels.errors import StartupError
from channels.gateway import GatewayCore
from channels.sms.channel import SmsChannel
from channels.sms.providers.simulator import API_PREFIX as SMS_API
from channels.sms.providers.simulator import SimulatorProvider, SmsSimulator
from channels.telegram.channel import TelegramChannel
from channels.telegram.simulator import API_PREFIX as TELEGRAM_API
from channels.telegram.simulator import TelegramSimulator
from channels.web.channel import WebChannel
from channels.web.closed import ClosedPage
from settings import Settings
from storage import Transactions


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
        core.add(WebChannel(settings, core, database, core.signals))
    else:
        parts.append(ClosedPage())
    parts += _telegram(settings, core)
    if settings.sms_enabled:
        parts += _sms(settings, core)
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


def _sms(settings: Settings, core: GatewayCore) -> list[Part]:
    """The only provider so far is simulated: its operator lives in this process, in development mode only."""
    if settings.mode != "development":
        raise StartupError("DALIL_SMS_PROVIDER: the simulator is for development; set DALIL_SMS_ENABLED=false")
    own, secret = _own_address(settings), settings.sms_secret.get_secret_value()
    provider = SimulatorProvider(own + SMS_API, secret)
    core.add(SmsChannel(settings, core, provider))
    callback = f"{own}/sms/{provider.name}/{quote(secret, safe='')}"
    return [SmsSimulator(callback, secret, settings.sms_part_cost)]


def _own_address(settings: Settings) -> str:
    """Where this process reaches itself: a simulator is called, and calls, like the provider it stands for."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.gateway_host, settings.gateway_host)  # noqa: S104
    return f"http://[{host}]:{settings.gateway_port}" if ":" in host else f"http://{host}:{settings.gateway_port}"
