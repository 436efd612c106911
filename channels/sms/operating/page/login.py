"""Who may see the page: one password, each operator's own name, and a pause that grows with every wrong try."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

from channels.sms.operating.page.problems import FORGED, LOG_IN, WAIT, Problem
from channels.sms.operating.page.words import one_line
from channels.sms.routing.switches import LONGEST_NAME
from channels.web.policy import visitor
from settings import Settings

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Dalil SMS", charset="UTF-8"'}
_LONGEST_PAUSE = 300.0
_MOST_VISITORS = 10_000


class Login:
    """HTTP Basic. During a pause no password is looked at, so guesses made at once gain nothing."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._password = settings.operator_password.get_secret_value()
        self._key = settings.conversation_key.get_secret_value()
        self._proxies = settings.trusted_proxies
        self._clock = clock
        self._pauses: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def operator(self, request: web.Request) -> str:
        """The name of the operator.

        Raises:
            Problem: there is no password, a wrong one, or the visitor has to wait after wrong ones.
        """
        given = request.headers.get("Authorization")
        if given is None:
            raise Problem(401, LOG_IN, _CHALLENGE)
        who = visitor(request, self._proxies)
        failures, until = self._pauses.get(who, (0, 0.0))
        if (left := math.ceil(until - self._clock())) > 0:
            raise Problem(429, WAIT.format(seconds=left), {"Retry-After": str(left)})
        name = self._name(given)
        if name is None:
            self._pause(who, failures)
            raise Problem(401, LOG_IN, _CHALLENGE)
        self._pauses.pop(who, None)
        return name

    def _name(self, given: str) -> str | None:
        scheme, _, encoded = given.partition(" ")
        try:
            login, _, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except ValueError:
            return None
        right = hmac.compare_digest(password.encode(), self._password.encode())
        name = one_line(login, LONGEST_NAME)
        return name if right and scheme.lower() == "basic" and 0 < len(name) <= LONGEST_NAME else None

    def _pause(self, who: str, failures: int) -> None:
        pause = min(2.0 ** min(failures, 20), _LONGEST_PAUSE)
        self._pauses[who] = (failures + 1, self._clock() + pause)
        self._pauses.move_to_end(who)
        while len(self._pauses) > _MOST_VISITORS:
            self._pauses.popitem(last=False)

    def token(self, operator: str) -> str:
        """What every form of this operator's page carries; a new password makes the old ones worthless."""
        said = f"operator|{self._password}|{operator}"
        return hmac.new(self._key.encode(), said.encode(), hashlib.sha256).hexdigest()

    def check_form(self, request: web.Request, operator: str, token: str) -> None:
        """Raise Problem unless the form was sent by our own page: browsers send the password for anyone's form."""
        known = hmac.compare_digest(self.token(operator).encode(), token.encode("utf-8", "surrogatepass"))
        if not (known and _same_origin(request)):
            raise Problem(403, FORGED)


def _same_origin(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") in (f"http://{request.host}", f"https://{request.host}")
