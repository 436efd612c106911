"""The desk itself: which agency, which proof, and the question, within limits."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.exchange.client import Exchange
from integrations.exchange.configuration import Agency, Channel, ExchangeConfiguration
from integrations.exchange.desk.attempts import Attempts, Result
from integrations.exchange.desk.visit import Visit
from integrations.exchange.errors import NotFoundOrNotYours
from integrations.exchange.model import ApplicationStatus, Proof, ProofKind, StatusQuery
from integrations.exchange.references import written_as
from settings.sealing import Envelopes

GUESSABLE = frozenset({ProofKind.LAST_FOUR, ProofKind.ONE_TIME_CODE})


class Desk:
    """Where citizens ask. One for a process."""

    def __init__(self, exchange: Exchange, attempts: Attempts, envelopes: Envelopes) -> None:
        self._exchange = exchange
        self.attempts = attempts
        self._envelopes = envelopes

    @property
    def configuration(self) -> ExchangeConfiguration:
        """The agencies."""
        return self._exchange.configuration

    async def close(self) -> None:
        """Close all connections to the exchange."""
        await self._exchange.close()

    def agencies(self, reference: str, service: str | None = None) -> Sequence[Agency]:
        """Who may hold this application; of several, those that the service spoken of leaves."""
        candidates = self.configuration.candidates(reference)
        holding = [agency for agency in candidates if service in agency.services]
        return holding if len(candidates) > 1 and holding else candidates

    def ways(self, agency: Agency, channel: Channel, visit: Visit) -> list[ProofKind]:
        """The kinds of proof that this citizen can give the agency here: the first is the one to ask for, or to use."""
        has_number = visit.sender is not None
        return [kind for kind in agency.proof_kinds(channel) if kind is not ProofKind.REGISTERED_NUMBER or has_number]

    async def ask(self, agency: Agency, reference: str, kind: ProofKind, visit: Visit) -> ApplicationStatus:
        """Where the application stands.

        Raises:
            TooManyAttempts: not now.
            StatusError: as `ExchangeClient.status`.
            ValueError: the visit has no proof of this kind, or it or the reference has not the form.
        """
        query = StatusQuery(written_as(reference, agency) or reference, self._proof(kind, visit))
        guessable = kind in GUESSABLE
        number = await self.attempts.begin(visit.conversation, query.reference, guessable=guessable)
        result = Result.UNANSWERED
        try:
            status = await self._exchange.status(agency.id, query)
            result = Result.TOLD
            return status
        except NotFoundOrNotYours:
            result = Result.REFUSED
            raise
        finally:
            await self.attempts.end(number, result)

    def _proof(self, kind: ProofKind, visit: Visit) -> Proof:
        if kind is not ProofKind.REGISTERED_NUMBER:
            given = visit.proof
        elif visit.sender is not None:
            given = self._envelopes.open(visit.conversation, visit.sender.get_secret_value())
        else:
            given = None
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
