"""Where a password may travel."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def check_address(url: str) -> str:
    """The address of a provider's API without a slash at its end.

    Raises:
        ValueError: it is neither https nor http to a private address, or has a user, a query or a fragment.
    """
    address = urlsplit(url)
    plain = address.scheme == "http" and near(address.hostname or "")
    if not address.hostname or not (plain or address.scheme == "https"):
        raise ValueError("must be https, or http to localhost or a private IP address: it carries the password")
    if address.username or address.query or address.fragment:
        raise ValueError("must have no user, query or fragment")
    return url.rstrip("/")


def near(host: str) -> bool:
    """Whether it is this machine or one of a private network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"
