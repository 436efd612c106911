"""`make sms-kannel`: a real Kannel with a simulated operator, and this terminal as a telephone. Ctrl-C ends all."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from channels.sms.addresses import Addresses
from channels.sms.providers.kannel.trial import Boxes, Handed, KannelMissing, Operator, Trial
from settings import Settings, SettingsError, load_settings

FOLDER = Path("var/kannel").absolute()
TELEPHONE, NUMBER = "967771234567", "8000"
PROVIDERS = """providers:
  - kind: kannel
    name: kannel
    sender: "{number}"
    part_cost: 8.5
    url: {url}
    username: dalil
    password: {password}
"""


def main() -> int:
    """Run until Ctrl-C or the end of standard input."""
    try:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_until_terminated(load_settings()))
    except (SettingsError, KannelMissing) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _until_terminated(settings: Settings) -> None:
    """Whoever ends this ends Kannel with it."""
    running = asyncio.create_task(_run(settings))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    await running


async def _run(settings: Settings) -> None:
    addresses = Addresses(settings.sms_secret.get_secret_value(), "kannel", settings.public_url)
    trial = Trial(FOLDER, f"{addresses.base}/inbound")
    trial.write(http_queue_delay="1")
    providers = FOLDER / "providers.yml"
    providers.touch(mode=0o600)
    providers.write_text(PROVIDERS.format(number=NUMBER, url=trial.url, password=trial.password), "utf-8")
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
