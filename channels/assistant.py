"""The assistant over HTTP: one conversation always meets the same worker, unless that one is down.

An empty or malformed reply counts as a failure. A retry carries the same message id, so the assistant gives the same
reply again without doing anything twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from channels.errors import AssistantRefused, AssistantUnavailable
from channels.text import storable

logger = logging.getLogger(__name__)
ATTEMPTS = 4
_MAX_REPLY_BYTES = 256 * 1024
_MAX_MESSAGES, _MAX_CHOICES, _MAX_CHARS = 10, 30, 16_000
_CHOICE_ID = re.compile(r"[A-Za-z0-9_-]{1,15}")
_SERVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 2.0


@dataclass(frozen=True)
class Question:
    """What the assistant is told; nothing in it says who asks. sender: sealed, see settings/sealing.py."""

    id: str
    conversation: str
    channel: str
    text: str
    choice: str | None
    sender: str | None = None


@dataclass(frozen=True)
class Answer:
    """The assistant's reply: its kind, and for each message its text and its (id, title) choices.

    `service` (an identifier of the catalogue) and `confidence` (0 to 1) are for the log alone.
    """

    kind: str
    messages: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    service: str | None = None
    confidence: float | None = None


class Assistant(Protocol):
    """What the gateway needs of the assistant."""

    async def reply(self, question: Question) -> Answer:
        """Answer one message.

        Raises:
            AssistantUnavailable: no usable reply in time.
            AssistantRefused: it will never answer this one.
        """
        ...

    async def forget(self, conversation: str) -> None:
        """Forget a conversation.

        Raises:
            AssistantUnavailable: not now.
        """
        ...

    async def ready(self) -> bool:
        """Whether a worker is ready to answer."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


class HttpAssistant:
    """Talks to the workers at `bases`; `timeout` (seconds) is for one attempt, two of them for all attempts."""

    def __init__(self, bases: Sequence[str], token: str, timeout: float) -> None:
        self._bases = list(bases)
        self._deadline = 2 * timeout
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"},
            timeout=aiohttp.ClientTimeout(total=timeout, connect=min(2.0, timeout)),
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def reply(self, question: Question) -> Answer:
        """Answer one message, see `Assistant`."""
        try:
            return await asyncio.wait_for(self._persist(question), self._deadline)
        except asyncio.TimeoutError:
            raise AssistantUnavailable("no reply in time") from None

    async def _persist(self, question: Question) -> Answer:
        workers = ranked(self._bases, question.conversation)
        for attempt in range(ATTEMPTS):
            try:
                return await self._ask(workers[attempt % len(workers)], question)
            except _Fault as fault:
                last = fault
            if attempt + 1 < ATTEMPTS and last.wait is not None:
                await asyncio.sleep(min(last.wait or _FIRST_WAIT * 2**attempt, _LONGEST_WAIT))
        raise AssistantUnavailable(str(last))

    async def _ask(self, worker: str, question: Question) -> Answer:
        try:
            async with self._session.post(f"{worker}/v1/messages", json=vars(question)) as response:
                if response.status == 200:
                    return parse(await _body(response))
                if response.status in (400, 401, 403, 404, 413, 422):
                    raise AssistantRefused(f"HTTP {response.status}")
                raise _Fault(f"HTTP {response.status}", wait=_retry_after(response))
        except asyncio.TimeoutError as error:
            raise _Fault("late", wait=None) from error
        except aiohttp.ClientConnectorError as error:
            # On to the next worker at once; a single worker may be restarting, so it is given a moment.
            raise _Fault("refused", wait=None if len(self._bases) > 1 else 0.0) from error
        except aiohttp.ClientError as error:
            raise _Fault(type(error).__name__, wait=0.0) from error

    async def forget(self, conversation: str) -> None:
        """Forget a conversation, see `Assistant`."""
        fault = "no worker"
        for worker in ranked(self._bases, conversation):
            try:
                async with self._session.delete(f"{worker}/v1/conversations/{conversation}") as response:
                    if response.status in (204, 404):
                        return
                    fault = f"HTTP {response.status}"
            except (asyncio.TimeoutError, aiohttp.ClientError) as error:
                fault = type(error).__name__
        raise AssistantUnavailable(fault)

    async def ready(self) -> bool:
        """Whether a worker is ready, see `Assistant`."""
        answers = await asyncio.gather(*(self._ready(base) for base in self._bases))
        return any(answers)

    async def _ready(self, base: str) -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=1.0)
            async with self._session.get(f"{base}/health/ready", timeout=timeout) as response:
                return response.status == 200
        except (asyncio.TimeoutError, aiohttp.ClientError):
            return False

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()


class _Fault(Exception):
    """One attempt failed; wait so many seconds before the next (0: back off, None: not at all)."""

    def __init__(self, why: str, wait: float | None) -> None:
        super().__init__(why)
        self.wait = wait


def ranked(workers: Sequence[str], conversation: str) -> list[str]:
    """The workers in this conversation's order of preference (rendezvous hashing: a lost one moves only its own)."""
    return sorted(workers, key=lambda worker: hashlib.sha256(f"{worker}|{conversation}".encode()).digest())


def parse(body: bytes) -> Answer:
    """The reply in a response's body; _Fault when there is none in it."""
    try:
        reply = json.loads(body)
        kind, messages = reply["kind"], reply["messages"]
        says = tuple(_message(message) for message in messages)
        answer = Answer(storable(str(kind))[:40], says, *_about(reply))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _Fault("unreadable reply", wait=0.0) from error
    if not 0 < len(answer.messages) <= _MAX_MESSAGES:
        raise _Fault("empty reply", wait=0.0)
    return answer


def _about(reply: Mapping[str, Any]) -> tuple[str | None, float | None]:
    """Service and confidence. No answer fails for them: what is no such thing is left out, and told."""
    service, confidence = reply.get("service"), reply.get("confidence")
    if service is not None and not (isinstance(service, str) and _SERVICE.fullmatch(service)):
        logger.warning("reply with no usable service")
        service = None
    number = isinstance(confidence, int | float) and not isinstance(confidence, bool)
    if confidence is not None and not (number and 0 <= confidence <= 1):
        logger.warning("reply with no usable confidence")
        confidence = None
    return service, None if confidence is None else float(confidence)


def _message(message: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    says = storable(message["text"])
    choices = tuple((choice["id"], storable(choice["title"])) for choice in message.get("choices") or ())
    fits = says.strip() and len(says) <= _MAX_CHARS and len(choices) <= _MAX_CHOICES
    if not fits or not all(_CHOICE_ID.fullmatch(id_) and title.strip() for id_, title in choices):
        raise ValueError("not a message")
    return says, choices


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = await response.content.read(_MAX_REPLY_BYTES + 1)
    while len(body) <= _MAX_REPLY_BYTES and (more := await response.content.read(_MAX_REPLY_BYTES)):
        body += more
    if len(body) > _MAX_REPLY_BYTES:
        raise _Fault("reply too large", wait=0.0)
    return body


def _retry_after(response: aiohttp.ClientResponse) -> float:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else 0.0
