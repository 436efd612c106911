"""What a room says of its routes; a route without a permission cannot be written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from console.access.roles import Permission, Person
from console.errors import Problem

NOT_ALLOWED = "ليس لديك صلاحية لهذا العمل. اطلبها من مدير اللوحة."


@dataclass(frozen=True)
class Visit:
    """One request that has passed the gate.

    `form` has the text fields of a POST, `files` its uploads by field as (name, bytes). `csrf` goes into every form of
    the page that answers. `address` is the visitor's, for the audit log.
    """

    request: web.Request
    person: Person | None
    language: str
    address: str
    csrf: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def who(self) -> Person:
        """The person, on routes that ask for a permission."""
        assert self.person is not None, "the gate lets nobody else through"  # noqa: S101
        return self.person

    def may(self, permission: str) -> bool:
        """For templates: whether the person holds a permission, by its name, for any ministry."""
        return self.person is not None and self.person.may(Permission(permission))

    def require(self, permission: Permission, ministry: str) -> None:
        """Raise Problem unless the person may do it for this ministry."""
        if not self.who.may(permission, ministry):
            raise Problem(403, NOT_ALLOWED)


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Route:
    """One route. permission: None is for what strangers may ask (log-in, health, static files).

    `fresh`: the person must have proved who they are within some minutes (exports, staff). `signed`: another service
    calls it, whose signature on what it sends the handler checks; everything else must come from our own pages.
    """

    method: str
    path: str
    handler: Handler
    permission: Permission | None
    fresh: bool = False
    signed: bool = False


@dataclass(frozen=True)
class Entry:
    """An entry of the menu, shown to who may read it. `title` is Arabic."""

    title: str
    path: str
    permission: Permission


@dataclass(frozen=True)
class Room:
    """What a room brings: its folder's name, its routes, its entries of the menu, and what runs behind it."""

    name: str
    routes: Sequence[Route]
    menu: Sequence[Entry] = ()
    background: Sequence[Callable[[], Any]] = ()
