"""The SMS channel: every provider's callbacks in, parts out through whichever does best."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from aiohttp import web

from channels.contract import Gateway, Limit, OutboundMessage, Payload, Reply, SendOutcome
from channels.sms.addresses import Addresses
from channels.sms.errors import NumberRefused
from channels.sms.inbound.door import CHANNEL, Door
from channels.sms.inbound.intake import StoringIntake
from channels.sms.inbound.joining import Joiner
from channels.sms.inbound.numbers import e164
from channels.sms.inbound.receiving import Receiver
from channels.sms.operating.metrics import Metrics
from channels.sms.outbound.budget import Budget
from channels.sms.outbound.ledger import Ledger
from channels.sms.outbound.render import pages, reply_text
from channels.sms.outbound.sending import Sender
from channels.sms.providers.base import CallingProvider
from channels.sms.routing.route import Route
from channels.sms.routing.router import Router
from channels.sms.routing.switches import stopped
from settings import Settings
from storage import Transactions

logger = logging.getLogger(__name__)
HOUR, DAY = 3600, 86_400
_CHORES_EVERY = 3.0


class SmsChannel:
    """Receives at `/sms/<provider>/<secret>/inbound` and `/receipt`; sends through the routes."""

    name = CHANNEL
    proves_sender = True
    idempotent = True
    """Of the ledger: a message taken up again continues with the parts of which it is certain that they did not go."""

    def __init__(self, settings: Settings, gateway: Gateway, database: Transactions, routes: Sequence[Route]) -> None:
        self.router = Router(routes)
        self.limits = (Limit(settings.sms_messages_per_hour, HOUR), Limit(settings.sms_messages_per_day, DAY))
        self._database = database
        self._addresses = provider_addresses(settings, routes)
        ledger = Ledger(database)
        self._sender = Sender(self.router, ledger, Budget(database, settings.sms_daily_budget), self._addresses)
        foreign = frozenset(int(code) for code in settings.sms_foreign_codes.split(",") if code)
        self._door = Door(gateway, foreign=foreign, own=_own_numbers(routes))
        self._joiner = Joiner(database, settings.conversation_key.get_secret_value(), self._door.accept)
        self._receivers: dict[str, Receiver] = {}
        for route in routes:
            self._listen(route, StoringIntake(route.name, self._door, self._joiner, ledger))
        self._metrics = Metrics(database, self.router, settings.metrics_token.get_secret_value())
        self._chores: asyncio.Task[None] | None = None
        self._switches_known = False

    def _listen(self, route: Route, intake: StoringIntake) -> None:
        """To whoever the provider is: it calls, or a connection to it is kept."""
        if route.connection is not None:
            route.connection.attach(intake)
        if isinstance(route.provider, CallingProvider):
            self._receivers[route.name] = Receiver(route.provider, self._addresses[route.name], intake)

    @property
    def parallel(self) -> int:
        """As many messages at once as all providers together take."""
        return self.router.parallel

    @property
    def open(self) -> bool:
        """Whether any provider can be used now."""
        return self._switches_known and self.router.open

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Where the providers call. GET too, because some know nothing else."""
        callbacks = [
            web.route(method, f"/sms/{name}/{{secret}}/{path}", handler)
            for name, receiver in self._receivers.items()
            for path, handler in (("inbound", receiver.inbound), ("receipt", receiver.receipt))
            for method in ("GET", "POST")
        ]
        return [*callbacks, *self._metrics.routes()]

    async def start(self) -> None:
        """Open the providers. Nothing goes out before the switches are known."""
        for route in self.router.routes.values():
            await route.provider.start()
        self._chores = asyncio.create_task(self._keep_doing_chores(), name="sms-chores")

    async def stop(self) -> None:
        """Close the providers."""
        if self._chores is not None:
            self._chores.cancel()
            await asyncio.gather(self._chores, return_exceptions=True)
        for route in self.router.routes.values():
            await route.provider.stop()

    def render(self, reply: Reply) -> list[Payload]:
        """One text of at most three parts; the rest is held until the citizen sends "0"."""
        text = reply_text((message.text, [choice.title for choice in message.choices]) for message in reply.messages)
        return [Payload({"text": page}, held=place > 0) for place, page in enumerate(pages(text))]

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Send one message; its next one from the same number is a new one, whatever it says."""
        self._door.content_ids.forget(message.address)
        return await self._sender.send(message)

    async def _keep_doing_chores(self) -> None:
        while True:
            try:
                await self.look_at_switches()
                await self._joiner.sweep()
            except Exception:
                logger.exception("sms chores failed")
            await asyncio.sleep(_CHORES_EVERY)

    async def look_at_switches(self) -> None:
        """Learn which providers an operator has stopped."""
        stops = await self._database.read(stopped)
        for name, route in self.router.routes.items():
            route.stopped = stops[name].reason if name in stops else None
        self._switches_known = True


def provider_addresses(settings: Settings, routes: Sequence[Route]) -> Mapping[str, Addresses]:
    """The addresses that each provider calls, by its name."""
    key = settings.sms_secret.get_secret_value()
    return {
        route.name: Addresses(key, route.name, route.settings.gateway_url or settings.public_url) for route in routes
    }


def _own_numbers(routes: Sequence[Route]) -> frozenset[str]:
    found = set()
    for route in routes:
        try:
            found.add(e164(route.settings.sender))
        except NumberRefused:
            continue
    return frozenset(found)
