"""One provider as the router sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from channels.sms.providers.base import ConnectedProvider, ProviderSettings, SmsProvider
from channels.sms.routing.health import Health
from channels.sms.routing.throttle import Throttle


@dataclass
class Route:
    """A provider with its settings, and what this gateway knows of it at the moment.

    `connection` is the provider itself, if it is one to which a connection is kept. `stopped` is the reason why an
    operator switched it off; `busy` counts submissions under way.
    """

    settings: ProviderSettings
    provider: SmsProvider
    connection: ConnectedProvider | None = field(init=False)
    throttle: Throttle = field(init=False)
    health: Health = field(default_factory=Health)
    stopped: str | None = None
    busy: int = 0

    def __post_init__(self) -> None:
        self.connection = self.provider if isinstance(self.provider, ConnectedProvider) else None
        self.throttle = Throttle(self.settings.parts_per_second)

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.settings.name

    @property
    def usable(self) -> bool:
        """Whether a message may go this way now."""
        if self.stopped is not None or self.health.paused or (self.connection and not self.connection.connected):
            return False
        return self.busy < (1 if self.health.probing else self.settings.parallel)
