"""Errors of the remote catalogue; the tree is drawn in the package docstring."""

from __future__ import annotations

from integrations.catalogue.errors import CatalogueError


class RemoteError(CatalogueError):
    """The remote catalogue could not be read; nothing was changed."""


class RemoteAddressInvalid(RemoteError):
    """The address is not one that may be read."""


class RemoteUnreachable(RemoteError):
    """No answer came, or not in time."""


class RemoteRefused(RemoteError):
    """The remote answered with an error. `status` is HTTP's."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"{url}: the remote catalogue answered with status {status}")
        self.status = status


class RemoteInvalid(RemoteError):
    """What the remote sent is no catalogue that can be trusted to be whole."""
