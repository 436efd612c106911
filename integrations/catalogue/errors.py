"""Errors of the catalogue; the tree is drawn in the package docstring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class CatalogueError(Exception):
    """Base of the catalogue's errors; the message is for the person who runs the command."""


class SourceUnreadable(CatalogueError):
    """The folder or file of catalogue data is missing, empty or not readable."""


class CatalogueInvalid(CatalogueError):
    """The data breaks the catalogue's rules; nothing was changed. `faults` has one line for each, with its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class ServiceNotFound(CatalogueError):
    """No service has this identifier."""

    def __init__(self, service: str) -> None:
        super().__init__(f"no service {service!r} in the catalogue")
        self.service = service


class ServiceWithdrawn(ServiceNotFound):
    """The service was in the catalogue and its source no longer has it."""

    def __init__(self, service: str, since: datetime) -> None:
        super().__init__(service)
        self.args = (f"service {service!r} is withdrawn since {since:%Y-%m-%d}",)
        self.since = since
