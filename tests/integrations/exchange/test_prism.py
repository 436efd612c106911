"""The client against a security server that is not ours: prism mocks openapi.yaml, stunnel puts mutual TLS before it.

Prism answers 422 to whatever does not fit the OpenAPI, so a good answer says that our request does.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import (
    AgencyFault,
    CursorExpired,
    ExchangeFault,
    NotFoundOrNotYours,
    ProofRefused,
    RateLimited,
    Unavailable,
)
from integrations.exchange.model import Proof, ProofKind, State, StatusQuery
from integrations.exchange.simulator.certificates import Certificates
from integrations.exchange.transport.http import HttpDoor

from . import openapi
from .making import with_files, xroad_configuration

ROOT = Path(__file__).parents[3]
PRISM = ROOT / ".venv-tools/peers/node_modules/.bin/prism"
STUNNEL = shutil.which("stunnel4") or shutil.which("stunnel")
MISSING = [
    reason
    for present, reason in (
        (PRISM.is_file(), "prism (`make peers`, with npm)"),
        (shutil.which("node"), "node"),
        (STUNNEL, "stunnel (Debian: stunnel4)"),
    )
    if not present
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"an independent mock needs {', '.join(MISSING)}"),
]
SERVICE = "YE/GOV/2001/passports/status"
STUNNEL_SETTINGS = """\
foreground = yes
pid =
[security-server]
accept = 127.0.0.1:{accept}
connect = 127.0.0.1:{connect}
cert = {certificate}
key = {key}
CAfile = {ca}
verifyChain = yes
requireCert = yes
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextlib.contextmanager
def process(command: list[str], port: int, log: Path) -> Iterator[None]:
    """A process while the block runs, from when it listens."""
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as started:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                assert started.poll() is None, log.read_text()
                time.sleep(0.05)
            yield
        finally:
            started.terminate()


@pytest.fixture(scope="module")
def address(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, mock, front = tmp_path_factory.mktemp("prism"), free_port(), free_port()
    described = folder / "openapi.yaml"
    described.write_text(
        openapi.FILE.read_text("utf-8").replace("  /applications/", f"  /r1/{SERVICE}/applications/"), "utf-8"
    )
    certificate, key = certificates.pair("server")
    settings = folder / "stunnel.conf"
    files = {"certificate": certificate, "key": key, "ca": certificates.ca}
    settings.write_text(STUNNEL_SETTINGS.format(accept=front, connect=mock, **files))
    prism = [str(PRISM), "mock", "-h", "127.0.0.1", "-p", str(mock), str(described)]
    with (
        process(prism, mock, folder / "prism.log"),
        process([str(STUNNEL), str(settings)], front, folder / "stunnel.log"),
    ):
        yield f"https://127.0.0.1:{front}"


class Preferring(HttpDoor):
    """Asks prism for a certain answer."""

    prefer = ""

    async def send(self, call):
        return await super().send(type(call)(**{**vars(call), "headers": {**call.headers, "Prefer": self.prefer}}))


@pytest.fixture
async def clients(address: str, certificates: Certificates):
    certificate, key = certificates.pair("client")
    files = {"ca": certificates.ca, "certificate": certificate, "key": key}
    configuration = with_files(xroad_configuration(SERVICE, total_seconds=3.8), url=address, **files)

    return lambda prefer: ExchangeClient(configuration, door=type("Door", (Preferring,), {"prefer": prefer}))


@pytest.fixture
async def ask(clients):
    async def asked(prefer: str, query: StatusQuery):
        async with clients(prefer) as client:
            return await client.status("passports", query)

    return asked


LAST_FOUR = Proof.of(ProofKind.LAST_FOUR, "1104")
GOOD = [
    ("sendback", "PSP-2026-000104", LAST_FOUR, State.SENDBACK),
    ("pending", "PSP-2026-000103", Proof.of(ProofKind.REGISTERED_NUMBER, "+967770000103"), State.PENDING),
    ("ownWord", "PSP-2026-000113", Proof.of(ProofKind.ONE_TIME_CODE, "482913"), State.UNKNOWN),
]


@pytest.mark.parametrize(("example", "reference", "proof", "state"), GOOD)
async def test_prism_takes_our_question_and_we_its_answer(ask, example, reference, proof, state) -> None:
    assert (await ask(f"example={example}", StatusQuery(reference, proof))).state is state


REFUSALS = [
    (400, AgencyFault),
    (401, ProofRefused),
    (404, NotFoundOrNotYours),
    (429, RateLimited),
    (503, Unavailable),
]


@pytest.mark.parametrize(("status", "error"), REFUSALS)
async def test_every_refusal_of_the_openapi(ask, status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        await ask(f"code={status}", StatusQuery("PSP-2026-000104", LAST_FOUR))


async def test_prism_takes_what_following_sends_and_we_its_answers(clients) -> None:
    async with clients("") as client:
        subscription = await client.subscribe("passports", StatusQuery("PSP-2026-000104", LAST_FOUR))
        assert (subscription.id, subscription.cursor) == ("s-7Fq2mZ0x4Kc9", "9f31.20417")
        await client.unsubscribe("passports", [subscription.id])
    async with clients("example=changes") as client:
        page = await client.changes("passports", None)
        assert [change.state for change in page.changes] == [State.PENDING, State.SENDBACK]
        assert (page.unreadable, page.cursor) == ((), "9f31.20419")
    async with clients("code=410") as client:
        with pytest.raises(CursorExpired):
            await client.changes("passports", "9f31.20417", 500)


@pytest.mark.parametrize("name", ["stranger", "expired-client", None])
async def test_stunnel_refuses_other_certificates(address: str, certificates: Certificates, name: str | None) -> None:
    pair = certificates.pair(name) if name else (None, None)
    files = {"ca": certificates.ca, "certificate": pair[0], "key": pair[1]}
    async with ExchangeClient(with_files(xroad_configuration(SERVICE), url=address, **files)) as client:
        # Whether the alert outruns the closing of the connection is up to stunnel.
        with pytest.raises((ExchangeFault, Unavailable), match=r"tls\.|closed the connection"):
            await client.status("passports", StatusQuery("PSP-2026-000104", LAST_FOUR))
