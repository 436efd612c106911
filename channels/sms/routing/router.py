"""The choice between providers."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from channels.sms.routing.route import Route

PATIENCE = 5.0
"""Longest time (seconds) that a message waits for a provider's throttle; after that it goes back to the queue."""
_SOON = 1.0


class Router:
    """Chooses among `routes` by weight; `dice` decides."""

    def __init__(self, routes: Sequence[Route], dice: random.Random | None = None) -> None:
        self.routes = {route.name: route for route in routes}
        self._dice = dice or random.Random()  # noqa: S311

    @property
    def parallel(self) -> int:
        """Submissions that all providers together take at once."""
        return sum(route.settings.parallel for route in self.routes.values())

    @property
    def open(self) -> bool:
        """Whether any provider can be used now."""
        return any(route.usable for route in self.routes.values())

    def choose(self, parts: int, tried: Collection[str] = ()) -> Route | None:
        """A usable provider for so many parts that is not among the tried ones.

        Those whose throttle lets the parts through at once come first, and standbys (weight 0) last.
        """
        usable = [route for route in self.routes.values() if route.usable and route.name not in tried]
        usable = [route for route in usable if route.throttle.wait(parts) <= PATIENCE]
        for tier in (
            [route for route in usable if route.settings.weight and not route.throttle.wait(parts)],
            [route for route in usable if route.settings.weight],
            usable,
        ):
            if tier:
                weights = [max(route.settings.weight, 1) * route.health.share for route in tier]
                return self._dice.choices(tier, weights)[0]
        return None

    def wait(self) -> float:
        """Seconds after which it makes sense to ask again, when there was no choice."""
        pauses = [route.health.paused for route in self.routes.values() if route.stopped is None]
        return max(_SOON, min(pauses, default=PATIENCE))
