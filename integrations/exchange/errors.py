"""Errors of the exchange; the tree is drawn in the package docstring.

No message, `str` or `repr` of an error holds anything of the citizen or any text that the other side wrote: both may
repeat the reference or a name, and errors end in logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


class ExchangeError(Exception):
    """Base of the exchange's errors; the message is for the operator."""


class FileInvalid(ExchangeError):
    """A configuration or seed file breaks its rules. `faults` has one line for each: file, line, key, what is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class UnknownAgency(ExchangeError):
    """No agency of the configuration has this identifier."""

    def __init__(self, agency: str) -> None:
        super().__init__(f"no agency {agency!r} in the configuration of the exchange")
        self.agency = agency


class TooManyAttempts(ExchangeError):
    """Dalil asks nothing now: too many wrong proofs, or too many questions. `retry_after`: seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too many attempts: again in {retry_after:.0f} s")
        self.retry_after = retry_after


class CodeRefused(ExchangeError):
    """No code by SMS, or not this one: see desk/codes.py."""


class TooManyFollowed(ExchangeError):
    """A conversation follows as many applications as it may: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} applications of one conversation")
        self.most = most


class StatusError(ExchangeError):
    """A question about an application was not answered with its state.

    `agency` and `request_id` (X-Road-Id, or X-Request-Id) are set by the client; both may be logged.
    """

    reason = "status-error"

    def __init__(self, what: str = "") -> None:
        super().__init__(what)
        self.agency = ""
        self.request_id = ""

    def __str__(self) -> str:
        what = f": {self.args[0]}" if self.args[0] else ""
        return f"{self.agency or 'agency'}: {self.reason}{what} (request {self.request_id or 'not sent'})"


class NotFoundOrNotYours(StatusError):
    """There is no such application, or the proof does not fit it; the agency gives the same answer for both."""

    reason = "not-found-or-not-yours"


class ProofRefused(StatusError):
    """The agency takes no proof of this kind or form. It says so without looking for the application."""

    reason = "proof-refused"


class RateLimited(StatusError):
    """The agency wants fewer questions. `retry_after`: seconds, or None when it does not say."""

    reason = "rate-limited"

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("" if retry_after is None else f"again in {retry_after:g} s")
        self.retry_after = retry_after


class CursorExpired(StatusError):
    """The agency no longer knows this place in its feed: begin again without one, with the last state of each."""

    reason = "cursor-expired"


class Failure(StatusError):
    """No answer about the application came.

    ill: whether it speaks against the agency's health (the breaker counts it). again: whether asking once more, at
    once, is harmless and may help.
    """

    reason = "failure"
    ill = True
    again = False


class Unavailable(Failure):
    """The agency or the exchange cannot be reached, is in maintenance, or is left alone. `retry_after`: seconds."""

    reason = "unavailable"

    def __init__(
        self, what: str = "", *, retry_after: float | None = None, again: bool = False, ill: bool = True
    ) -> None:
        super().__init__(what)
        self.retry_after = retry_after
        self.again = again
        self.ill = ill


class TooSlow(Failure):
    """No whole answer came within the agency's time limit."""

    reason = "too-slow"


class ExchangeFault(Failure):
    """The exchange refused or failed, not the agency.

    code: X-Road's, in the form of 7.8 (`server.clientproxy.access_denied`); of OAuth2, `oauth2.` and its error word.
    alarm: whether it will not pass by itself: access, addresses and certificates are for the operator to mend.
    detail: X-Road's identifier of the fault in its own logs, or None.
    """

    reason = "exchange-fault"

    def __init__(self, code: str, *, alarm: bool, detail: str | None = None, again: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.alarm = alarm
        self.detail = detail
        self.again = again


class NotOffered(Failure):
    """The agency tells of no changes: the configuration does not say that it does, or it has no such resource."""

    reason = "not-offered"
    ill = False


@dataclass(frozen=True)
class Problem:
    """RFC 9457 problem details as the agency sent them; its words stay out of `repr`. status: HTTP's."""

    status: int
    type: str = field(default="about:blank", repr=False)
    title: str | None = field(default=None, repr=False)
    detail: str | None = field(default=None, repr=False)


class AgencyFault(Failure):
    """The agency answered with an error of its own; one of 4xx is ours to mend and says nothing of its health."""

    reason = "agency-fault"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"status {problem.status}")
        self.problem = problem
        self.ill = problem.status >= 500


class BadAnswer(Failure):
    """What came is not what openapi.yaml describes; the message says what is wrong with it, without a value of it."""

    reason = "bad-answer"
