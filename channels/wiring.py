"""Which channels this deployment has: the only place that knows their classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from aiohttp import web

from channels.errors import StartupError
from channels.gateway import GatewayCore
from channels.sms.channel import SmsChannel
from channels.sms.providers.simulator.handset import HandsetPage
from channels.sms.providers.simulator.operator import SimulatedOperator
from channels.sms.providers.simulator.provider import SimulatorProvider
from channels.telegram.channel import TelegramChannel
from channels.web.channel import WebChannel
from channels.web.closed import ClosedPage
from settings import Settings
from storage import Database


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


Wiring = Callable[[Settings, GatewayCore, Database], Sequence[Part]]


def wire(settings: Settings, core: GatewayCore, database: Database) -> Sequence[Part]:
    """Add the channels that are switched on to the core; gives the parts beside them."""
    parts: list[Part] = []
    if settings.web_enabled:
        core.add(WebChannel(settings, core, database, core.signals))
    else:
        parts.append(ClosedPage())
    if settings.telegram_mode != "off":
        core.add(TelegramChannel(settings, core))
    if settings.sms_enabled:
        parts += _sms(settings, core)
    return parts


def _sms(settings: Settings, core: GatewayCore) -> list[Part]:
    """The only provider so far is simulated: its operator lives in this process, in development mode only."""
    if settings.mode != "development":
        raise StartupError("DALIL_SMS_PROVIDER: the simulator is for development; set DALIL_SMS_ENABLED=false")
    own = f"http://{settings.gateway_host}:{settings.gateway_port}"
    secret = settings.sms_secret.get_secret_value()
    provider = SimulatorProvider(f"{own}/simulator/sms", secret)
    core.add(SmsChannel(settings, core, provider))
    operator = SimulatedOperator(f"{own}/sms/{provider.name}/{secret}", secret)
    return [operator, HandsetPage(operator, settings.sms_part_cost)]
