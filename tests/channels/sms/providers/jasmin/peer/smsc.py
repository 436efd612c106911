"""An operator's SMSC for Jasmin to connect to; runs in Jasmin's own environment: smsc.py PORT.

Writes and reads JSON objects, one a line. Out: {"listens": true}, {"bound": true}, and for each part that Jasmin
submits {"to", "from", "coding", "joined", "content": hex, "id"}. In: a citizen's message of the same form without an
id, or a receipt {"id", "state", "error"}.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import secrets
import sys
from typing import Any

from smpp.pdu.operations import BindTransceiverResp, DeliverSM, EnquireLinkResp, SubmitSMResp, UnbindResp
from smpp.pdu.pdu_encoding import PDUEncoder
from smpp.pdu.pdu_types import (
    DataCoding,
    DataCodingDefault,
    DataCodingScheme,
    EsmClass,
    EsmClassGsmFeatures,
    EsmClassMode,
    EsmClassType,
    MessageState,
)

CODING = {0: DataCodingDefault.SMSC_DEFAULT_ALPHABET, 8: DataCodingDefault.UCS2}
STATE = {"DELIVRD": MessageState.DELIVERED, "UNDELIV": MessageState.UNDELIVERABLE}
JOINED = EsmClassGsmFeatures.UDHI_INDICATOR_SET


class Smsc:
    """One connection at a time."""

    def __init__(self) -> None:
        self._codec = PDUEncoder()
        self._numbers, self._ids = itertools.count(1000), itertools.count(secrets.randbelow(10**9))
        self._telephones: dict[str, tuple[bytes, bytes]] = {}
        self._writer: asyncio.StreamWriter

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer PDUs until Jasmin goes."""
        self._writer = writer
        try:
            while True:
                head = await reader.readexactly(4)
                rest = await reader.readexactly(int.from_bytes(head, "big") - 4)
                self._take(self._codec.decode(io.BytesIO(head + rest)))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _take(self, pdu: Any) -> None:
        name = type(pdu).__name__
        if name == "BindTransceiver":
            self._send(BindTransceiverResp(seqNum=pdu.seqNum, system_id=b"smsc"))
            say(bound=True)
        elif name == "EnquireLink":
            self._send(EnquireLinkResp(seqNum=pdu.seqNum))
        elif name == "Unbind":
            self._send(UnbindResp(seqNum=pdu.seqNum))
        elif name == "SubmitSM":
            self._submitted(pdu)

    def _submitted(self, pdu: Any) -> None:
        name, part = str(next(self._ids)), pdu.params
        self._telephones[name] = (part["destination_addr"], part["source_addr"])
        self._send(SubmitSMResp(seqNum=pdu.seqNum, message_id=name.encode()))
        coding = next(number for number, default in CODING.items() if part["data_coding"].schemeData is default)
        joined = JOINED in (part["esm_class"].gsmFeatures or ())
        addresses = {"to": part["destination_addr"].decode(), "from": part["source_addr"].decode()}
        say(id=name, **addresses, coding=coding, joined=joined, content=part["short_message"].hex())

    def hear(self, message: dict[str, Any]) -> None:
        """A citizen's message, or a receipt."""
        if "state" in message:
            self._receipt(message)
            return
        features = [JOINED] if message["joined"] else []
        self._deliver(
            message["from"].encode(),
            message["to"].encode(),
            bytes.fromhex(message["content"]),
            data_coding=DataCoding(DataCodingScheme.DEFAULT, CODING[message["coding"]]),
            esm_class=EsmClass(EsmClassMode.DEFAULT, EsmClassType.DEFAULT, features),
        )

    def _receipt(self, receipt: dict[str, Any]) -> None:
        times = "submit date:2611260900 done date:2611260901"
        text = f"id:{receipt['id']} sub:001 dlvrd:001 {times} stat:{receipt['state']} err:{receipt['error']} text:"
        telephone, ours = self._telephones[receipt["id"]]
        self._deliver(
            telephone,
            ours,
            text.encode(),
            data_coding=DataCoding(DataCodingScheme.DEFAULT, CODING[0]),
            esm_class=EsmClass(EsmClassMode.DEFAULT, EsmClassType.SMSC_DELIVERY_RECEIPT, []),
            receipted_message_id=receipt["id"].encode(),
            message_state=STATE[receipt["state"]],
        )

    def _deliver(self, source: bytes, destination: bytes, content: bytes, **fields: Any) -> None:
        number = next(self._numbers)
        addresses = {"source_addr": source, "destination_addr": destination}
        self._send(DeliverSM(seqNum=number, short_message=content, **addresses, **fields))

    def _send(self, pdu: Any) -> None:
        self._writer.write(self._codec.encode(pdu))


def say(**what: Any) -> None:
    """One line out."""
    print(json.dumps(what), flush=True)


async def main() -> None:
    """Serve until standard input ends."""
    smsc = Smsc()
    await asyncio.start_server(smsc.serve, "127.0.0.1", int(sys.argv[1]))
    said = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(said), sys.stdin)
    say(listens=True)
    while line := await said.readline():
        smsc.hear(json.loads(line))


asyncio.run(main())
