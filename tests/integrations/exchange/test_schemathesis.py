"""Schemathesis against the simulator: whatever openapi.yaml allows, and much that it does not, is answered as it says.

In an environment of its own (`make peers`): it needs Python 3.11, and its requirements do not go with Rasa's.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from integrations.exchange.simulator.server import RunningSimulator

from . import openapi

ROOT = Path(__file__).parents[3]
SCHEMATHESIS = ROOT / ".venv-tools/peers/bin/st"
# A cursor of the right form may still be unknown (410); the other statuses are schemathesis' own.
SETTINGS = """\
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 410, 429, "5xx"]
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SCHEMATHESIS.is_file(), reason="schemathesis is not installed (`make peers`)"),
]


async def test_the_simulator_keeps_to_its_openapi(simulator: RunningSimulator, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    certificate, key = simulator.certificates.pair("client")
    command = [
        *("run", str(openapi.FILE), "--url", f"{simulator.address}/r1/YE-SIM/GOV/passports/applications/status"),
        *("--header", "X-Road-Client: YE-SIM/GOV/dalil/assistant"),
        *("--tls-verify", str(simulator.certificates.ca)),
        *("--request-cert", str(certificate), "--request-cert-key", str(key)),
        *("--max-examples", "100", "--seed", "1", "--generation-database", "none"),
    ]
    process = await asyncio.create_subprocess_exec(
        str(SCHEMATHESIS), *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-6000:]
