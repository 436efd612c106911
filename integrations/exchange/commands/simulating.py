"""The simulator's commands: certificates, simulate."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from integrations.exchange.configuration.expiry import days_left
from integrations.exchange.simulator import read_seed
from integrations.exchange.simulator.certificates import Certificates, make_certificates
from integrations.exchange.simulator.seed import Seed
from integrations.exchange.simulator.server import RunningSimulator, running_simulator
from integrations.exchange.simulator.writing import configuration_text


def certificates(folder: Path) -> int:
    """Make trial certificates."""
    made = make_certificates(folder)
    print(f"{made.ca}: the authority; server, client, expired-server, expired-client and stranger have .pem and .key")
    return 0


async def simulate(options: argparse.Namespace) -> int:
    """Serve until interrupted, after saying how to ask; or only prepare what whoever asks needs to have."""
    seed, certificates = read_seed(options.seed), _current(options.certificates)
    file = options.certificates / "exchange.yml"
    async with running_simulator(seed, certificates, options.port) as simulator:
        file.write_text(configuration_text(simulator.configuration()), "utf-8")
        if options.prepare:
            return 0
        print("\n".join(_introduction(simulator, seed, file)), flush=True)
        await asyncio.Event().wait()
    return 0


def _current(folder: Path) -> Certificates:
    """The folder's certificates; new ones when there are none, or one is over."""
    found = Certificates(folder)
    return found if _usable(found) else make_certificates(folder)


def _usable(found: Certificates) -> bool:
    try:
        return min(days_left(found.ca), *(days_left(found.pair(name)[0]) for name in ("server", "client"))) > 0
    except (OSError, ValueError):
        return False  # there are none, or they cannot be read


def _introduction(simulator: RunningSimulator, seed: Seed, file: Path) -> list[str]:
    rows = [
        f"{one.agency:14} {one.reference:18} {one.state.value:21} "
        f"{one.national_number_last4.get_secret_value()}  {one.registered_number.get_secret_value()}"
        f"{f'  {one.fault.value}' if one.fault else ''}"
        for one in seed.applications[:50]
    ]
    return [
        f"{simulator.address}: X-Road with mutual TLS; every person is invented",
        f"{'AGENCY':14} {'REFERENCE':18} {'STATE':21} LAST4 NUMBER         FAULT",
        *rows,
        f"ask:   python -m integrations.exchange status AGENCY REFERENCE --agencies {file}",
        f"move:  python -m integrations.exchange move REFERENCE STATE --agencies {file}",
        f"fault: curl --cacert {file.parent}/ca.pem --cert {file.parent}/client.pem --key {file.parent}/client.key "
        f"-X PUT -d slow {simulator.address}/simulator/faults/AGENCY",
    ]
