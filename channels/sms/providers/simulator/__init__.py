"""A provider and its operator that exist only in development: `provider` is our side of it, `operator` is theirs.

They speak HTTP to each other like any other provider, so that nothing of the channel knows that it is a simulation.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from channels.sms.providers.simulator.handset import HandsetPage
from channels.sms.providers.simulator.operator import Fault, SimulatedOperator
from channels.sms.providers.simulator.provider import SimulatorProvider, SimulatorSettings

API_PREFIX = "/simulator/sms"

__all__ = ["API_PREFIX", "Fault", "SimulatedOperator", "SimulatorProvider", "SimulatorSettings", "SmsSimulator"]


class SmsSimulator:
    """The operator and its handset page, as one part of a development gateway; arguments as theirs."""

    def __init__(self, callback: str, secret: str, part_cost: float) -> None:
        self.operator = SimulatedOperator(callback, secret)
        self._page = HandsetPage(self.operator, part_cost)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The provider's API below `API_PREFIX`, and the page."""
        return [*self.operator.routes(), *self._page.routes()]

    async def start(self) -> None:
        """Open what the operator needs to call back."""
        await self.operator.start()

    async def stop(self) -> None:
        """Give up calls under way."""
        await self.operator.stop()
