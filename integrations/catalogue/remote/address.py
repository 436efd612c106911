"""Which addresses may be read: https, or http on this machine; and only the one origin that the operator named."""

from __future__ import annotations

import ipaddress

from yarl import URL

from integrations.catalogue.remote.errors import RemoteAddressInvalid, RemoteInvalid


def checked(address: str) -> URL:
    """The address as a URL, without its fragment.

    Raises:
        RemoteAddressInvalid: it is no https address, and no http address of this machine; or it holds a password.
    """
    try:
        url = URL(address).with_fragment(None)
    except ValueError as error:
        raise RemoteAddressInvalid(f"{address}: is no address") from error
    if url.user is not None or url.password is not None:
        raise RemoteAddressInvalid("the address of the remote catalogue must not hold a name or password")
    if not url.host or not (url.scheme == "https" or (url.scheme == "http" and _loopback(url.host))):
        raise RemoteAddressInvalid(f"{address}: must be an https address (http only on this machine)")
    return url


def followed(page: URL, link: str, what: str) -> URL:
    """Where a link of a page leads.

    Raises:
        RemoteInvalid: it leaves the page's origin.
    """
    try:
        target = page.join(URL(link)).with_fragment(None)
        same = target.origin() == page.origin() and target.user is None
    except ValueError as error:
        raise RemoteInvalid(f"{page}: {what} is no address") from error
    if not same:
        raise RemoteInvalid(f"{page}: {what} leads to another site")
    return target


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
