"""X-Road: how an agency is addressed, and the faults of old and new security servers."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import AgencyFault, BadAnswer, ExchangeFault, NotFoundOrNotYours, Unavailable
from integrations.exchange.transport.xroad_faults import fault_of, normalised
from integrations.exchange.wire import NOT_FOUND

from .making import QUERY, Scripted, answer, scripted, xroad_configuration

NOT_YOURS = answer(404, "application/problem+json", json.dumps({"type": NOT_FOUND}).encode())


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("YE/GOV/2001/passports/status", "/r1/YE/GOV/2001/passports/status/"),
        ("YE/GOV/2001/status", "/r1/YE/GOV/2001/status/"),
        ("YE/GOV/2001/passports/BAR%2FSERVICE", "/r1/YE/GOV/2001/passports/BAR%2FSERVICE/"),
        ("YE/جهة/2001/جوازات/س", "/r1/YE/%D8%AC%D9%87%D8%A9/2001/%D8%AC%D9%88%D8%A7%D8%B2%D8%A7%D8%AA/%D8%B3/"),
        ("YE/GOV/2001/a+b,c='(d)/s?x", "/r1/YE/GOV/2001/a%2Bb%2Cc%3D%27%28d%29/s%3Fx/"),
    ],
)
async def test_each_part_is_encoded_by_itself(service: str, path: str) -> None:
    door = Scripted(NOT_YOURS)
    client = ExchangeClient(xroad_configuration(service), door=door)
    with pytest.raises(NotFoundOrNotYours):
        await client.status("passports", QUERY)
    (call,) = door.calls
    assert (call.method, str(call.url)) == ("POST", f"https://ss.invalid{path}applications/status:query")
    assert call.headers["X-Road-Client"] == "YE/GOV/1000/dalil"
    assert call.headers["Accept"] == "application/json, application/problem+json"
    assert UUID(call.headers["X-Road-Id"]).version == 4
    assert QUERY.reference not in repr(call) and b"1104" in call.body
    assert not {"X-Road-UserId", "X-Road-Request-Hash"} & set(call.headers)


async def test_each_call_has_an_id_of_its_own() -> None:
    client, door = scripted(NOT_YOURS)
    ids = []
    for _ in range(3):
        with pytest.raises(NotFoundOrNotYours) as refused:
            await client.status("passports", QUERY)
        ids.append(refused.value.request_id)
    assert ids == [call.headers["X-Road-Id"] for call in door.calls] and len(set(ids)) == 3


# The old form (common-core/ErrorCodes.java up to 7.7) and the new (7.8); whether the operator must act; second try.
CODES = [
    ("Server.ClientProxy.NetworkError", "server.clientproxy.network_error", False, True),
    ("Server.ServerProxy.NetworkError", "server.serverproxy.network_error", False, True),
    ("Server.ServerProxy.ServiceFailed", "server.serverproxy.service_failed", False, False),
    ("Server.ServerProxy.ServiceFailed.HttpError", "server.serverproxy.service_failed.http_error", False, False),
    ("Server.ClientProxy.IOError", "server.clientproxy.io_error", False, False),
    ("Server.ServerProxy.DatabaseError", "server.serverproxy.database_error", False, False),
    ("Server.ServerProxy.InternalError", "server.serverproxy.internal_error", False, False),
    ("Server.ServerProxy.AccessDenied", "server.serverproxy.access_denied", True, False),
    ("Server.ServerProxy.UnknownService", "server.serverproxy.unknown_service", True, False),
    ("Server.ClientProxy.UnknownMember", "server.clientproxy.unknown_member", True, False),
    ("Server.ClientProxy.OutdatedGlobalConf", "server.clientproxy.outdated_global_conf", True, False),
    ("Server.ClientProxy.SslAuthenticationFailed", "server.clientproxy.ssl_authentication_failed", True, False),
    ("Client.BadRequest", "client.bad_request", True, False),
    ("Client.InvalidClientIdentifier", "client.invalid_client_identifier", True, False),
    ("Server.ServerProxy.HSMNonOperational", "server.serverproxy.hsm_non_operational", True, False),
    ("Signer.TokenNotActive", "signer.token_not_active", True, False),
    ("Something.New", "something.new", True, False),
]


@pytest.mark.parametrize(("old", "new", "alarm", "again"), CODES)
def test_a_fault_is_the_same_in_both_forms(old: str, new: str, alarm: bool, again: bool) -> None:
    for code in (old, new):
        body = json.dumps({"type": code, "message": "PSP-2026-000104", "detail": "5ea48ae9-15c1"}).encode()
        fault = fault_of(answer(500, body=body, x_road_error=code))
        assert isinstance(fault, ExchangeFault)
        assert (fault.code, fault.alarm, fault.again, fault.detail) == (new, alarm, again, "5ea48ae9-15c1")
        assert "PSP" not in str(fault) and "PSP" not in repr(vars(fault))


@pytest.mark.parametrize("code", ["Server.ServerProxy.MaintenanceMode", "server.clientproxy.maintenance_mode"])
def test_maintenance_is_no_fault(code: str) -> None:
    fault = fault_of(answer(500, x_road_error=code))
    assert isinstance(fault, Unavailable) and "in maintenance" in str(fault)


@pytest.mark.parametrize(
    ("header", "content_type", "body", "code"),
    [
        ("Server.ClientProxy.NetworkError", "text/xml", b"<error/>", "server.clientproxy.network_error"),
        ("server.clientproxy", "application/json", b"", "server.clientproxy"),
        ("Client.BadRequest", "application/json", b'{"type": "client.bad_request"}', "client.bad_request"),
        ("Client.BadRequest", "application/json", b'{"type": ["x"], "detail": 7}', "client.bad_request"),
        ("<script>", "text/html", b"[1]", "unknown"),
        ("", "text/html", b"", "unknown"),
        ("A" * 5000, "application/json", b"null", "unknown"),
    ],
)
def test_whatever_body_comes_with_it(header: str, content_type: str, body: bytes, code: str) -> None:
    fault = fault_of(answer(500, content_type, body, x_road_error=header))
    assert isinstance(fault, ExchangeFault) and fault.code == code


def test_codes_of_our_own_table_survive_themselves() -> None:
    assert all(normalised(new) == new and normalised(old) == new for old, new, _alarm, _again in CODES)


@pytest.mark.parametrize("status", [200, 400, 404, 500, 503])
async def test_the_header_alone_makes_it_the_exchanges(status: int) -> None:
    body = json.dumps({"type": NOT_FOUND}).encode()
    client, _ = scripted(answer(status, "application/problem+json", body, x_road_error="Server.ServerProxy.X"))
    with pytest.raises(ExchangeFault):
        await client.status("passports", QUERY)
    client, _ = scripted(answer(status, "application/problem+json", body))
    with pytest.raises((NotFoundOrNotYours, AgencyFault, BadAnswer, Unavailable)):
        await client.status("passports", QUERY)


async def test_an_answer_to_another_request_is_not_taken() -> None:
    client, _ = scripted(answer(404, x_road_id="somebody-elses"))
    with pytest.raises(BadAnswer, match="answers another request"):
        await client.status("passports", QUERY)


def listed(**changes: object) -> bytes:
    service = {"service_code": "status", "endpoint_list": [{"method": "POST", "path": "/applications/status:query"}]}
    return json.dumps({"service": [{"service_code": "getRandom"}, {**service, **changes}]}).encode()


ALLOWED = [
    (listed(), True),
    (listed(endpoint_list=None), True),
    (listed(endpoint_list=[{"method": "*", "path": "**"}]), True),
    (listed(endpoint_list=[{"method": "POST", "path": "/applications/*"}]), True),
    (listed(endpoint_list=[{"method": "POST", "path": "/*"}]), False),
    (listed(endpoint_list=[{"method": "GET", "path": "/applications/status:query"}]), False),
    (listed(endpoint_list=[]), False),
    (listed(endpoint_list=[7]), False),
    (listed(service_code="other"), False),
    (b"{}", False),
    (b"[]", False),
]


@pytest.mark.parametrize(("body", "ready"), ALLOWED)
async def test_readiness_is_what_allowed_methods_say(body: bytes, ready: bool) -> None:
    client, door = scripted(answer(body=body), follow=False)
    readiness = await client.readiness("passports")
    assert readiness.ready == ready
    assert readiness.reason == (None if ready else "exchange-fault not_among_allowed_methods")
    assert (door.calls[0].method, door.calls[0].url.path) == ("GET", "/r1/YE/GOV/2001/passports/allowedMethods")


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (
            answer(500, x_road_error="Server.ClientProxy.UnknownMember"),
            "exchange-fault server.clientproxy.unknown_member",
        ),
        (answer(404, "text/html"), "bad-answer"),
        (answer(body=b"<"), "bad-answer"),
        (Unavailable("cannot connect"), "unavailable"),
    ],
)
async def test_why_it_is_not_ready(step, reason: str) -> None:
    client, _ = scripted(step)
    readiness = await client.readiness("passports")
    assert (readiness.ready, readiness.reason, readiness.open) == (False, reason, False)
    assert readiness.detail.startswith("passports: ")
