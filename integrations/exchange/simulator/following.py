"""The agencies' side of following: subscriptions, and for each client of an agency a feed of their last states.

Kept as simply as an agency may: one number that only grows; each change of an application gives every subscription to
it the next one, and the feed is the subscriptions in order of their numbers. So two changes between two questions are
told as one, the feed never grows beyond the subscriptions, and no cursor is ever too old. Only a restart, after which
the numbers begin anew, makes those from before unknown: they name the life that they are of.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from integrations.exchange.following import MOST
from integrations.exchange.simulator.faults import problem
from integrations.exchange.transport import Answer

Key: TypeAlias = tuple[str, str]
"""Agency and reference."""
MOST_OF_ONE = 50
"""Subscriptions to one application that a client may have."""


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _whole(number: object) -> object:
    """JSON knows one kind of number: 100.0 is an integer."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class ChangesAsked(_Asked):
    """The question for a page. cursor: of any form, as a client may send what it likes."""

    cursor: str | None = Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")
    limit: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MOST)]


class EndingAsked(_Asked):
    """The subscriptions to end."""

    subscriptions: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=MOST)


_Read = TypeVar("_Read", bound=_Asked)


@dataclass
class _Subscription:
    id: str
    client: str
    application: Key
    number: int


class Feeds:
    """Of all agencies. told: an application's change without its subscription."""

    def __init__(self, told: Callable[[Key], dict[str, Any]]) -> None:
        self._told = told
        self._life = secrets.token_hex(4)
        self._number = 0
        self._subscriptions: dict[str, _Subscription] = {}

    def restart(self) -> None:
        """Forget the cursors that were given out; the subscriptions stay."""
        self._life = secrets.token_hex(4)

    def subscribe(self, client: str, application: Key) -> dict[str, str] | None:
        """A new subscription; its first change is the state it begins with. None: there are too many."""
        if sum(one.client == client for one in self._of(application)) >= MOST_OF_ONE:
            return None
        cursor, identifier = self._cursor(self._number), secrets.token_urlsafe(18)
        self._subscriptions[identifier] = _Subscription(identifier, client, application, self._next())
        return {"subscription": identifier, "cursor": cursor}

    def changed(self, application: Key) -> None:
        """Tell of an application to whoever follows it."""
        for subscription in self._of(application):
            subscription.number = self._next()

    def page(self, agency: str, client: str, asked: ChangesAsked) -> dict[str, Any] | None:
        """A page of what a client follows at an agency; None when the cursor is not known."""
        place = self._place(asked.cursor)
        if place is None:
            return None
        mine = (one for one in self._subscriptions.values() if one.client == client and one.application[0] == agency)
        after = sorted((one for one in mine if one.number > place), key=lambda one: one.number)
        told = after[: asked.limit]
        return {
            "changes": [{"subscription": one.id} | self._told(one.application) for one in told],
            "cursor": self._cursor(told[-1].number if told else place),
            "more": len(after) > len(told),
        }

    def end(self, agency: str, client: str, identifiers: Iterable[str]) -> None:
        """End the client's subscriptions of these; others are passed over."""
        for identifier in identifiers:
            found = self._subscriptions.get(identifier)
            if found is not None and found.client == client and found.application[0] == agency:
                del self._subscriptions[identifier]

    def _of(self, application: Key) -> list[_Subscription]:
        return [one for one in self._subscriptions.values() if one.application == application]

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _cursor(self, number: int) -> str:
        return f"{self._life}.{number}"

    def _place(self, cursor: str | None) -> int | None:
        if cursor is None:
            return 0
        life, _, number = cursor.partition(".")
        known = life == self._life and number.isascii() and number.isdigit() and len(number) < 16
        return int(number) if known and int(number) <= self._number else None


def read(document: type[_Read], body: bytes) -> _Read | None:
    """A question about changes, or None for what is none."""
    try:
        return document.model_validate_json(body)
    except ValidationError:
        return None


def cursor_expired() -> Answer:
    """As openapi.yaml has it."""
    return problem(410, "cursor-expired", "Cursor expired")
