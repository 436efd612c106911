"""The other transport: tokens are kept, shared and renewed once; the resource is the same."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from urllib.parse import parse_qs

import pytest

from integrations.exchange.client import ExchangeClient
from integrations.exchange.configuration import ExchangeConfiguration, OAuth2
from integrations.exchange.errors import (
    BadAnswer,
    ExchangeFault,
    NotFoundOrNotYours,
    ProofRefused,
    StatusError,
    Unavailable,
)
from integrations.exchange.simulator.portal import CLIENT_ID, ROOT, TOKEN_PATH
from integrations.exchange.simulator.server import RunningSimulator
from integrations.exchange.wire import NOT_FOUND, PROOF_REFUSED

from .making import QUERY, Scripted, answer

PROBLEM = "application/problem+json"
NOT_YOURS = answer(404, PROBLEM, json.dumps({"type": NOT_FOUND}).encode())
EXPIRED = answer(401, "text/plain", b"", www_authenticate='Bearer error="invalid_token"')


def token(value: str = "t-1", **changes: object):
    given = {"access_token": value, "token_type": "Bearer", "expires_in": 300} | changes
    return answer(body=json.dumps(given).encode())


def configuration(
    address: str, secret: str, monkeypatch: pytest.MonkeyPatch, **changes: object
) -> ExchangeConfiguration:
    monkeypatch.setenv("PORTAL_SECRET", secret)
    transport = OAuth2(
        kind="oauth2",
        name="portal",
        url=f"{address}{ROOT}",
        token_url=f"{address}{TOKEN_PATH}",
        client_id=CLIENT_ID,
        client_secret="env:PORTAL_SECRET",
        **changes,
    )
    agency = {"id": "passports", "name": "جوازات", "transport": "portal", "service": "passports"}
    return ExchangeConfiguration(transports=(transport,), agencies=(agency,))


def scripted(monkeypatch: pytest.MonkeyPatch, *script, **changes: object) -> tuple[ExchangeClient, Scripted]:
    door = Scripted(*script)
    made = configuration("https://portal.invalid", "not-for-print", monkeypatch, **changes)
    return ExchangeClient(made, door=door), door


async def ask(client: ExchangeClient, error: type[Exception] = NotFoundOrNotYours) -> StatusError:
    with pytest.raises(error) as raised:
        await client.status("passports", QUERY)
    return raised.value


async def test_against_the_simulator(simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = simulator.certificates.pair("client")
    files = {"ca": simulator.certificates.ca, "certificate": certificate, "key": key}
    good = configuration(simulator.address, simulator.portal.secret, monkeypatch, **files)
    async with ExchangeClient(good) as client:
        for _ in range(3):
            assert (await client.status("passports", QUERY)).reference == QUERY.reference
        assert len(simulator.portal.tokens) == 1
        simulator.portal.tokens.clear()
        assert (await client.status("passports", QUERY)).reference == QUERY.reference
        assert len(simulator.portal.tokens) == 1
        assert (await client.readiness("passports")).ready
    async with ExchangeClient(configuration(simulator.address, "wrong", monkeypatch, **files)) as client:
        assert (await ask(client, ExchangeFault)).code == "oauth2.invalid_client"
        assert (await client.readiness("passports")).reason == "exchange-fault oauth2.invalid_client"


async def test_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    client, door = scripted(monkeypatch, token(), NOT_YOURS, scope="status.read other")
    await ask(client)
    asked, question = door.calls
    assert str(asked.url) == "https://portal.invalid/oauth2/token"
    assert parse_qs(asked.body.decode()) == {"grant_type": ["client_credentials"], "scope": ["status.read other"]}
    assert b64decode(asked.headers["Authorization"].removeprefix("Basic ")) == b"dalil:not-for-print"
    assert str(question.url) == "https://portal.invalid/portal/passports/applications/status:query"
    assert question.headers["Authorization"] == "Bearer t-1" and len(question.headers["X-Request-Id"]) == 36
    assert "t-1" not in repr(question) and "not-for-print" not in repr(asked)


async def test_one_token_for_all_until_most_of_its_life_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    client, door = scripted(monkeypatch, token(), NOT_YOURS)
    await asyncio.gather(*[ask(client) for _ in range(5)])
    assert [call.url.path for call in door.calls].count("/oauth2/token") == 1
    transport = client._transports["portal"]
    left = transport._renew_at - transport._clock()
    assert 230 < left <= 240
    transport._renew_at = 0.0
    door.script = [token("t-2"), NOT_YOURS]
    await ask(client)
    assert door.calls[-1].headers["Authorization"] == "Bearer t-2"


async def test_a_refused_token_is_renewed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    client, door = scripted(monkeypatch, token("t-1"), EXPIRED, token("t-2"), NOT_YOURS)
    await ask(client)
    assert [call.headers["Authorization"][:10] for call in door.calls[1::2]] == ["Bearer t-1", "Bearer t-2"]
    client, door = scripted(monkeypatch, token("t-1"), EXPIRED, token("t-2"), EXPIRED)
    assert (await ask(client, ExchangeFault)).code == "oauth2.invalid_token"
    assert len(door.calls) == 4


async def test_a_refused_proof_is_no_refused_token(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = answer(401, PROBLEM, json.dumps({"type": PROOF_REFUSED}).encode())
    client, door = scripted(monkeypatch, token(), refused)
    await ask(client, ProofRefused)
    assert len(door.calls) == 2


TOKENS = [
    (answer(401, body=b'{"error": "invalid_client"}'), ExchangeFault, "oauth2.invalid_client"),
    (answer(400, body=b'{"error": "invalid_scope"}'), ExchangeFault, "oauth2.invalid_scope"),
    (answer(400, body=b'{"error": "<b>"}'), ExchangeFault, "oauth2.unknown"),
    (answer(400, body=b"[]"), ExchangeFault, "oauth2.unknown"),
    (answer(502, "text/html"), Unavailable, "token: status 502"),
    (answer(200, "text/html"), BadAnswer, "token: is not JSON"),
    (answer(200, body=b"<"), BadAnswer, "is not JSON in UTF-8"),
    (token(token_type="mac"), BadAnswer, "token: is not as RFC 6749 says"),
    (token(access_token="x" * 9000), BadAnswer, "token: is not as"),
    (token(access_token="a\r\nX-Injected: 1"), BadAnswer, "token: is not as"),
    (token(expires_in=-1), BadAnswer, "token: is not as"),
]


@pytest.mark.parametrize(("given", "error", "message"), TOKENS)
async def test_tokens_that_are_none(monkeypatch: pytest.MonkeyPatch, given, error, message: str) -> None:
    client, _ = scripted(monkeypatch, given)
    assert message in str(await ask(client, error))
