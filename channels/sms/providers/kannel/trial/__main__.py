"""`make sms-kannel`: a real Kannel with a simulated operator, and this terminal as a telephone. Ctrl-C ends all."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from channels.sms.providers.kannel.trial import Boxes, Handed, KannelMissing, Operator, Trial

FOLDER = Path("var/kannel").absolute()
TELEPHONE, NUMBER = "967771234567", "8000"
PROVIDERS = """providers:
  - kind: bearerbox
    name: kannel
    sender: "{number}"
    part_cost: 8.5
    port: {port}
"""


def main() -> int:
    """Run until Ctrl-C or the end of standard input."""
    try:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_until_terminated())
    except KannelMissing as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _until_terminated() -> None:
    """Whoever ends this ends Kannel with it."""
    running = asyncio.create_task(_run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    await running


async def _run() -> None:
    trial = Trial(FOLDER)
    trial.write()
    providers = FOLDER / "providers.yml"
    providers.write_text(PROVIDERS.format(number=NUMBER, port=trial.ports[1]), "utf-8")
    boxes, operator = Boxes(trial), Operator(trial.operator_port, _show)
    try:
        await boxes.start()
        await operator.connect()
        print(f"Kannel runs; its logs are in {FOLDER}/. In another terminal start Dalil with it:\n")
        print(f"    DALIL_SMS_PROVIDERS={providers.relative_to(Path.cwd())} make run\n")
        print(f"Then write here what {TELEPHONE} sends to {NUMBER}, one line a message:", flush=True)
        await _send_lines(operator)
    finally:
        await operator.close()
        await boxes.stop()


async def _send_lines(operator: Operator) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        if text := line.decode("utf-8", "replace").strip():
            await operator.send(TELEPHONE, NUMBER, text)


def _show(handed: Handed) -> None:
    place = f" (part {handed.joint.number} of {handed.joint.total})" if handed.joint else ""
    print(f"\n{handed.sender} -> {handed.to}{place}:\n{handed.text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
