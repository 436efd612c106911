"""The client against the simulator over real mutual TLS on loopback: every state, every fault, every certificate."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from pathlib import Path

import aiohttp
import pytest

from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import (
    AgencyFault,
    BadAnswer,
    ExchangeFault,
    FileInvalid,
    NotFoundOrNotYours,
    RateLimited,
    TooSlow,
    Unavailable,
)
from integrations.exchange.model import Proof, ProofKind, StatusQuery
from integrations.exchange.simulator.faults import Fault
from integrations.exchange.simulator.server import RunningSimulator, server_tls

from .making import QUERY, query_of, with_files, with_limits


@pytest.fixture
async def client(simulator: RunningSimulator):
    async with ExchangeClient(with_limits(simulator.configuration(), failures=100)) as made:
        yield made


async def test_every_application_of_the_sample(simulator: RunningSimulator, client: ExchangeClient) -> None:
    states = set()
    for application in simulator.agencies.seed.applications:
        if application.fault is None:
            status = await client.status(application.agency, query_of(application))
            assert (status.state, status.ended) == (application.state, application.ended)
            assert [step.state for step in status.history] == [stage.state for stage in application.history]
            assert status.evidence.exchange_id and status.evidence.request_hash
            assert application.full_name.get_secret_value() not in repr(vars(status))
            states.add(status.state.value)
    assert len(states) == 12


@pytest.mark.parametrize(
    ("agency", "reference", "kind", "proof", "found"),
    [
        ("passports", "PSP-2026-000104", ProofKind.LAST_FOUR, "1104", True),
        ("passports", "PSP-2026-000104", ProofKind.REGISTERED_NUMBER, "+967770000104", True),
        ("passports", "PSP-2026-000104", ProofKind.ONE_TIME_CODE, "482913", True),
        ("passports", "PSP-2026-000104", ProofKind.LAST_FOUR, "1105", False),
        ("passports", "PSP-2026-000104", ProofKind.REGISTERED_NUMBER, "+967770000105", False),
        ("passports", "PSP-2026-000105", ProofKind.ONE_TIME_CODE, "482913", False),
        ("passports", "PSP-2026-000105", ProofKind.LAST_FOUR, "0000", False),
        ("passports", "PSP-2026-777777", ProofKind.LAST_FOUR, "1104", False),
        ("civil-status", "PSP-2026-000104", ProofKind.LAST_FOUR, "1104", False),
    ],
)
async def test_only_with_its_own_proof(client: ExchangeClient, agency, reference, kind, proof, found) -> None:
    query = StatusQuery(reference, Proof.of(kind, proof))
    if found:
        assert (await client.status(agency, query)).reference == reference
    else:
        with pytest.raises(NotFoundOrNotYours):
            await client.status(agency, query)


FAULTS = [
    (Fault.SLOW, TooSlow, None),
    (Fault.DRIP, TooSlow, None),
    (Fault.RESET, Unavailable, "closed the connection without an answer"),
    (Fault.HUGE, BadAnswer, "is larger than 65536 bytes"),
    (Fault.CUT, BadAnswer, "is cut short"),
    (Fault.WRONG_TYPE, BadAnswer, "is not application/json"),
    (Fault.BROKEN_JSON, BadAnswer, "is not JSON"),
    (Fault.OTHER_APPLICATION, BadAnswer, "speaks of another application"),
    (Fault.REDIRECT, BadAnswer, "leads to another address"),
    (Fault.NO_SUCH_ADDRESS, BadAnswer, "has no such address"),
    (Fault.MAINTENANCE, Unavailable, "in maintenance"),
    (Fault.AGENCY_DOWN, Unavailable, "status 503"),
    (Fault.AGENCY_ERROR, AgencyFault, "status 500"),
    (Fault.RATE_LIMITED, RateLimited, "again in 60 s"),
    (Fault.OLD_NETWORK_ERROR, ExchangeFault, "server.clientproxy.network_error"),
    (Fault.NEW_NETWORK_ERROR, ExchangeFault, "server.clientproxy.network_error"),
    (Fault.OLD_SERVICE_FAILED, ExchangeFault, "server.serverproxy.service_failed"),
    (Fault.NEW_SERVICE_FAILED, ExchangeFault, "server.serverproxy.service_failed"),
    (Fault.OLD_ACCESS_DENIED, ExchangeFault, "server.serverproxy.access_denied"),
    (Fault.NEW_ACCESS_DENIED, ExchangeFault, "server.serverproxy.access_denied"),
    (Fault.OLD_UNKNOWN_MEMBER, ExchangeFault, "server.clientproxy.unknown_member"),
    (Fault.NEW_BAD_REQUEST, ExchangeFault, "client.bad_request"),
]


@pytest.mark.parametrize(("fault", "error", "message"), FAULTS)
async def test_every_fault_on_demand(simulator: RunningSimulator, fault, error, message) -> None:
    simulator.agencies.faults["passports"] = fault
    limits = {"total_seconds": 0.5} if error is TooSlow else {}
    async with ExchangeClient(with_limits(simulator.configuration(), **limits)) as client:
        begun = time.monotonic()
        with pytest.raises(error, match=message):
            await client.status("passports", QUERY)
        assert time.monotonic() - begun < 3.8
    simulator.agencies.faults.clear()
    async with ExchangeClient(simulator.configuration()) as client:
        assert (await client.status("passports", QUERY)).agency == "passports"


def test_every_fault_is_in_the_table() -> None:
    assert {fault for fault, _error, _message in FAULTS} == set(Fault) - {Fault.EXPIRED_CERTIFICATE}


async def test_an_agency_that_hangs_does_not_hold_the_others(simulator: RunningSimulator) -> None:
    simulator.agencies.faults["passports"] = Fault.SLOW
    async with ExchangeClient(with_limits(simulator.configuration(), parallel=2)) as client:
        hanging = [asyncio.create_task(client.status("passports", QUERY)) for _ in range(10)]
        other = StatusQuery("EQ-50001", Proof.of(ProofKind.LAST_FOUR, "1501"))
        for _ in range(20):
            await client.status("education", other)
        assert not any(task.done() for task in hanging[:2])
        for task in hanging:
            task.cancel()
        await asyncio.wait(hanging)


@pytest.mark.parametrize("name", ["expired-client", "stranger", None])
async def test_a_certificate_that_the_security_server_refuses(simulator: RunningSimulator, name: str | None) -> None:
    """Python's asyncio closes a refused connection without TLS's alert; see below for servers that send it."""
    pair = simulator.certificates.pair(name) if name else (None, None)
    configuration = with_files(simulator.configuration(), certificate=pair[0], key=pair[1])
    async with ExchangeClient(configuration) as client:
        with pytest.raises(Unavailable, match="closed the connection without an answer"):
            await client.status("passports", QUERY)
        assert not (await client.readiness("passports")).ready


ALERTS = [
    ("expired-client", "tls.sslv3_alert_certificate_expired"),
    ("stranger", "tls.tlsv1_alert_unknown_ca"),
    (None, "tls.tlsv13_alert_certificate_required"),
]


@pytest.mark.parametrize(("name", "code"), ALERTS)
async def test_an_alert_about_our_certificate(simulator: RunningSimulator, name: str | None, code: str) -> None:
    tls = server_tls(simulator.certificates)
    pair = simulator.certificates.pair(name) if name else (None, None)

    def refuse(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        # Kept open until the client leaves: closing with its request unread would reset away the alert.
        with connection.dup() as kept:
            with contextlib.suppress(ssl.SSLError), tls.wrap_socket(connection, server_side=True):
                pass
            kept.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while kept.recv(65_536):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        refusing = asyncio.create_task(asyncio.to_thread(refuse, listening))
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        configuration = with_files(simulator.configuration(), certificate=pair[0], key=pair[1], url=url)
        async with ExchangeClient(configuration) as client:
            with pytest.raises(ExchangeFault) as refused:
                await client.status("passports", QUERY)
        await refusing
    assert (refused.value.code, refused.value.alarm, refused.value.again) == (code, True, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"server_name": "another.example.org"},
        {"ca": None},
    ],
)
async def test_a_security_server_that_we_do_not_trust(simulator: RunningSimulator, changes) -> None:
    async with ExchangeClient(with_files(simulator.configuration(), **changes)) as client:
        with pytest.raises(ExchangeFault, match=r"tls\.certificate_verify_failed"):
            await client.status("passports", QUERY)


async def test_an_expired_certificate_while_it_runs(simulator: RunningSimulator) -> None:
    certificate, key = simulator.certificates.pair("client")
    tls = ssl.create_default_context(cafile=simulator.certificates.ca)
    tls.load_cert_chain(certificate, key)
    faults = f"{simulator.address}/simulator/faults"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as admin:
        assert (await admin.put(f"{faults}/passports", data="nonsense")).status == 404
        assert (await admin.put(f"{faults}/nobody", data="slow")).status == 404
        assert (await admin.put(f"{faults}/passports", data="expired-certificate")).status == 204
        async with ExchangeClient(simulator.configuration()) as client:
            with pytest.raises(ExchangeFault, match=r"tls\.certificate_verify_failed"):
                await client.status("passports", QUERY)
        assert (await admin.delete(f"{faults}/passports")).status == 204
        async with ExchangeClient(simulator.configuration()) as client:
            assert (await client.readiness("passports")).ready


async def test_nobody_listens(simulator: RunningSimulator, unused_tcp_port: int) -> None:
    configuration = with_files(simulator.configuration(), url=f"https://127.0.0.1:{unused_tcp_port}")
    async with ExchangeClient(configuration) as client:
        with pytest.raises(Unavailable, match="cannot connect"):
            await client.status("passports", QUERY)


async def test_a_server_that_takes_the_connection_and_says_nothing(simulator: RunningSimulator) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        configuration = with_files(simulator.configuration(), url=f"https://127.0.0.1:{port}")
        async with ExchangeClient(with_limits(configuration, connect_seconds=0.1)) as client:
            with pytest.raises(Unavailable, match=r"cannot connect within 0\.1 s"):
                await client.status("passports", QUERY)


async def test_a_server_that_speaks_no_tls(simulator: RunningSimulator) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with ExchangeClient(with_files(simulator.configuration(), url=f"https://127.0.0.1:{port}")) as client:
            with pytest.raises(ExchangeFault, match=r"tls\."):
                await client.status("passports", QUERY)


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n"])
def test_a_file_that_is_no_certificate(simulator: RunningSimulator, tmp_path: Path, text: str) -> None:
    file = tmp_path / "certificate.pem"
    file.write_text(text)
    with pytest.raises(FileInvalid, match="transport simulator: its certificates or key cannot be used"):
        ExchangeClient(with_files(simulator.configuration(), certificate=file))
