"""Runs leased work: claims what is due, works on so much at a time, renews leases, and stops without losing any."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Generic, Protocol, TypeVar

logger = logging.getLogger(__name__)


class Leased(Protocol):
    """Work under a lease."""

    @property
    def lease(self) -> str:
        """The token that only the holder knows."""
        ...


Item = TypeVar("Item", bound=Leased)


class Dispatcher(Generic[Item]):
    """Works on up to `slots` items at once. It wakes at `wake`, and looks every `poll` seconds in any case."""

    def __init__(
        self,
        name: str,
        *,
        slots: int,
        claim: Callable[[int], Awaitable[Sequence[Item]]],
        work: Callable[[Item], Awaitable[None]],
        renew: Callable[[Collection[str]], Awaitable[None]],
        wake: asyncio.Event,
        poll: float = 1.0,
        renew_every: float = 5.0,
    ) -> None:
        self.name = name
        self._slots = slots
        self._claim, self._work, self._renew = claim, work, renew
        self._wake = wake
        self._poll, self._renew_every = poll, renew_every
        self._running: dict[asyncio.Task[None], Item] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    @property
    def alive(self) -> bool:
        """Whether its loops run."""
        return bool(self._loops) and not any(loop.done() for loop in self._loops)

    async def start(self) -> None:
        """Begin to work."""
        self._loops = [
            asyncio.create_task(self._keep(self._take, 0.0), name=f"{self.name}-take"),
            asyncio.create_task(self._keep(self._extend, self._renew_every), name=f"{self.name}-renew"),
        ]

    async def stop(self, grace: float) -> list[Item]:
        """Claim no more, wait `grace` seconds for what runs, cut the rest off and give it back."""
        self._stopping = True
        self._wake.set()
        for taking in self._loops[:1]:
            await taking  # not cancelled: it may be in the middle of a claim
        if self._running:
            await asyncio.wait(list(self._running), timeout=grace)
        for extending in self._loops[1:]:
            extending.cancel()
        left = {task: item for task, item in self._running.items() if not task.done()}
        for task in left:
            task.cancel()
        await asyncio.gather(*self._loops, *left, return_exceptions=True)
        return list(left.values())

    async def _keep(self, step: Callable[[], Awaitable[None]], pause: float) -> None:
        """Repeat a step until the end; a database that is away is waited for, not died of."""
        while not self._stopping:
            try:
                await asyncio.sleep(pause)
                await step()
            except Exception:
                logger.exception("dispatcher step failed", extra={"dispatcher": self.name})
                await asyncio.sleep(self._poll)

    async def _take(self) -> None:
        self._wake.clear()
        free = self._slots - len(self._running)
        items = await self._claim(free) if free > 0 and not self._stopping else []
        for item in items:
            task = asyncio.create_task(self._run(item), name=f"{self.name}-work")
            self._running[task] = item
            task.add_done_callback(self._finished)
        if len(items) < max(free, 1) and not self._stopping:
            await self._sleep()

    async def _sleep(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), self._poll)
        except asyncio.TimeoutError:
            return

    async def _extend(self) -> None:
        leases = {item.lease for item in self._running.values()}
        if leases:
            await self._renew(leases)

    async def _run(self, item: Item) -> None:
        try:
            await self._work(item)
        except Exception:
            # The row keeps its lease: when that ends, it is worked on again.
            logger.exception("work failed", extra={"dispatcher": self.name})

    def _finished(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._wake.set()
