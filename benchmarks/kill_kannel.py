"""A real Kannel between the gateway and an operator's SMPP, whose bearerbox can be killed.

What goes between gateway and bearerbox passes through `Tap`, which outlives both and counts: so a message that a
telephone shows twice can be laid at the right door.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import socket
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from kill_citizens import LONGEST_WAIT_SECONDS, Log
from kill_handsets import Handsets
from kill_smpp import SmppOperator
from kill_system import Reply
from processes import BenchmarkError, Server
from stock_project import ROOT

from channels.identity import conversation_id
from channels.sms.providers.bearerbox.messages import Ack, AckState, Sms, SmsType, unpack
from channels.sms.providers.bearerbox.provider import text_of
from channels.sms.providers.kannel.trial import Trial
from channels.sms.providers.udh import joint_of
from settings.model import DEVELOPMENT_SECRET

NUMBER = "8000"
QUIET_SECONDS, LONGEST_QUIET_SECONDS = 15.0, 180.0
MOST_LETTERS = 70
"""Of a citizen's message: one part."""
_PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


class Kannel:
    """bearerbox with the documented configuration, but for waits that would make the run a day long."""

    names = ("bearerbox",)

    def __init__(self, folder: Path) -> None:
        self._folder, self._trial = folder / "kannel", Trial(folder / "kannel", smpp=True)
        self.operator, self.tap = SmppOperator(self._complete), Tap(self._trial.ports[1])
        self.handsets = Handsets()
        self.asked: defaultdict[str, list[str]] = defaultdict(list)
        self.restarted = 0
        """How often it had ended by itself."""
        self._changed = 0
        self._running: dict[str, Server] = {}

    async def prepare(self) -> str:
        """Listen as the operator and between, write the configuration; gives the gateway's file of providers."""
        self._folder.mkdir(parents=True)
        self._trial.write(throughput="1000")
        text = self._trial.configuration.read_text("utf-8")
        self._trial.configuration.write_text(
            text.replace("enquire-link-interval", "reconnect-delay = 1\nenquire-link-interval")
        )
        await self.operator.start(self._trial.operator_port)
        own = f"kind: bearerbox, port: {await self.tap.start()}"
        return f"providers:\n- {{{own}, name: kannel, sender: '{NUMBER}', parts_per_second: 1000}}\n"

    def start(self) -> None:
        """Start what does not run."""
        for name in self.names:
            ended = name in self._running and self._running[name].wait(0)
            self.restarted += ended
            if ended or name not in self._running:
                program = shutil.which(name, path=_PLACES)
                if program is None:
                    raise BenchmarkError(f"{name} is not installed (Debian: apt-get install kannel)")
                log, command = self._folder / f"{name}.out", [program, str(self._trial.configuration)]
                self._running[name] = Server(name, command, log, folder=ROOT, environment=os.environ)

    def kill(self, name: str) -> None:
        """SIGKILL, unless it has just ended."""
        server = self._running.pop(name, None)
        if server is not None and not server.wait(0):
            server.kill()

    async def supervise(self) -> None:
        """Start again what has ended, as systemd would."""
        while True:
            await asyncio.sleep(0.5)
            self.start()

    async def ready(self) -> None:
        """Wait until it listens."""
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._trial.ports[1])) == 0:
                    return
            await asyncio.sleep(0.1)
        raise BenchmarkError(f"Kannel does not come up: see {self._folder}")

    async def settle(self) -> None:
        """Wait until nothing more comes to telephones, and bearerbox has acknowledged all receipts."""
        waited = 0.0
        while waited < LONGEST_QUIET_SECONDS:
            before = self._changed
            await asyncio.sleep(QUIET_SECONDS)
            waited += QUIET_SECONDS
            if before == self._changed:
                break
        await self.operator.settle()

    async def close(self) -> None:
        """End everything."""
        for server in self._running.values():
            server.stop()
        await self.operator.close()
        await self.tap.close()

    def _complete(self, number: str, text: str) -> None:
        self._changed += 1
        self.handsets.show(f"+{number.lstrip('+')}", text)


class Tap:
    """Passes frames on; `handed` counts, by telephone and letters, the parts that bearerbox took or may have taken."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.handed: Counter[tuple[str, str]] = Counter()
        self.begun: defaultdict[str, list[str]] = defaultdict(list)
        """For each telephone the first parts of its messages, as they were handed over."""
        self.cut_off = 0
        self._unanswered: dict[UUID, tuple[str, str]] = {}
        self._server: asyncio.AbstractServer

    async def start(self) -> int:
        """Listen on loopback; gives the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listen no more."""
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            ahead_reader, ahead_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.close()
            return
        passing = [
            asyncio.create_task(self._pass(reader, ahead_writer)),
            asyncio.create_task(self._pass(ahead_reader, writer)),
        ]
        await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)
        writer.close()
        ahead_writer.close()
        self.cut_off += len(self._unanswered)
        self._unanswered.clear()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Either end may be killed at any moment, which ends the other's connection too.
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                length = await reader.readexactly(4)
                frame = await reader.readexactly(int.from_bytes(length, "big"))
                self._count(frame)
                writer.write(length + frame)
                await writer.drain()

    def _count(self, frame: bytes) -> None:
        match unpack(frame):
            case Sms(sms_type=SmsType.OUTBOUND) as sms:
                number = f"+{(sms.receiver or b'').decode().lstrip('+')}"
                part = self._unanswered[sms.id] = (number, letters(text_of(sms)))
                self.handed[part] += 1
                joint = joint_of(sms.udhdata or b"")
                if joint is None or joint.number == 1:
                    self.begun[part[0]].append(part[1])
            case Ack(id=id, state=state) if part := self._unanswered.pop(id, None):
                self.handed[part] -= state in (AckState.FAILED, AckState.FAILED_FOR_NOW)


class KannelCitizen:
    """A telephone, whose operator delivers its messages to bearerbox until they are acknowledged."""

    def __init__(self, kannel: Kannel, number: str, log: Log, chance: random.Random) -> None:
        self._kannel, self._number, self._log, self._chance = kannel, number, log, chance

    async def say(self, text: str) -> None:
        """Send a message; see Citizen."""
        said = self._log.accepted.setdefault(self._number, [])
        await self._kannel.operator.deliver(self._number.lstrip("+"), NUMBER, text)
        said.append(f"mo{self._number}-{len(said)}")
        self._kannel.asked[self._number].append(text)
        await self._kannel.handsets.wait(self._number, self._chance.uniform(0, LONGEST_WAIT_SECONDS))


def letters(text: str) -> str:
    """What a text says, without the marks and spaces in which a part differs from its message."""
    return "".join(character for character in text if character.isalnum())


class Seen:
    """What telephones were shown, told by the ids of what their citizens asked."""

    def __init__(self, kannel: Kannel, replies: Sequence[Reply]) -> None:
        self._kannel = kannel
        self._replies: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in replies:
            self._replies[reply.conversation].append(reply)
        self.repeated_by_kannel = 0
        self.handsets = {number: self._handset(number, texts) for number, texts in kannel.handsets.shown.items()}

    def in_order(self, accepted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The messages of each telephone in the order in which they reached the gateway."""
        return {number: sorted(ids, key=self._places(number).__getitem__) for number, ids in accepted.items()}

    def as_handed_over(self) -> dict[str, list[str]]:
        """What telephones have shown, in the order in which the gateway handed it over."""
        return {number: self._in_hand_order(number, list(ids)) for number, ids in self.handsets.items()}

    def _in_hand_order(self, number: str, shown: list[str]) -> list[str]:
        said = [(self._id(number, reply), letters(reply.body["text"])) for reply in self._of(number)]
        ordered = []
        for part in self._kannel.tap.begun[number]:
            saying = {name for name, text in said if text.startswith(part)}
            if fitting := [one for one in shown if one in saying]:
                shown.remove(fitting[0])
                ordered.append(fitting[0])
        return ordered + shown

    def unknown(self) -> set[str]:
        """Ids of the messages whose reply the gateway marks as unknown."""
        return {
            self._id(number, reply)
            for number in self._kannel.asked
            for reply in self._of(number)
            if reply.state == "unknown"
        }

    def question(self, name: str) -> tuple[str, str]:
        """Conversation and text of the message of this id."""
        number, _, place = name.removeprefix("mo").rpartition("-")
        return conversation(number), self._kannel.asked[number][int(place)]

    def never_came_in(self, came_in: set[tuple[str, str]]) -> set[str]:
        """Ids of messages that bearerbox acknowledged and the gateway never saw."""
        return {
            f"mo{number}-{place}"
            for number, texts in self._kannel.asked.items()
            for place, text in enumerate(texts)
            if (conversation(number), text) not in came_in
        }

    def _handset(self, number: str, texts: Sequence[str]) -> list[str]:
        left, shown = list(self._of(number)), []
        for text in texts:
            fitting = [reply for reply in self._of(number) if letters(reply.body["text"]) == letters(text)]
            unseen = [reply for reply in fitting if reply in left]
            if unseen:
                left.remove(unseen[0])
                shown.append(self._id(number, unseen[0]))
            elif not fitting:
                shown.append(f"{number}: {text[:30]}")
            elif self._was_handed_over_once(number, fitting[0], len(fitting)):
                self.repeated_by_kannel += 1
            else:
                shown.append(self._id(number, fitting[0]))
        return shown

    def _was_handed_over_once(self, number: str, reply: Reply, times: int) -> bool:
        said = letters(reply.body["text"])
        parts = {part: count for (to, part), count in self._kannel.tap.handed.items() if to == number and part in said}
        return bool(parts) and max(parts.values()) <= times

    def _of(self, number: str) -> Sequence[Reply]:
        return self._replies[conversation(number)]

    def _id(self, number: str, reply: Reply) -> str:
        return f"mo{number}-{self._kannel.asked[number].index(reply.question)}"

    def _places(self, number: str) -> dict[str, int]:
        met = [self._id(number, reply) for reply in self._of(number)]
        asked = [f"mo{number}-{place}" for place in range(len(self._kannel.asked[number]))]
        return {one: place for place, one in enumerate([*met, *(one for one in asked if one not in met)])}


def conversation(number: str) -> str:
    """The gateway's name for a telephone's conversation."""
    return conversation_id(DEVELOPMENT_SECRET, "sms", number)
