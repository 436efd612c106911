"""Providers that are down, broken, hostile or changed: nobody gets in, and everybody is told what to do."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, make_mocked_request
from joserfc.jwk import KeySet, RSAKey

from console.single_sign_on import asking
from console.single_sign_on.errors import NotProven, ProviderAway
from console.single_sign_on.flow import SECONDS, Flow, Flows, Purpose
from console.single_sign_on.provider import Provider
from settings import Settings, SettingsError, load_settings

from ..conftest import SAME, running
from .test_tokens import CLIENT, claims, signed

Answer = Callable[[web.Request], Any]
FLOW = Flow(Purpose.ENTER)


class Fake:
    """A provider whose every answer a test decides."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.issuer = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.path.strip("/").replace(".well-known/openid-configuration", "description")
        self.asked.append(name)
        answer = self.answers.get(name, getattr(self, f"_{name}", None))
        answer = answer(request) if callable(answer) else answer
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)

    def _description(self, _request: Any = None) -> dict[str, Any]:
        names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in names.items()}}

    def _keys(self, _request: Any = None) -> Any:
        return KeySet([self.key]).as_dict(private=False)

    def _token(self, _request: Any = None) -> dict[str, Any]:
        body = claims(iss=self.issuer, aud=CLIENT, nonce=FLOW.nonce)
        return {"token_type": "Bearer", "id_token": signed(body, self.key, kid=str(self.key.kid))}


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    fake = Fake()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", fake.handle)
    async with TestServer(app) as server:
        fake.issuer = str(server.make_url("/")).rstrip("/")
        yield fake


def provider(fake: Fake) -> Provider:
    return Provider(load_settings(sso_issuer=fake.issuer))


async def test_a_sound_one_is_believed(fake: Fake) -> None:
    assert (await provider(fake).account(FLOW, "code", None)).subject == "u-1"


def huge(_request: Any) -> web.Response:
    return web.Response(body=b"[" + b"1," * asking.MOST_BYTES + b"1]", content_type="application/json")


BROKEN: list[Any] = [
    lambda request: web.Response(status=500),
    lambda request: web.Response(text="<h1>Bad Gateway</h1>", content_type="text/html"),
    lambda request: web.Response(status=302, headers={"Location": "http://evil.example/"}),
    lambda request: web.json_response([1]),
    lambda request: web.Response(body=b"\xff\xfe", content_type="application/json"),
    lambda request: web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
    lambda request: request.transport.close(),
    huge,
]


@pytest.mark.parametrize("where", ["description", "keys", "token"])
@pytest.mark.parametrize("answer", BROKEN)
async def test_an_answer_that_is_none_is_said_to_be_none(fake: Fake, where: str, answer: Answer) -> None:
    fake.answers[where] = answer
    with pytest.raises((ProviderAway, NotProven) if where == "token" else ProviderAway):
        await provider(fake).account(FLOW, "code", None)


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": 7},
        {"jwks_uri": "file:///etc/passwd"},
    ],
    ids=str,
)
async def test_a_description_that_is_not_this_providers_is_not_used(fake: Fake, changed: dict[str, Any]) -> None:
    fake.answers["description"] = lambda request: {**fake._description(), **changed}
    with pytest.raises(ProviderAway):
        await provider(fake).address(FLOW)


async def test_a_provider_over_https_leads_nowhere_without_it(fake: Fake) -> None:
    asked = provider(fake)
    asked._secure = True
    with pytest.raises(ProviderAway, match="lacks"):
        await asked.address(FLOW)


@pytest.mark.parametrize(
    "keys", [{}, {"keys": []}, {"keys": "x"}, {"keys": [{"kty": "RSA"}]}, {"keys": [{"kty": "?"}]}]
)
async def test_keys_that_cannot_be_read(fake: Fake, keys: Any) -> None:
    fake.answers["keys"] = keys
    with pytest.raises(ProviderAway):
        await provider(fake).account(FLOW, "code", None)


async def test_a_code_that_is_refused_proves_nothing(fake: Fake) -> None:
    fake.answers["token"] = lambda request: web.json_response({"error": "invalid_grant"}, status=400)
    with pytest.raises(NotProven, match="invalid_grant"):
        await provider(fake).account(FLOW, "code", None)


@pytest.mark.parametrize("given", [{}, {"id_token": None}, {"id_token": 7}, {"access_token": "x"}])
async def test_a_code_for_which_no_token_is_given_proves_nothing(fake: Fake, given: Any) -> None:
    fake.answers["token"] = given
    with pytest.raises(NotProven):
        await provider(fake).account(FLOW, "code", None)


async def test_new_keys_are_fetched_once_they_are_used_and_not_again_at_once(fake: Fake) -> None:
    asked = provider(fake)
    await asked.account(FLOW, "code", None)
    fake.key = RSAKey.generate_key(2048, {"kid": "two"})
    with pytest.raises(NotProven):
        await asked.account(FLOW, "code", None)
    asked._keys_at -= 61
    assert (await asked.account(FLOW, "code", None)).subject == "u-1"
    assert fake.asked.count("keys") == 2
    assert fake.asked.count("description") == 1


async def test_the_answer_must_say_whose_it_is_where_the_provider_promises_that(fake: Fake) -> None:
    promise = {"authorization_response_iss_parameter_supported": True}
    fake.answers["description"] = lambda request: {**fake._description(), **promise}
    with pytest.raises(NotProven):
        await provider(fake).account(FLOW, "code", None)
    assert (await provider(fake).account(FLOW, "code", fake.issuer)).subject == "u-1"


@pytest.mark.parametrize(
    "form", [{}, {"logout_token": ""}, {"logout_token": "a.b.c"}, {"logout_token": "x" * 100_000}], ids=str
)
async def test_a_logout_that_is_not_the_providers_ends_nothing(fake: Fake, making, form: dict[str, str]) -> None:
    async with (
        running(making.settings(fake.issuer)) as console,
        console.client.post("/login/sso/ended", data=form) as response,
    ):
        assert (response.status, response.headers["Cache-Control"]) == (400, "no-store")


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("https://login.moi.gov.ye/realms/staff", True),
        ("http://127.0.0.1:8080/realms/staff", True),
        ("http://login.moi.gov.ye", False),
        ("http://127.0.0.1.evil.example", False),
        ("login.moi.gov.ye", False),
    ],
)
def test_which_issuers_may_be_set(value: str, good: bool) -> None:
    if good:
        assert load_settings(sso_issuer=value).sso_issuer == value
        return
    with pytest.raises(SettingsError, match="DALIL_SSO_ISSUER"):
        load_settings(sso_issuer=value)


@pytest.mark.parametrize(
    "cookie", ["", "x", "é", "x" * 5000, json.dumps({"state": "x"})], ids=["none", "x", "é", "long", "plain"]
)
async def test_a_cookie_that_was_not_made_here_answers_nothing(console, cookie: str) -> None:
    name = Flows(console.settings).cookie
    headers = {**SAME, "Cookie": f"{name}={cookie}"}
    async with console.client.get("/login/sso/back?state=x&code=y", headers=headers) as response:
        assert response.status == 400


def test_a_flow_is_over_after_ten_minutes(monkeypatch: pytest.MonkeyPatch, making) -> None:
    flows = Flows(making.settings("http://127.0.0.1:1"))
    response = web.Response()
    flows.give(response, FLOW)
    sealed = response.headers["Set-Cookie"].split(";")[0].partition("=")[2]

    request = make_mocked_request("GET", "/", headers={"Cookie": f"{flows.cookie}={sealed}"})
    assert flows.read(request) == FLOW
    later = time.time() + SECONDS + 1
    monkeypatch.setattr("cryptography.fernet.time", SimpleNamespace(time=lambda: later))
    assert flows.read(request) is None


def test_the_cookie_is_bound_to_the_host_where_there_is_https(making) -> None:
    settings: Settings = making.settings("https://login.example").model_copy(
        update={"console_url": "https://console.example"}
    )
    response = web.Response()
    Flows(settings).give(response, FLOW)
    set_cookie = response.headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-")
    assert all(flag in set_cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
