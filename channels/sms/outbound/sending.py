"""One message on its way: its parts one after another through one provider, or through another one when that fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from channels.contract import Accepted, OutboundMessage, Rejected, Retry, SendError, SendOutcome, Unknown
from channels.sms.addresses import Addresses
from channels.sms.errors import TextUnsendable
from channels.sms.outbound.budget import Budget
from channels.sms.outbound.ledger import Begin, Ledger, Part, Result
from channels.sms.outbound.segments import Segments, split
from channels.sms.providers.base import Joint, Submission
from channels.sms.routing.route import Route
from channels.sms.routing.router import Router
from channels.tables import OutboxState
from storage import utc_now

logger = logging.getLogger(__name__)
_REFUSED_PAUSE, _OVERLOAD_PAUSE = 60.0, 2.0
_LONGEST_VALIDITY = 86_400
_REFERENCES = 256
"""Of joined parts. In a row: a telephone that waits for a lost part would join another message's to the rest."""


@dataclass
class Delivery:
    """A message and how far it is. `waiting` are the numbers of the parts that have to be submitted."""

    message: OutboundMessage
    segments: Segments
    waiting: list[int]
    bound: str | None = None
    """The provider that has parts of it already, or may have: no other one may continue."""
    recorded: bool = False
    """Whether its parts are in the ledger."""
    lost: bool = False
    """Whether nobody knows of some part if it went out."""
    provider_ids: list[str] = field(default_factory=list)
    cost: float = 0.0

    @property
    def total(self) -> int:
        """How many parts the message has."""
        return len(self.segments.parts)

    @property
    def seconds_left(self) -> int:
        """How long the operator may try."""
        if self.message.expires_at is None:
            return _LONGEST_VALIDITY
        return min(_LONGEST_VALIDITY, int((self.message.expires_at - utc_now()).total_seconds()))


class Sender:
    """Sends messages through the router's providers and keeps the ledger."""

    def __init__(self, router: Router, ledger: Ledger, budget: Budget, addresses: Mapping[str, Addresses]) -> None:
        self._router, self._ledger, self._budget, self._addresses = router, ledger, budget, addresses

    async def send(self, message: OutboundMessage) -> SendOutcome:
        """Send what is left of one message; Retry when something still is."""
        try:
            segments = split(str(message.body["text"]))
        except TextUnsendable:
            return Rejected(SendError.CONTENT_REJECTED)
        if not segments.units:
            return Rejected(SendError.CONTENT_REJECTED)
        delivery = await self._take_up(message, segments)
        if not delivery.waiting:
            return _outcome(delivery)
        if delivery.seconds_left <= 0:
            await self._ledger.give_up(message.id, delivery.total, expired=True)
            return Retry(SendError.EXPIRED)
        if wait := await self._budget.wait(push=message.push):
            return Retry(SendError.BUDGET, after=wait)
        return await self._try_providers(delivery)

    async def _take_up(self, message: OutboundMessage, segments: Segments) -> Delivery:
        """Where an earlier attempt left off. A part that it did not see end is only repeated where that is harmless."""
        delivery = Delivery(message, segments, list(range(1, len(segments.parts) + 1)))
        parts = await self._ledger.parts(message.id) if message.attempt > 1 else []
        if not parts:
            return delivery
        delivery.recorded, delivery.cost = True, sum(part.cost for part in parts)
        open_ended = [part for part in parts if part.state is OutboxState.SENDING]
        if any(not self._repeatable(part) for part in open_ended):
            await self._ledger.give_up(message.id, delivery.total, expired=False)
            delivery.lost, open_ended = True, []
        again = {part.number for part in open_ended}
        delivery.waiting = [p.number for p in parts if p.state is OutboxState.QUEUED or p.number in again]
        gone = [part for part in parts if part.state is not OutboxState.QUEUED]
        delivery.bound = gone[-1].provider if gone else None
        return delivery

    def _repeatable(self, part: Part) -> bool:
        route = self._router.routes.get(part.provider)
        return route is not None and route.provider.idempotent

    async def _try_providers(self, delivery: Delivery) -> SendOutcome:
        tried: dict[str, SendOutcome] = {}
        while route := self._route(delivery, tried):
            outcome = await self._carry(delivery, route)
            tried[route.name] = outcome
            if not isinstance(outcome, Retry) or delivery.bound:
                return outcome
        return list(tried.values())[-1] if tried else Retry(SendError.UNAVAILABLE, after=self._router.wait())

    def _route(self, delivery: Delivery, tried: Mapping[str, SendOutcome]) -> Route | None:
        if delivery.bound is None:
            return self._router.choose(len(delivery.waiting), tried)
        bound = self._router.routes.get(delivery.bound)
        return bound if bound is not None and bound.usable and bound.name not in tried else None

    async def _carry(self, delivery: Delivery, route: Route) -> SendOutcome:
        """Submit everything that waits through one provider."""
        route.busy += 1
        try:
            return await self._submit_all(delivery, route)
        finally:
            route.busy -= 1

    async def _submit_all(self, delivery: Delivery, route: Route) -> SendOutcome:
        result: Result | None = None
        for numbers in self._steps(delivery, route):
            await route.throttle.take(len(numbers))
            begin = Begin(numbers, delivery.total, route.name, first=not delivery.recorded)
            await self._ledger.write(delivery.message.id, result, begin)
            delivery.recorded = True
            outcome = await self._submit(route, self._submission(delivery, route, numbers))
            if isinstance(outcome, Unknown) and route.provider.idempotent:
                # Left open in the ledger: the next attempt asks the same provider again.
                delivery.bound = route.name
                return Retry(outcome.error, code=outcome.code)
            result = Result(numbers, outcome, route.settings.part_cost)
            if isinstance(outcome, Retry | Rejected):
                await self._ledger.write(delivery.message.id, result, None)
                return outcome
            self._gone(delivery, route, numbers, outcome)
        await self._ledger.write(delivery.message.id, result, None)
        return _outcome(delivery)

    @staticmethod
    def _steps(delivery: Delivery, route: Route) -> list[list[int]]:
        whole = list(delivery.waiting)
        return [whole] if route.provider.whole else [[number] for number in whole]

    def _gone(self, delivery: Delivery, route: Route, numbers: Sequence[int], outcome: SendOutcome) -> None:
        delivery.bound = route.name
        delivery.waiting = [number for number in delivery.waiting if number not in numbers]
        cost = len(numbers) * route.settings.part_cost
        delivery.cost += cost
        self._budget.spend(cost)
        if isinstance(outcome, Accepted) and outcome.provider_id:
            delivery.provider_ids.append(outcome.provider_id)
        delivery.lost |= isinstance(outcome, Unknown)

    def _submission(self, delivery: Delivery, route: Route, numbers: Sequence[int]) -> Submission:
        message, segments, total = delivery.message, delivery.segments, delivery.total
        apart = total > 1 and not route.provider.whole
        name = f"{message.id}-{numbers[0]}" if apart else message.id
        return Submission(
            id=name,
            to=message.address,
            sender=route.settings.sender,
            text=segments.parts[numbers[0] - 1] if apart else "".join(segments.parts),
            encoding=segments.encoding,
            joint=Joint(message.sequence % _REFERENCES, total, numbers[0]) if apart else None,
            valid_seconds=delivery.seconds_left,
            receipt_url=self._addresses[route.name].receipt(name),
        )

    @staticmethod
    async def _submit(route: Route, submission: Submission) -> SendOutcome:
        started = time.monotonic()
        outcome = await route.provider.submit(submission)
        _learn(route, outcome, time.monotonic() - started)
        return outcome


def _learn(route: Route, outcome: SendOutcome, seconds: float) -> None:
    """What a submission says of the provider's health."""
    details = {"provider": route.name}
    match outcome:
        case Accepted() | Rejected():
            route.health.succeeded(seconds)
        case Retry(error=SendError.THROTTLED):
            route.health.pause(outcome.after or _OVERLOAD_PAUSE)
            logger.warning("sms provider overloaded", extra=details)
        case Retry(error=SendError.NOT_CONFIGURED):
            route.health.pause(outcome.after or _REFUSED_PAUSE)
            logger.error("sms provider refuses us", extra={**details, "code": outcome.code})
        case Retry(error=SendError.NO_ROUTE):
            # Its configuration lacks this number: no reason to rest it for the others.
            logger.error("sms provider has no route to a number", extra=details)
        case _:
            route.health.failed()
            logger.warning("sms provider failed", extra={**details, "fault": outcome.error.value, "code": outcome.code})


def _outcome(delivery: Delivery) -> SendOutcome:
    """Of a message whose parts have all gone. Its state comes from the ledger, which a receipt may know better."""
    provider_id = delivery.provider_ids[0] if delivery.provider_ids else None
    return Accepted(provider_id, delivery.total, delivery.cost)
