"""Following an application on the wire: a subscription once, and a feed of changes for the whole agency.

A change that is not as described is passed over, with the places that are wrong: one bad record of an agency must not
hold up what it tells of all others. The page around it is read strictly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from integrations.exchange.errors import BadAnswer
from integrations.exchange.model import Change, Changes, State, Subscription
from integrations.exchange.wire import (
    ActionDocument,
    Day,
    Part,
    StateDocument,
    Time,
    arabic,
    meaning,
    places,
    read_document,
)

SUBSCRIPTIONS = "applications/subscriptions"
CHANGES = "applications/changes:query"
ENDING = "applications/subscriptions:end"
PATHS = (SUBSCRIPTIONS, CHANGES, ENDING)
"""The resources below the agency's service."""
MOST = 500
"""Changes of a page, and subscriptions ended at once."""
CHANGE_BYTES = 8_192
"""The longest change there is: every text as long as it may be, and each letter of it written as \\uXXXX."""

_SUBSCRIPTION = re.compile(r"[A-Za-z0-9._~-]{1,64}")
_CURSOR = re.compile(r"[\x21-\x7e]{1,200}")


def _opaque(form: re.Pattern[str]) -> AfterValidator:
    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError("has not the form of one")
        return text

    return AfterValidator(check)


_Subscription = Annotated[str, _opaque(_SUBSCRIPTION)]
_Cursor = Annotated[str, _opaque(_CURSOR)]


class _Subscribed(Part):
    subscription: _Subscription
    cursor: _Cursor


class _Change(Part):
    subscription: _Subscription
    at: Time
    status: StateDocument
    ended: bool = Field(strict=True)
    action_required: ActionDocument | None = None
    expected_by: Day | None = None


class _Page(Part):
    changes: Annotated[list[Any], Field(max_length=MOST)]
    cursor: _Cursor
    more: bool = Field(strict=True)


class _Sent(Part):
    changes: Annotated[list[Any], Field(max_length=MOST)]


def changes_body(cursor: str | None, limit: int) -> bytes:
    """The body that asks for a page. cursor: None for the last state of every subscription and what follows it."""
    return json.dumps({"cursor": cursor, "limit": limit}).encode()


def ending_body(subscriptions: Collection[str]) -> bytes:
    """The body that ends subscriptions."""
    return json.dumps({"subscriptions": list(subscriptions)}).encode()


def read_subscription(body: bytes, agency: str) -> Subscription:
    """The agency's answer to whoever wants to follow.

    Raises:
        BadAnswer: it is not what openapi.yaml says.
    """
    document = read_document(_Subscribed, body)
    return Subscription(agency, document.subscription, document.cursor)


def read_changes(body: bytes, agency: str, words: Mapping[str, State], asked: str | None, limit: int) -> Changes:
    """A page of the feed. asked: the cursor that was sent. words: as for `wire.meaning`.

    Raises:
        BadAnswer: it is not what openapi.yaml says, or would be asked for for ever.
    """
    page = read_document(_Page, body)
    if len(page.changes) > limit:
        raise BadAnswer("has more changes than were asked for")
    if page.more and page.cursor == asked:
        raise BadAnswer("says that there is more where it already is")
    read, unreadable = _items(page.changes, words)
    return Changes(agency, read, page.cursor, page.more, unreadable)


def read_sent(body: bytes, words: Mapping[str, State]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes that an agency sent by itself, and of each unreadable one the places, as in `Changes`.

    Raises:
        BadAnswer: it is not what openapi.yaml says.
    """
    return _items(read_document(_Sent, body).changes, words)


def _items(items: Sequence[Any], words: Mapping[str, State]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    read: list[Change] = []
    unreadable: list[str] = []
    for item in items:
        try:
            read.append(_change(_Change.model_validate(item), words))
        except ValidationError as invalid:
            unreadable.append(", ".join(places(invalid)[:5]))
    return tuple(read), tuple(unreadable)


def _change(item: _Change, words: Mapping[str, State]) -> Change:
    return Change(
        subscription=item.subscription,
        at=item.at,
        state=meaning(item.status.code, words),
        word=item.status.code,
        ended=item.ended,
        title=arabic(item.status.title),
        reason=item.status.reason_code,
        required=item.action_required.value() if item.action_required else None,
        expected=item.expected_by,
    )
