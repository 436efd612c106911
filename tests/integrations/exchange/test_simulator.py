"""The simulator keeps to the OpenAPI and tells nothing that it should not; its seed file says what is wrong with it."""

from __future__ import annotations

import json

import pytest

from integrations.exchange.errors import FileInvalid, StatusError
from integrations.exchange.model import State
from integrations.exchange.simulator import Fault, read_seed, simulated_exchange
from integrations.exchange.simulator.agency import WRONG_PROOFS, SimulatedAgencies
from integrations.exchange.simulator.inside import OPENAPI
from integrations.exchange.simulator.security_server import Arrived, SecurityServer
from integrations.exchange.simulator.seed import SAMPLE, Seed
from integrations.exchange.transport import Answer

from . import openapi
from .making import QUERY, query_of

PATH = "/r1/YE-SIM/GOV/passports/applications/status/applications/status:query"
CLIENT = "YE-SIM/GOV/dalil/assistant"


class Asked:
    """The simulator's two sides, asked as a server would."""

    def __init__(self, seed: Seed) -> None:
        self.agencies = SimulatedAgencies(seed)
        self.server = SecurityServer(self.agencies, OPENAPI.read_bytes())

    def raw(self, method: str = "POST", path: str = PATH, body: bytes = b"", **headers: str) -> Answer:
        given = {"x-road-client": CLIENT, "content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        query = {"serviceCode": path.partition("=")[2]} if "?" in path else {}
        return self.server.answer(Arrived(method, path.partition("?")[0], query, given, body))[0]

    def query(self, reference: str, value: str, kind: str = "national-number-last4", path: str = PATH) -> Answer:
        body = json.dumps({"reference": reference, "proof": {"kind": kind, "value": value}}).encode()
        return self.raw(body=body, path=path)


@pytest.fixture
def asked(seed: Seed) -> Asked:
    return Asked(seed)


def test_its_answers_are_those_of_the_openapi(asked: Asked) -> None:
    for application in asked.agencies.seed.applications:
        path = PATH.replace("passports", application.agency)
        given = asked.query(application.reference, application.national_number_last4.get_secret_value(), path=path)
        if "x-road-error" in given.headers or application.fault in (Fault.WRONG_TYPE,):
            continue
        schema = openapi.answer_schema(given.status)
        assert [error.message for error in openapi.validator(schema).iter_errors(json.loads(given.body))] == []


def test_nothing_that_only_the_agency_knows_is_told(asked: Asked) -> None:
    for application in asked.agencies.seed.applications:
        path = PATH.replace("passports", application.agency)
        for kind, value in application.proofs().items():
            text = asked.query(application.reference, value, kind.value, path).body.decode()
            for secret in (application.full_name.get_secret_value(), *application.proofs().values()):
                assert secret not in text.replace(application.reference, "")


def test_absent_and_not_yours_are_byte_for_byte_the_same(asked: Asked) -> None:
    absent, wrong = asked.query("PSP-2026-777777", "1104"), asked.query("PSP-2026-000104", "1105")
    assert (absent.status, absent.content_type, absent.body) == (wrong.status, wrong.content_type, wrong.body)
    assert absent.headers.keys() == wrong.headers.keys() and absent.status == 404


@pytest.mark.parametrize("reference", ["PSP-2026-000104", "PSP-2026-777777"])
def test_guessing_is_stopped_whether_it_exists_or_not(asked: Asked, reference: str) -> None:
    statuses = [asked.query(reference, f"{guess:04}").status for guess in range(WRONG_PROOFS + 2)]
    assert statuses == [404] * WRONG_PROOFS + [429] * 2
    assert asked.query(reference, "1104").status == 429
    assert asked.query("PSP-2026-000105", "1105").status == 200


GOOD = {"reference": "PSP-2026-000104", "proof": {"kind": "national-number-last4", "value": "1104"}}
BAD_BODIES = [
    b"",
    b"{",
    b"\xff",
    b"[" * 50_000,
    b"null",
    json.dumps({**GOOD, "name": "x"}).encode(),
    json.dumps({**GOOD, "reference": 7}).encode(),
    json.dumps({**GOOD, "reference": "x" * 65}).encode(),
    json.dumps({**GOOD, "reference": "a b"}).encode(),
    json.dumps({**GOOD, "proof": {"kind": "shoe-size", "value": "1"}}).encode(),
    json.dumps({**GOOD, "proof": {"kind": "national-number-last4", "value": "11045"}}).encode(),
    json.dumps({**GOOD, "proof": {"kind": "national-number-last4", "value": 1104}}).encode(),
]


@pytest.mark.parametrize("body", BAD_BODIES)
def test_a_request_that_is_not_as_described(asked: Asked, body: bytes) -> None:
    given = asked.raw(body=body)
    assert given.status == 400 and "x-road-error" not in given.headers


def test_the_kind_of_proof_is_judged_first(asked: Asked) -> None:
    path = PATH.replace("passports", "economy")
    for reference in ("CR2026-40001", "CR2026-99999"):
        assert asked.query(reference, "+967770000401", "registered-number", path).status == 401


XROAD = [
    ("POST", "/r2/YE-SIM/GOV/passports/applications/status/x", CLIENT, "client.bad_request"),
    ("POST", PATH, "", "client.bad_request"),
    ("POST", PATH, "YE-SIM/GOV", "client.bad_request"),
    ("POST", PATH, "a//b", "client.bad_request"),
    ("POST", "/r1/%ff", CLIENT, "client.bad_request"),
    ("POST", PATH.replace("passports", "nobody"), CLIENT, "server.clientproxy.unknown_member"),
    ("POST", PATH.replace("/status/", "/other/"), CLIENT, "server.clientproxy.unknown_service"),
    ("GET", "/r1/YE-SIM/GOV/nobody/applications/listMethods", CLIENT, "server.clientproxy.unknown_member"),
    ("GET", "/r1/YE-SIM/GOV/passports/applications/getOpenAPI?serviceCode=x", CLIENT, "server.serverproxy.unknown_s"),
    ("POST", "/r1/YE-SIM/GOV/passports/applications/listMethods", CLIENT, "client.bad_request"),
]


@pytest.mark.parametrize(("method", "path", "client", "code"), XROAD)
def test_what_the_security_server_refuses(asked: Asked, method: str, path: str, client: str, code: str) -> None:
    given = asked.raw(method, path, x_road_client=client)
    assert given.headers["x-road-error"].startswith(code)
    assert given.status == (500 if code.startswith("server.") else 400)


def test_metaservices(asked: Asked) -> None:
    root = "/r1/YE-SIM/GOV/passports/applications"
    listed = json.loads(asked.raw("GET", f"{root}/allowedMethods").body)["service"]
    assert [(one["service_code"], one["endpoint_list"]) for one in listed] == [
        ("status", [{"method": "POST", "path": path} for path in openapi.DOCUMENT["paths"]])
    ]
    assert asked.raw("GET", f"{root}/getOpenAPI?serviceCode=status").body == openapi.FILE.read_bytes()
    assert asked.raw("GET", PATH).status == 405


async def test_inside_our_own_process_it_does_what_it_does_outside() -> None:
    exchange = simulated_exchange()
    async with exchange.client as client:
        assert (await client.status("passports", QUERY)).state is State.SENDBACK
        assert (await client.readiness("passports")).ready
        for application in exchange.agencies.seed.applications:
            if application.fault in (Fault.RESET, Fault.HUGE, Fault.MAINTENANCE):
                with pytest.raises(StatusError):
                    await client.status(application.agency, query_of(application))


SMALL = """\
applications:
  - reference: A-1
    agency: water
    service: water-connection
    state: PENDING
    registered_number: "+967770000001"
    national_number_last4: "4321"
    full_name: hunter2
    history: [{state: SUBMITTED, at: "2026-11-01T09:00:00"}]
"""


async def test_a_seed_needs_no_agencies(written) -> None:
    exchange = simulated_exchange(written(SMALL))
    (application,) = exchange.agencies.seed.applications
    status = await exchange.client.status("water", query_of(application))
    assert status.history[0].at.isoformat() == "2026-11-01T09:00:00+03:00"
    assert [agency.id for agency in exchange.client.configuration.candidates("A-1")] == ["water"]
    assert "hunter2" not in repr(exchange) and "4321" not in repr(exchange.agencies.seed)


SEEDS = {
    "empty": ("", "", "must be a mapping of keys"),
    "no applications": ("applications: []\n", "applications", "applications: "),
    "number": (SMALL.replace('"+967770000001"', '"0770000001"'), "0770000001", "registered_number: has not the form"),
    "last four": (SMALL.replace('"4321"', '"43217"'), "43217", "national_number_last4: has not the form"),
    "no name": (SMALL.replace("    full_name: hunter2\n", ""), "- reference", "full_name: is missing"),
    "state": (SMALL.replace("PENDING", "WAITING"), "WAITING", "state: "),
    "twice": (SMALL + SMALL.partition("\n")[2], "- reference: A-1", "reference: an earlier application"),
    "fault": (SMALL + "    fault: broken\n", "broken", "fault: "),
    "order": (
        SMALL.replace("09:00:00", '09:00:00"}, {state: PENDING, at: "2025-01-01T00:00:00'),
        "history",
        "history: must be in order",
    ),
    "format": (
        'agencies:\n  - {id: water, name: مياه, reference: {pattern: "B-.", example: B-1}}\n' + SMALL,
        "- reference: A-1",
        "reference: has not the format",
    ),
}


@pytest.mark.parametrize("case", SEEDS)
def test_what_is_wrong_with_a_seed(written, case: str) -> None:
    text, place, message = SEEDS[case]
    file = written(text)
    with pytest.raises(FileInvalid) as invalid:
        read_seed(file)
    line = text.count("\n", 0, text.rindex(place)) + 1
    assert [fault for fault in invalid.value.faults if fault.startswith(f"{file}:{line}: {message}")], invalid.value
    assert "hunter2" not in str(invalid.value) and "0770000001" not in str(invalid.value)


def test_the_sample_has_every_state_for_several_agencies(seed: Seed) -> None:
    assert SAMPLE.is_file()
    assert {one.state for one in seed.applications} == set(State)
    assert len({one.agency for one in seed.applications}) == 5
