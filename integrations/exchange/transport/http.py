"""The door to the network: HTTPS with our certificate, within limits, and every way to fail as one of our errors."""

from __future__ import annotations

import asyncio
import re
import ssl

import aiohttp

from integrations.exchange.configuration import TransportSettings
from integrations.exchange.errors import BadAnswer, ExchangeFault, Failure, FileInvalid, Unavailable
from integrations.exchange.transport import Answer, Call

_CHUNK = 16_384
_OPENSSL = re.compile(r"\[SSL: ([A-Z0-9_]{1,80})\]")


def tls_context(settings: TransportSettings) -> ssl.SSLContext:
    """TLS 1.2 or later, the server's certificate and name checked, ours shown.

    Raises:
        FileInvalid: a certificate or key cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=settings.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if settings.certificate is not None:
            context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or "no PEM"
        raise FileInvalid([f"transport {settings.name}: its certificates or key cannot be used: {reason}"]) from None
    return context


class HttpDoor:
    """A door for one transport; its connections are kept and shared by all its agencies.

    Raises:
        FileInvalid: as `tls_context`.
    """

    def __init__(self, settings: TransportSettings) -> None:
        self._tls = tls_context(settings)
        self._server_name = settings.server_name
        self._opened: aiohttp.ClientSession | None = None

    async def send(self, call: Call) -> Answer:
        """As `Door.send`."""
        try:
            return await self._send(call)
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            # Without a cause: aiohttp's messages may quote headers and bodies.
            raise _failure(error, call) from None

    async def close(self) -> None:
        """As `Door.close`."""
        if self._opened is not None:
            await self._opened.close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        # Not at construction: a session belongs to the loop that runs when it is made.
        if self._opened is None:
            # No limit of connections: each agency has its own, so that a slow one takes none of another's.
            connector = aiohttp.TCPConnector(ssl=self._tls, limit=0)
            self._opened = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._opened

    async def _send(self, call: Call) -> Answer:
        async with self._session.request(
            call.method,
            call.url,
            headers={**call.headers, "Accept-Encoding": "identity"},
            data=call.body,
            allow_redirects=False,
            server_hostname=self._server_name,
            timeout=aiohttp.ClientTimeout(total=None, connect=call.limits.connect_seconds),
        ) as response:
            if 300 <= response.status < 400:
                raise BadAnswer("leads to another address")
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > call.limits.answer_bytes:
                    raise BadAnswer(f"is larger than {call.limits.answer_bytes} bytes")
            return Answer(response.status, response.content_type, headers, bytes(body))


def _failure(error: BaseException, call: Call) -> Failure:
    if reason := _tls_reason(error):
        return ExchangeFault(f"tls.{reason}", alarm=True)
    if isinstance(error, asyncio.TimeoutError):
        return Unavailable(f"cannot connect within {call.limits.connect_seconds:g} s", again=True)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Unavailable(f"cannot connect: {error.os_error.strerror or type(error.os_error).__name__}", again=True)
    if isinstance(error, aiohttp.ClientPayloadError):
        return BadAnswer("is cut short")
    if isinstance(error, aiohttp.ServerDisconnectedError | OSError):
        # A kept connection may be closed at the moment it is used again; the question only reads.
        return Unavailable("closed the connection without an answer", again=True)
    return BadAnswer(f"is no HTTP ({type(error).__name__})")


def _tls_reason(error: BaseException) -> str | None:
    """OpenSSL's word in lower case, such as certificate_verify_failed (we of them) or an alert (they of us)."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "certificate_verify_failed"
    # TLS 1.3 refuses our certificate only after the handshake; aiohttp keeps of that no more than OpenSSL's text.
    if found := _OPENSSL.search(" ".join(str(argument) for argument in error.args)):
        return found[1].lower()
    return "failed" if isinstance(error, ssl.SSLError | aiohttp.ClientSSLError) else None
