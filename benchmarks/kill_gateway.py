"""The gateway as `python -m channels` runs it, but for its SMS operator: kill.py is that, and outlives the gateway.

In `python -m channels` the simulated operator lives in the gateway's own process and would forget, at a SIGKILL, what
it was told to send. Everything else is the same code, started by the same main().

Settings beside Dalil's own: KILL_OPERATOR, the address of the operator; KILL_IDEMPOTENT, "no" for a provider that
sends a message again when it is submitted again; KILL_TIMEOUT, seconds that it has to answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial

from channels import __main__ as process
from channels.app import create_app
from channels.gateway import GatewayCore
from channels.sms.channel import SmsChannel
from channels.sms.providers.simulator import SimulatorProvider, SimulatorSettings
from channels.sms.routing.route import Route
from channels.web.channel import WebChannel
from channels.wiring import Part
from settings import Settings
from storage import Transactions


def wire(settings: Settings, core: GatewayCore, database: Transactions) -> Sequence[Part]:
    """Web chat, and SMS through the operator of the benchmark."""
    provider = SimulatorSettings(
        name="simulator",
        sender="8000",
        parts_per_second=1000,
        gateway_url=settings.public_url,
        url=os.environ["KILL_OPERATOR"],
        secret=settings.sms_secret,
        timeout_seconds=float(os.environ["KILL_TIMEOUT"]),
        idempotent=os.environ["KILL_IDEMPOTENT"] != "no",
    )
    core.add(WebChannel(settings, core, database, core.signals, core.board))
    core.add(SmsChannel(settings, core, database, [Route(provider, SimulatorProvider(provider))]))
    return []


if __name__ == "__main__":
    process.create_app = partial(create_app, wiring=wire)  # type: ignore[attr-defined]
    sys.exit(process.main())
