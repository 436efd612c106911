"""How messages come from telephones and go to them in kill.py: through the simulated operator, or a real Kannel."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import aiohttp
from aiohttp import web
from kill_citizens import Citizen, Log, SmsCitizen
from kill_kannel import Kannel, KannelCitizen, Seen
from kill_operator import Operator
from kill_system import System


@dataclass(frozen=True)
class Shown:
    """What verdict.judge needs, and what is to be told beside the verdict."""

    accepted: Mapping[str, Sequence[str]]
    handsets: Mapping[str, Sequence[str]]
    uncertain: Collection[str]
    told: Sequence[str]


class Telephones(Protocol):
    """One way. `names` are processes of its own that can be killed."""

    names: Sequence[str]

    def start(self) -> None:
        """Start those that do not run."""

    def kill(self, name: str) -> None:
        """SIGKILL to one."""

    async def ready(self) -> None:
        """Wait until they work."""

    def citizen(self, number: str, session: aiohttp.ClientSession, log: Log, chance: random.Random) -> Citizen:
        """A telephone."""

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""

    def shown(self, log: Log) -> Shown:
        """What telephones have shown in the end."""


class Simulated:
    """The simulated operator, which is no process of its own."""

    names: Sequence[str] = ()

    def __init__(self, operator: Operator, system: System) -> None:
        self._operator, self._system = operator, system

    def start(self) -> None:
        """Nothing runs."""

    def kill(self, name: str) -> None:
        """There is none."""
        raise LookupError(name)

    async def ready(self) -> None:
        """Always."""

    def citizen(self, number: str, session: aiohttp.ClientSession, log: Log, chance: random.Random) -> Citizen:
        """See Telephones."""
        return SmsCitizen(self._system.callback, number, self._operator, session, log, chance)

    async def settle(self) -> None:
        """See Telephones."""
        await self._operator.settle()

    def shown(self, log: Log) -> Shown:
        """See Telephones: messages have names that the operator is told."""
        replies, operator = self._system.replies(), self._operator
        handsets = {
            number: [replies.get(one, one) for one in shown] for number, shown in operator.handsets.shown.items()
        }
        faults = ", ".join(f"{name} {times}" for name, times in sorted(operator.faults.items()))
        told = [f"operator: {faults}; submitted again under the same id: {operator.submitted_again}"]
        return Shown(log.accepted, handsets, self._system.uncertain(), told)


class ThroughKannel:
    """Kannel and an operator's SMPP."""

    names: Sequence[str] = Kannel.names

    def __init__(self, kannel: Kannel, system: System) -> None:
        self._kannel, self._system = kannel, system
        self.start, self.kill, self.ready, self.settle = kannel.start, kannel.kill, kannel.ready, kannel.settle

    def citizen(self, number: str, session: aiohttp.ClientSession, log: Log, chance: random.Random) -> Citizen:
        """See Telephones."""
        return KannelCitizen(self._kannel, number, log, chance)

    def shown(self, log: Log) -> Shown:
        """See Telephones: SMPP has no names for messages, so they are told by what they say."""
        kannel, seen = self._kannel, Seen(self._kannel, self._system.replies_by_sms())
        never = seen.never_came_in(self._system.came_in())
        told = [
            f"bearerbox ended by itself and was started again: {kannel.restarted}",
            f"not acknowledged by bearerbox and delivered to it again: {kannel.operator.delivered_again}",
            f"submissions whose answer did not come: {kannel.tap.cut_off}",
            f"repeated by Kannel, to which it was handed over once: {seen.repeated_by_kannel}",
            f"acknowledged by bearerbox and never given to the gateway: {len(never)}",
        ]
        accepted = seen.in_order(log.accepted)
        shown = Counter(one for ids in seen.handsets.values() for one in ids)
        asked = {one for ids in accepted.values() for one in ids} - seen.unknown()
        for one in sorted(one for one in asked if shown[one] != 1):
            told.append(f"{one}: {'; '.join(self._system.way_of(*seen.question(one)))}")
        handsets = seen.as_handed_over()
        turned = sum(handsets[number] != list(shown) for number, shown in seen.handsets.items())
        told.append(f"telephones that Kannel gave replies in another order than it had got them: {turned}")
        return Shown(accepted, handsets, seen.unknown(), told)


async def simulated(operator: Operator, closing: AsyncExitStack) -> str:
    """Serve the simulated operator on loopback; gives its address."""
    closing.push_async_callback(operator.close)
    runner = web.AppRunner(operator.application(), access_log=None)
    closing.push_async_callback(runner.cleanup)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def through_kannel(folder: Path, system: System, closing: AsyncExitStack) -> ThroughKannel:
    """Start a Kannel and the operator behind it, and write the gateway's file of providers."""
    kannel = Kannel(folder)
    closing.push_async_callback(kannel.close)
    system.providers.write_text(await kannel.prepare(), "utf-8")
    kannel.start()
    supervising = asyncio.create_task(kannel.supervise())
    closing.callback(supervising.cancel)
    return ThroughKannel(kannel, system)
