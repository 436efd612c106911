"""The ministry's OpenID provider: where a browser is sent, and whose account came back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from console.single_sign_on import asking, tokens
from console.single_sign_on.errors import NotProven, ProviderAway
from console.single_sign_on.flow import Flow, Purpose
from console.single_sign_on.tokens import Account, Audience, UnknownKey
from settings import Settings

BACK = "/login/sso/back"
LOG_IN = "/login"
_AGE = 3600.0
_KEYS_AT_MOST_EVERY = 60.0
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_Found = TypeVar("_Found")


class Provider:
    """One provider. What it says of itself is kept for an hour, its keys until a token is signed with another."""

    def __init__(self, settings: Settings) -> None:
        self._audience = Audience(settings.sso_issuer, settings.sso_client_id)
        self._secret = settings.sso_client_secret.get_secret_value() or None
        self._url = settings.console_url.rstrip("/")
        self._callback = f"{self._url}{BACK}"
        self._secure = settings.sso_issuer.startswith("https://")
        self._metadata: Mapping[str, Any] = {}
        self._read_at = self._keys_at = float("-inf")
        self._keys: KeySet | None = None

    async def address(self, flow: Flow) -> str:
        """Where a browser goes to log in (authorization code flow with PKCE).

        Raises:
            ProviderAway: it does not answer, or not as a provider.
        """
        metadata = await self._described()
        more: dict[str, Any] = {"prompt": "login", "max_age": 0} if flow.purpose is Purpose.PROVE else {}
        address = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self._audience.client_id,
            "code",
            redirect_uri=self._callback,
            scope="openid",
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
            **more,
        )
        return str(address)

    async def account(self, flow: Flow, code: str, issuer: str | None) -> Account:
        """Redeem the code that a browser came back with. `issuer` is what it says it comes from (RFC 9207), if it does.

        Raises:
            ProviderAway: as `address` does.
            NotProven: the code, or what was given for it, is not good.
        """
        metadata = await self._described()
        expected = metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self._audience.issuer and (issuer is not None or expected):
            raise NotProven("the answer is another provider's")
        given = await self._redeemed(metadata, flow, code)
        token, access = given.get("id_token"), given.get("access_token")
        if not isinstance(token, str):
            raise NotProven("no ID token was given for the code")
        access = access if isinstance(access, str) else None
        return await self._with_keys(lambda keys: tokens.account(token, keys, self._audience, flow.nonce, access))

    async def ended(self, token: str) -> str:
        """Whose sessions end, by a logout token. Raises as `account` does."""
        return await self._with_keys(lambda keys: tokens.ended(token, keys, self._audience))

    async def leaving(self) -> str:
        """Where a browser logs out of the provider too (RP-Initiated Logout 1.0); our log-in if it has no such page."""
        endpoint = (await self._described()).get("end_session_endpoint")
        if not self._is_address(endpoint):
            return LOG_IN
        query = {"client_id": self._audience.client_id, "post_logout_redirect_uri": f"{self._url}{LOG_IN}"}
        return f"{endpoint}{'&' if '?' in str(endpoint) else '?'}{urlencode(query)}"

    # What is asked of it

    async def _described(self) -> Mapping[str, Any]:
        if time.monotonic() - self._read_at > _AGE:
            found = await asking.get(f"{self._audience.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self._audience.issuer:
                raise ProviderAway("it names itself otherwise than DALIL_SSO_ISSUER does")
            if wrong := [name for name in _NEEDED if not self._is_address(found.get(name))]:
                raise ProviderAway(f"its description lacks {', '.join(wrong)}")
            self._metadata, self._read_at = found, time.monotonic()
        return self._metadata

    async def _with_keys(self, read: Callable[[KeySet], _Found]) -> _Found:
        """Read a token; once more with the provider's keys of now, when it is signed with one that is not known."""
        try:
            return read(self._keys or await self._fetch_keys())
        except UnknownKey:
            if time.monotonic() - self._keys_at < _KEYS_AT_MOST_EVERY:
                raise
            return read(await self._fetch_keys())

    async def _fetch_keys(self) -> KeySet:
        metadata = await self._described()
        try:
            self._keys = KeySet.import_key_set(await asking.get(metadata["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, LookupError, TypeError, ValueError) as error:
            raise ProviderAway(f"its keys cannot be read: {error}") from error
        self._keys_at = time.monotonic()
        return self._keys

    async def _redeemed(self, metadata: Mapping[str, Any], flow: Flow, code: str) -> Mapping[str, Any]:
        fields = {"code": code, "redirect_uri": self._callback, "code_verifier": flow.verifier}
        form = prepare_token_request("authorization_code", **fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        address, headers, form = self._signer(metadata).prepare("POST", metadata["token_endpoint"], headers, form)
        return await asking.post(address, headers, form)

    def _signer(self, metadata: Mapping[str, Any]) -> ClientAuth:
        name, secret = self._audience.client_id, self._secret
        ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not secret:
            return ClientAuth(name, "", "none")
        if "client_secret_basic" in ways:  # both are form-encoded first (RFC 6749, 2.3.1), which Authlib leaves to us
            return ClientAuth(quote_plus(name), quote_plus(secret), "client_secret_basic")
        return ClientAuth(name, secret, "client_secret_post")

    def _is_address(self, value: object) -> bool:
        return isinstance(value, str) and urlsplit(value).scheme in (("https",) if self._secure else ("http", "https"))
