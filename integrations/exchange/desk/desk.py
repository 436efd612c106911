"""The desk itself: which agency, which proof, and the question, within limits.

followings: whom to tell of changes; None where nothing can be told by itself. codes: None where none can be sent.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import SecretStr

from integrations.exchange.client import Exchange
from integrations.exchange.configuration import Agency, Channel, ExchangeConfiguration
from integrations.exchange.desk.attempts import Attempts, Result
from integrations.exchange.desk.codes import Codes, CodesUnavailable
from integrations.exchange.desk.recent import Recent
from integrations.exchange.desk.visit import Visit
from integrations.exchange.errors import NotFoundOrNotYours, NotOffered, TooManyFollowed
from integrations.exchange.followings import Followings
from integrations.exchange.followings.follower import Follower
from integrations.exchange.followings.kept import MOST
from integrations.exchange.model import FORMS, ApplicationStatus, Proof, ProofKind, StatusQuery
from integrations.exchange.references import written_as
from settings.sealing import Envelopes

Answer = TypeVar("Answer")
GUESSABLE = frozenset({ProofKind.LAST_FOUR, ProofKind.ONE_TIME_CODE})


class Desk:
    """Where citizens ask. One for a process."""

    def __init__(
        self,
        exchange: Exchange,
        attempts: Attempts,
        envelopes: Envelopes,
        followings: Followings | None = None,
        codes: Codes | None = None,
    ) -> None:
        self.exchange = exchange
        self._recent = Recent()
        self.attempts = attempts
        self.followings = followings
        self.codes = codes
        self._envelopes = envelopes

    @property
    def configuration(self) -> ExchangeConfiguration:
        """The agencies."""
        return self.exchange.configuration

    async def close(self) -> None:
        """Close all connections to the exchange."""
        await self.exchange.close()

    def agencies(self, reference: str, service: str | None = None) -> Sequence[Agency]:
        """Who may hold this application; of several, those that the service spoken of leaves."""
        candidates = self.configuration.candidates(reference)
        holding = [agency for agency in candidates if service in agency.services]
        return holding if len(candidates) > 1 and holding else candidates

    def ways(self, agency: Agency, channel: Channel, visit: Visit) -> list[ProofKind]:
        """The kinds of proof that this citizen can give the agency here: the first is the one to ask for, or to use."""
        has_number = self._sender(visit) is not None or (channel != "sms" and self.codes is not None)
        return [kind for kind in agency.proof_kinds(channel) if kind is not ProofKind.REGISTERED_NUMBER or has_number]

    def gives(self, kind: ProofKind, visit: Visit) -> bool:
        """Whether what was typed has the form of a proof of this kind: it may have been meant for another question."""
        return visit.proof is not None and re.fullmatch(FORMS[kind], visit.proof.get_secret_value()) is not None

    async def send_code(self, visit: Visit) -> None:
        """Send a code to the number that came as the visit's proof.

        Raises:
            CodeRefused: see desk/codes.py.
        """
        if self.codes is None or visit.proof is None:
            raise CodesUnavailable
        await self.codes.send(visit.conversation, visit.proof)

    async def check_code(self, visit: Visit) -> Visit:
        """The visit with the number that the code, which came as its proof, was sent to.

        Raises:
            CodeRefused: see desk/codes.py.
        """
        if self.codes is None or visit.proof is None:
            raise CodesUnavailable
        return replace(visit, sender=await self.codes.check(visit.conversation, visit.proof), proof=None)

    async def ask(self, agency: Agency, reference: str, kind: ProofKind, visit: Visit) -> ApplicationStatus:
        """Where the application stands.

        Raises:
            TooManyAttempts: not now.
            StatusError: as `ExchangeClient.status`.
            ValueError: the visit has no proof of this kind, or it or the reference has not the form.
        """
        return await self._within_limits(agency, reference, kind, visit, self.exchange.status)

    async def follow(self, agency: Agency, kind: ProofKind, visit: Visit, follower: Follower) -> None:
        """Tell this conversation of changes from now on.

        Raises:
            TooManyFollowed: it follows as many applications as it may.
            NotOffered: the agency tells of no changes, or nothing can be told by itself here.
            TooManyAttempts, StatusError, ValueError: as `ask`.
        """
        if self.followings is None:
            raise NotOffered("nothing can be pushed")
        if not await self.followings.has_room(follower):
            raise TooManyFollowed(MOST)
        subscribe = self.exchange.subscribe
        subscription = await self._within_limits(agency, follower.reference, kind, visit, subscribe)
        await self.followings.add(follower, subscription)

    async def stop_following(self, conversation: str) -> None:
        """The citizen has had enough; what was proved lately goes too."""
        self._recent.forget(conversation)
        if self.followings is not None:
            await self.followings.end_all(conversation)

    def recall(self, visit: Visit, reference: str) -> Visit:
        """The visit with the proof that this conversation gave for this application a moment ago."""
        known = self._recent.of(visit.conversation, reference)
        if known is None or visit.proof is not None or visit.sender is not None:
            return visit
        kind, given = known
        if kind is ProofKind.REGISTERED_NUMBER and self._sender(replace(visit, sender=given)) is None:
            return visit
        return replace(visit, sender=given) if kind is ProofKind.REGISTERED_NUMBER else replace(visit, proof=given)

    async def _within_limits(
        self,
        agency: Agency,
        reference: str,
        kind: ProofKind,
        visit: Visit,
        ask: Callable[[str, StatusQuery], Awaitable[Answer]],
    ) -> Answer:
        query = StatusQuery(written_as(reference, agency) or reference, self._proof(kind, visit))
        number = await self.attempts.begin(visit.conversation, query.reference, guessable=kind in GUESSABLE)
        result = Result.UNANSWERED
        try:
            answer = await ask(agency.id, query)
            result = Result.TOLD
        except NotFoundOrNotYours:
            result = Result.REFUSED
            raise
        finally:
            await self.attempts.end(number, result)
        given = visit.sender if kind is ProofKind.REGISTERED_NUMBER else visit.proof
        if given is not None and kind is not ProofKind.ONE_TIME_CODE:  # which is good for one question
            self._recent.keep(visit.conversation, query.reference, (kind, given))
        return answer

    def _sender(self, visit: Visit) -> SecretStr | None:
        """The citizen's number, where it came sealed for this conversation a moment ago."""
        sealed = visit.sender
        return self._envelopes.open(visit.conversation, sealed.get_secret_value()) if sealed else None

    def _proof(self, kind: ProofKind, visit: Visit) -> Proof:
        given = self._sender(visit) if kind is ProofKind.REGISTERED_NUMBER else visit.proof
        if given is None:
            raise ValueError(f"no {kind.value}")
        return Proof.of(kind, given.get_secret_value())


_shared: Desk | None = None


def shared() -> Desk | None:
    """The desk of this process; None where no agency is connected.

    rasa-sdk builds actions by themselves, from class names: there is no constructor to hand a desk to.
    """
    return _shared


def share(desk: Desk | None) -> None:
    """Set the desk of this process (composition roots and tests)."""
    global _shared
    _shared = desk
