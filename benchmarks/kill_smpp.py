"""An operator's SMPP 3.4, which outlives the Kannel that is bound to it: what it was told and what it has told.

SMPP says what a socket alone does not: a message is the other side's once it is acknowledged, and not before. What
bearerbox does not acknowledge is delivered again when it is bound again, as operators do.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import struct
from collections import defaultdict
from collections.abc import Callable

from smpplib import command, smpp
from smpplib.consts import SMPP_GSMFEAT_UDHI

from channels.sms.providers.udh import joint_of

ANSWER_SECONDS = 5.0
_RECEIPT = 0x04
_UCS2 = 8
_HEADER = struct.Struct(">LLLL")


class _Sequence:
    """What smpplib asks for a number that every PDU gets anew here."""

    sequence = 0

    def next_sequence(self) -> int:
        return self.sequence


_SEQUENCE = _Sequence()


class SmppOperator:
    """A server for one bearerbox at a time. `on_message` hears (telephone, text) of what is complete on a telephone."""

    def __init__(self, on_message: Callable[[str, str], None]) -> None:
        self._on_message = on_message
        self._numbers, self._names = itertools.count(1), itertools.count(1)
        self._parts: defaultdict[tuple[str, int, int], dict[int, str]] = defaultdict(dict)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._bound = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.AbstractServer | None = None
        self._receipts: set[asyncio.Task[None]] = set()
        self.delivered_again = 0
        """How often a message or a receipt was told again, because it had not been acknowledged."""

    async def start(self, port: int) -> None:
        """Listen on loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def close(self) -> None:
        """Listen no more."""
        for task in self._receipts:
            task.cancel()
        if self._server is not None:
            self._server.close()

    async def deliver(self, sender: str, to: str, text: str) -> None:
        """A citizen's message; returns once bearerbox has acknowledged it."""
        await self._told(source_addr=sender, destination_addr=to, data_coding=_UCS2, body=text.encode("utf-16-be"))

    async def settle(self) -> None:
        """Wait until bearerbox has acknowledged all receipts."""
        while self._receipts:
            await asyncio.gather(*self._receipts)

    async def _told(self, *, body: bytes, **fields: object) -> None:
        for attempt in itertools.count():
            await self._bound.wait()
            number = next(self._numbers)
            acknowledged = self._waiting[number] = asyncio.get_running_loop().create_future()
            pdu = smpp.make_pdu("deliver_sm", client=_SEQUENCE, short_message=body, sm_length=len(body), **fields)
            self.delivered_again += attempt > 0
            try:
                self._write(pdu, number)
                await asyncio.wait_for(acknowledged, ANSWER_SECONDS)
                return
            except (ConnectionError, asyncio.TimeoutError):
                await asyncio.sleep(0.1)
            finally:
                self._waiting.pop(number, None)

    def _write(self, pdu: command.Command, number: int) -> None:
        if self._writer is None or self._writer.is_closing():
            raise ConnectionError
        pdu.sequence = number
        self._writer.write(pdu.generate())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A bearerbox that is killed ends the connection, anywhere: what it had not acknowledged is told again.
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await self._read(reader, writer)
        writer.close()
        if self._writer is writer:
            self._writer = None
            self._bound.clear()

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        header = await reader.readexactly(_HEADER.size)
        length, _, status, number = _HEADER.unpack(header)
        body = await reader.readexactly(length - _HEADER.size)
        pdu = smpp.parse_pdu(header + body, allow_unknown_opt_params=True, client=_SEQUENCE)
        self._heard(pdu, status, number, writer)
        await writer.drain()

    def _heard(self, pdu: command.Command, status: int, number: int, writer: asyncio.StreamWriter) -> None:
        name = pdu.command
        if name == "deliver_sm_resp":
            waiting = self._waiting.get(number)
            if waiting is not None and not waiting.done() and status == 0:
                waiting.set_result(None)
            return
        if name == "submit_sm":
            answer = smpp.make_pdu("submit_sm_resp", client=_SEQUENCE, message_id=self._take(pdu))
        elif name.startswith("bind"):
            answer = smpp.make_pdu(f"{name}_resp", client=_SEQUENCE, system_id="operator")
        elif name in ("enquire_link", "unbind"):
            answer = smpp.make_pdu(f"{name}_resp", client=_SEQUENCE)
        else:
            return
        answer.sequence = number
        writer.write(answer.generate())
        if name.startswith("bind"):
            self._writer = writer
            self._bound.set()

    def _take(self, pdu: command.Command) -> str:
        name, to, body = str(next(self._names)), pdu.destination_addr.decode(), pdu.short_message or b""
        joint = None
        if pdu.esm_class & SMPP_GSMFEAT_UDHI:
            joint, body = joint_of(body), body[1 + body[0] :]
        text = body.decode("utf-16-be" if pdu.data_coding == _UCS2 else "latin-1")
        if joint is None:
            self._on_message(to, text)
        else:
            parts = self._parts[to, joint.reference, joint.total]
            parts[joint.number] = text
            if len(parts) == joint.total:
                self._on_message(to, "".join(parts[place] for place in sorted(parts)))
                del self._parts[to, joint.reference, joint.total]
        if pdu.registered_delivery:
            receipt = (
                f"id:{name} sub:001 dlvrd:001 submit date:2611270000 done date:2611270000 stat:DELIVRD err:000 text:"
            )
            told = self._told(
                source_addr=to,
                destination_addr=pdu.source_addr.decode(),
                esm_class=_RECEIPT,
                receipted_message_id=name,
                message_state=2,
                body=receipt.encode(),
            )
            task = asyncio.create_task(told)
            self._receipts.add(task)
            task.add_done_callback(self._receipts.discard)
        return name
