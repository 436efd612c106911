"""What the page may do, and how many conversations one address may open."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque

from aiohttp import web

_HOUR = 3600.0
_MOST_ADDRESSES = 10_000


def headers(frame_ancestors: str) -> dict[str, str]:
    """The security headers of every page: nothing from anyone else, nothing inline."""
    ancestors = frame_ancestors.strip() or "'none'"
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": ancestors,
    }
    result = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
        "Vary": "Cookie, Accept-Encoding",
    }
    return result | ({"X-Frame-Options": "DENY"} if ancestors == "'none'" else {})


class Visitors:
    """Counts the conversations that each address opened in the last hour, in this process's memory only."""

    def __init__(self, per_hour: int, trusted_proxies: str) -> None:
        self._per_hour = per_hour
        self._proxies = trusted_proxies
        self._opened: OrderedDict[str, deque[float]] = OrderedDict()

    def may_open(self, request: web.Request) -> bool:
        """Count one more conversation of this visitor; False when there were too many."""
        who, now = visitor(request, self._proxies), time.monotonic()
        opened = self._opened.setdefault(who, deque())
        self._opened.move_to_end(who)
        while len(self._opened) > _MOST_ADDRESSES:
            self._opened.popitem(last=False)
        while opened and now - opened[0] > _HOUR:
            opened.popleft()
        if len(opened) >= self._per_hour:
            return False
        opened.append(now)
        return True


def visitor(request: web.Request, trusted_proxies: str) -> str:
    """The client's address; behind our own proxies, the last one that they did not add. IPv6 counts by /64."""
    proxies = {proxy.strip() for proxy in trusted_proxies.split(",") if proxy.strip()}
    address = request.remote or ""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while address in proxies and forwarded:
        address = forwarded.pop()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
