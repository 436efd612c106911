"""OAuth2 client credentials (RFC 6749, 4.4; RFC 6750) as the other way to an agency, with the same resource.

One token for all agencies of the transport, kept until 80 % of its life; whoever needs a new one while it is being
fetched waits for that one. A 401 that speaks of the token renews it once.
"""

from __future__ import annotations

import asyncio
import re
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote_plus, urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from yarl import URL

from integrations.exchange.configuration import Agency, Limits, OAuth2
from integrations.exchange.errors import BadAnswer, ExchangeFault, Unavailable
from integrations.exchange.resource import PATH
from integrations.exchange.transport import Answer, Call, Door, Question
from integrations.exchange.transport.xroad import ACCEPT, encoded
from integrations.exchange.wire import JSON, read_json

_ERROR = re.compile(r"[a-z_]{1,60}")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,8192}=*")
"""RFC 6750, 2.1; anything else could end the header that it stands in."""
_USED_SHARE = 0.8
_NO_LIFE_STATED = 300.0


def _b64token(token: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("is no token")
    return token


class _Token(BaseModel):
    """RFC 6749, 5.1."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    access_token: Annotated[SecretStr, AfterValidator(_b64token)]
    token_type: str = Field(pattern=r"^[Bb][Ee][Aa][Rr][Ee][Rr]$")
    expires_in: float = Field(_NO_LIFE_STATED, ge=0, le=86_400)


class OAuth2Transport:
    """To the agencies below one address, with one client's credentials."""

    def __init__(self, settings: OAuth2, door: Door, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._door = door
        self._clock = clock
        self._token: SecretStr | None = None
        self._renew_at = 0.0
        self._renewing = asyncio.Lock()

    async def ask(self, agency: Agency, question: Question, request_id: str) -> Answer:
        """As `Transport.ask`."""
        answer = await self._send(agency, request_id, question)
        if _is_about_token(answer):
            self._token = None
            answer = await self._send(agency, request_id, question)
        if _is_about_token(answer):
            raise ExchangeFault("oauth2.invalid_token", alarm=True)
        return answer

    async def ready(self, agency: Agency, request_id: str) -> None:
        """As `Transport.ready`: a token can be had, and the resource's address answers (with 405, as it is no GET)."""
        answer = await self._send(agency, request_id, None)
        if _is_about_token(answer):
            self._token = None
            raise ExchangeFault("oauth2.invalid_token", alarm=True)
        if answer.status >= 500:
            raise Unavailable(f"status {answer.status}")

    async def close(self) -> None:
        """As `Transport.close`."""
        await self._door.close()

    async def _send(self, agency: Agency, request_id: str, question: Question | None) -> Answer:
        """The answer to a question; without one, of its address to a GET."""
        token = await self._current(agency.limits)
        headers = {
            "Authorization": f"Bearer {token.get_secret_value()}",
            "X-Request-Id": request_id,
            "Accept": ACCEPT,
            "User-Agent": "Dalil",
        }
        url = URL(f"{self._settings.url}/{encoded(agency.service)}/{question.path if question else PATH}", encoded=True)
        if question is None:
            return await self._door.send(Call("GET", url, headers, None, agency.limits))
        headers["Content-Type"] = JSON
        return await self._door.send(Call("POST", url, headers, question.body, question.limits(agency)))

    async def _current(self, limits: Limits) -> SecretStr:
        async with self._renewing:
            if self._token is None or self._clock() >= self._renew_at:
                token = await self._fetched(limits)
                self._renew_at = self._clock() + token.expires_in * _USED_SHARE
                self._token = token.access_token
            return self._token

    async def _fetched(self, limits: Limits) -> _Token:
        settings = self._settings
        # RFC 6749, 2.3.1: both are form-encoded before they become a Basic password.
        pair = f"{quote_plus(settings.client_id)}:{quote_plus(settings.client_secret.get_secret_value())}"
        headers = {
            "Authorization": f"Basic {b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": JSON,
            "User-Agent": "Dalil",
        }
        form = {"grant_type": "client_credentials"} | ({"scope": settings.scope} if settings.scope else {})
        answer = await self._door.send(Call("POST", URL(settings.token_url), headers, urlencode(form).encode(), limits))
        if answer.status >= 500:
            raise Unavailable(f"token: status {answer.status}", again=True)
        if answer.content_type != JSON:
            raise BadAnswer("token: is not JSON")
        value = read_json(answer.body)
        if answer.status != 200:
            raise ExchangeFault(f"oauth2.{_error(value)}", alarm=True)
        try:
            return _Token.model_validate(value)
        except ValidationError:
            raise BadAnswer("token: is not as RFC 6749 says") from None


def _is_about_token(answer: Answer) -> bool:
    """Whether it refuses the token rather than the proof (RFC 6750, 3)."""
    return answer.status == 401 and answer.headers.get("www-authenticate", "").lower().startswith("bearer")


def _error(value: object) -> str:
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, str) and _ERROR.fullmatch(error) else "unknown"
