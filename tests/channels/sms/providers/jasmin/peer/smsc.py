"""An operator's SMSC for the tests, in Jasmin's environment: SMPP 3.4 by smpp.pdu.

Prints one JSON object a line for what Jasmin does. Reads one a line: `stat`, what the receipts to come say (null: none),
or a message of a citizen in `from`, `to`, `coding`, `hex`, `udhi`.
"""

import asyncio
import contextlib
import io
import json
import sys
import uuid

from smpp.pdu.operations import DeliverSM
from smpp.pdu.pdu_encoding import DataCodingEncoder, PDUEncoder, RegisteredDeliveryEncoder
from smpp.pdu.pdu_types import EsmClass, EsmClassGsmFeatures, EsmClassMode, EsmClassType, RegisteredDeliveryReceipt


def tell(**event):
    print(json.dumps(event), flush=True)


class Smsc:
    def __init__(self):
        self.stat, self.writer, self.number, self.tasks = "DELIVRD", None, 0, set()

    def send(self, pdu):
        self.writer.write(PDUEncoder().encode(pdu))

    async def serve(self, reader, writer):
        self.writer = writer
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readexactly(4)
                raw = head + await reader.readexactly(int.from_bytes(head, "big") - 4)
                self.hear(PDUEncoder().decode(io.BytesIO(raw)))
        writer.close()

    def hear(self, pdu):
        name, params = pdu.commandId.name, {}
        if name.endswith("_resp"):
            tell(event=name, status=pdu.status.name)
            return
        if name == "submit_sm":
            params["message_id"] = uuid.uuid4().hex.encode()
        elif name.startswith("bind_"):
            params["system_id"] = b"smsc"
        self.send(pdu.requireAck(seqNum=pdu.seqNum, **params))
        if name == "submit_sm":
            self.take(pdu, params["message_id"])
        elif name.startswith("bind_"):
            tell(event="bound")

    def take(self, pdu, message_id):
        fields = pdu.params
        asked = fields["registered_delivery"].receipt == RegisteredDeliveryReceipt.SMSC_DELIVERY_RECEIPT_REQUESTED
        tell(
            event="submit_sm",
            sender=fields["source_addr"].decode(),
            to=fields["destination_addr"].decode(),
            coding=DataCodingEncoder().encode(fields["data_coding"])[0],
            udhi=EsmClassGsmFeatures.UDHI_INDICATOR_SET in fields["esm_class"].gsmFeatures,
            hex=fields["short_message"].hex(),
            receipt=asked,
        )
        if asked and self.stat:
            task = asyncio.ensure_future(self.receipt(fields, message_id))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def receipt(self, fields, message_id):
        """A telephone takes its time; a receipt at once would overtake what Jasmin writes of the submission."""
        await asyncio.sleep(0.5)
        err = b"000" if self.stat == "DELIVRD" else b"069"
        text = b"id:%s sub:001 dlvrd:001 submit date:2611270100 done date:2611270100 stat:%s err:%s text:" % (
            message_id,
            self.stat.encode(),
            err,
        )
        kind = EsmClass(EsmClassMode.DEFAULT, EsmClassType.SMSC_DELIVERY_RECEIPT)
        self.deliver(fields["destination_addr"], fields["source_addr"], text, 0, kind)

    def deliver(self, sender, to, message, coding, kind):
        self.number += 1
        pdu = DeliverSM(
            seqNum=self.number,
            source_addr=sender,
            destination_addr=to,
            esm_class=kind,
            data_coding=DataCodingEncoder().decode(io.BytesIO(bytes((coding,)))),
            registered_delivery=RegisteredDeliveryEncoder().decode(io.BytesIO(b"\0")),
            short_message=message,
        )
        self.send(pdu)

    def obey(self, order):
        if "stat" in order:
            self.stat = order["stat"]
            return
        features = [EsmClassGsmFeatures.UDHI_INDICATOR_SET] if order.get("udhi") else []
        kind = EsmClass(EsmClassMode.DEFAULT, EsmClassType.DEFAULT, features)
        self.deliver(order["from"].encode(), order["to"].encode(), bytes.fromhex(order["hex"]), order["coding"], kind)


async def main():
    smsc = Smsc()
    await asyncio.start_server(smsc.serve, "127.0.0.1", int(sys.argv[1]))
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    tell(event="listening")
    while line := await orders.readline():
        smsc.obey(json.loads(line))


asyncio.run(main())
