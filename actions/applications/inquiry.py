"""One question about an application, from its number to what the agency says: a step for each thing that may lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.answer import Answer, Choice
from actions.applications import wording
from actions.applications.case import Case, Told, Waits
from actions.rendering.applications import status_text
from integrations.catalogue.live import Snapshot
from integrations.exchange.configuration import Agency, Channel
from integrations.exchange.desk import Desk, Visit
from integrations.exchange.desk.codes import CodeOver, is_code
from integrations.exchange.errors import (
    CodeRefused,
    ExchangeError,
    Failure,
    NotFoundOrNotYours,
    NotOffered,
    ProofRefused,
    RateLimited,
    StatusError,
    TooManyAttempts,
    TooManyFollowed,
)
from integrations.exchange.followings.follower import Follower
from integrations.exchange.model import ApplicationStatus, ProofKind

TELL_ME = "أخبرني عندما تتغير"
TELL_ME_WHEN_BACK = "أخبرني عندما يعود النظام"
_PUSHED = ("telegram", "sms")
"""Channels on which something can be sent by itself."""


@dataclass(frozen=True)
class Asked:
    """What a message says.

    agency: the id of the one chosen. service: the one named in it. follow: to be told of changes is what is wanted.
    said: the number as the citizen wrote it. way: the kind of proof that was chosen.
    """

    reference: str | None
    agency: str | None
    service: str | None
    channel: Channel
    follow: bool = False
    said: str | None = None
    way: ProofKind | None = None

    @property
    def kind(self) -> str:
        """The kind of the reply."""
        return "follow" if self.follow else "status"

    @property
    def short(self) -> bool:
        """Whether every character costs the citizen money."""
        return self.channel == "sms"


@dataclass(frozen=True)
class Outcome:
    """What is said, and what is remembered. status: what the agency told, if it did."""

    answer: Answer
    case: Case
    status: ApplicationStatus | None = None


class Inquiry:
    """Asks back, or asks the agency."""

    def __init__(self, desk: Desk, catalogue: Snapshot, visit: Visit) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._visit = visit

    async def answer(self, asked: Asked, case: Case) -> Outcome:
        """The answer to one message."""
        if asked.follow and (asked.channel not in _PUSHED or self._desk.followings is None):
            connected = self._desk.followings is not None
            return Outcome(_answer(asked, wording.not_told_here(connected=connected)), replace(case, follow=False))
        case = replace(case, follow=asked.follow)
        reference = asked.reference or case.reference
        if reference is None:
            return self._ask_reference(asked, case)
        named = asked.agency or (case.agency if reference == case.reference else None)
        agencies = [self._desk.configuration.agency(named)] if named else self._desk.agencies(reference, asked.service)
        if not agencies:
            text = wording.not_its_form(reference, self._desk.configuration, short=asked.short)
            return Outcome(_answer(asked, text), Case(waits=Waits.REFERENCE, told=case.told, follow=asked.follow))
        waited, case = case, replace(case, reference=reference, agency=None, waits=None, proof=None)
        if len(agencies) > 1:
            choices = [Choice(agency.name, asked.kind, agency=agency.id) for agency in agencies]
            answer = _answer(asked, wording.ask_agency(reference, short=asked.short))
            return Outcome(replace(answer, choices=choices, asks=True), replace(case, waits=Waits.AGENCY))
        case = replace(case, agency=agencies[0].id)
        if self._visit.proof is not None and waited.reference == reference:
            if waited.waits is Waits.CODE and is_code(self._visit.proof):
                return await self._hear_code(agencies[0], asked, case)
            if waited.proof is ProofKind.REGISTERED_NUMBER:
                return await self._send_code(asked, case)
        return await self._of(agencies[0], asked, case)

    def _ask_reference(self, asked: Asked, case: Case) -> Outcome:
        configuration, service = self._desk.configuration, self._catalogue.services.get(asked.service or "")
        holding = configuration.holding(service.id) if service else ()
        if service and not holding:
            authority = service.authority.name
            text = wording.not_this_service(service.name, authority, configuration, short=asked.short)
        else:
            example = next((agency.reference.example for agency in holding if agency.reference), None)
            text = wording.ask_reference(example, short=asked.short)
        return Outcome(_answer(asked, text), replace(case, waits=Waits.REFERENCE))

    async def _of(self, agency: Agency, asked: Asked, case: Case) -> Outcome:
        if asked.follow:
            if not agency.follow:
                text = wording.not_followed(agency, case.reference)
                return Outcome(_answer(asked, text), replace(case, follow=False))
            self._visit = self._desk.recall(self._visit, case.reference or "")
        ways = self._desk.ways(agency, asked.channel, self._visit)
        if not ways:
            return Outcome(_answer(asked, wording.not_this_channel(agency)), Case(told=case.told))
        typed = next((kind for kind in ways if kind is not ProofKind.REGISTERED_NUMBER), None)
        if typed and self._desk.gives(typed, self._visit):
            return await self._ask(typed, agency, asked, case)
        has_number = self._visit.sender is not None and ProofKind.REGISTERED_NUMBER in ways
        if has_number and not (self._visit.malformed and typed):
            return await self._ask(ProofKind.REGISTERED_NUMBER, agency, asked, case)
        return self._ask_proof(ways, agency, asked, case)

    def _ask_proof(self, ways: Sequence[ProofKind], agency: Agency, asked: Asked, case: Case) -> Outcome:
        """Ask for the proof that was chosen, or for the first that can be typed; on SMS that is not the own number."""
        possible = [kind for kind in ways if not (asked.short and kind is ProofKind.REGISTERED_NUMBER)]
        kind = asked.way if asked.way in possible else possible[0]
        if self._visit.malformed:
            text = wording.proof_malformed(kind)
        else:
            text = wording.ask_proof(kind, case.reference or "", agency, short=asked.short)
        other = ProofKind.REGISTERED_NUMBER
        choices = [Choice(wording.BY_TELEPHONE, asked.kind, proof=other.value)] if other in possible[1:] else []
        shown = choices if kind is possible[0] else []
        return Outcome(replace(_answer(asked, text), choices=shown), replace(case, waits=Waits.PROOF, proof=kind))

    async def _send_code(self, asked: Asked, case: Case) -> Outcome:
        """The citizen has written the telephone number that is registered."""
        try:
            await self._desk.send_code(self._visit)
        except CodeRefused as error:
            again = replace(case, waits=Waits.PROOF, proof=ProofKind.REGISTERED_NUMBER)
            return Outcome(_answer(asked, wording.code_refused(error)), again)
        return Outcome(_answer(asked, wording.CODE_SENT), replace(case, waits=Waits.CODE))

    async def _hear_code(self, agency: Agency, asked: Asked, case: Case) -> Outcome:
        """The citizen has written the code."""
        try:
            self._visit = await self._desk.check_code(self._visit)
        except CodeOver as error:
            again = replace(case, waits=Waits.PROOF, proof=ProofKind.REGISTERED_NUMBER)
            return Outcome(_answer(asked, wording.code_refused(error)), again)
        except CodeRefused as error:
            return Outcome(_answer(asked, wording.code_refused(error)), replace(case, waits=Waits.CODE))
        return await self._ask(ProofKind.REGISTERED_NUMBER, agency, asked, case)

    async def _ask(self, kind: ProofKind, agency: Agency, asked: Asked, case: Case) -> Outcome:
        try:
            if asked.follow:
                return await self._follow(kind, agency, asked, case)
            status = await self._desk.ask(agency, case.reference or "", kind, self._visit)
        except NotFoundOrNotYours:
            return self._not_found(kind, agency, asked, case)
        except (StatusError, TooManyAttempts, TooManyFollowed) as error:
            return await self._failed(error, agency, asked, case)
        service = self._catalogue.services.get(status.service.code)
        text = status_text(status, agency, service.name if service else None, short=asked.short)
        kept = replace(case, reference=status.reference, told=Told.of(status, status.reference))
        answer = replace(
            _answer(asked, text), service=service.id if service else None, choices=self._offers(status, agency, asked)
        )
        return Outcome(answer, kept, status)

    async def _follow(self, kind: ProofKind, agency: Agency, asked: Asked, case: Case) -> Outcome:
        reference = case.reference or ""
        told = case.told if case.told and case.told.reference == reference else None
        word = told.word if told else None
        follower = Follower(self._visit.conversation, asked.channel, agency.id, reference, word)
        await self._desk.follow(agency, kind, self._visit, follower)
        days = self._desk.followings.days if self._desk.followings else 0
        text = wording.following(reference, days, short=asked.short)
        return Outcome(_answer(asked, text), replace(case, follow=False))

    def _offers(self, status: ApplicationStatus, agency: Agency, asked: Asked) -> list[Choice]:
        """To be told when it changes, where that can be."""
        return [Choice(TELL_ME, "follow")] if self._can_tell(agency, asked) and not status.ended else []

    def _can_tell(self, agency: Agency, asked: Asked) -> bool:
        return agency.follow and asked.channel in _PUSHED and self._desk.followings is not None

    async def _failed(self, error: ExchangeError, agency: Agency, asked: Asked, case: Case) -> Outcome:
        """Why it cannot be told. When the agency does not answer, the citizen may hear when it does again."""
        answer, followings = _refusal(error, agency, asked, case), self._desk.followings
        if answer.kind != "unavailable" or isinstance(error, ProofRefused) or not self._can_tell(agency, asked):
            return Outcome(answer, case)
        if not asked.follow or followings is None:
            return Outcome(replace(answer, choices=[Choice(TELL_ME_WHEN_BACK, "follow")]), case)
        reference = case.reference or ""
        await followings.waits.add(Follower(self._visit.conversation, asked.channel, agency.id, reference, None))
        return Outcome(replace(answer, texts=[wording.waiting(agency)]), replace(case, follow=False))

    def _not_found(self, kind: ProofKind, agency: Agency, asked: Asked, case: Case) -> Outcome:
        reference = case.reference or ""
        other = ProofKind.LAST_FOUR
        if kind is ProofKind.REGISTERED_NUMBER and asked.short and other in agency.proof_kinds(asked.channel):
            text = wording.not_of_this_phone(reference)
            return Outcome(_answer(asked, text), replace(case, waits=Waits.PROOF, proof=other))
        text = wording.not_found(reference, short=asked.short)
        return Outcome(_answer(asked, text), Case(waits=Waits.REFERENCE, told=case.told, follow=asked.follow))


def _refusal(error: ExchangeError, agency: Agency, asked: Asked, case: Case) -> Answer:
    if isinstance(error, TooManyFollowed):
        return _answer(asked, wording.too_many_followed(error.most))
    if isinstance(error, NotOffered):
        return _answer(asked, wording.not_followed(agency, case.reference))
    if isinstance(error, TooManyAttempts | RateLimited):
        return _answer(asked, wording.too_many(error.retry_after))
    if isinstance(error, ProofRefused):
        return replace(_answer(asked, wording.proof_refused(agency)), kind="unavailable")
    if not isinstance(error, Failure):
        raise error
    told = case.told if case.told and case.told.reference == case.reference else None
    text = wording.unavailable(case.reference or "", agency, told, short=asked.short)
    return replace(_answer(asked, text), kind="unavailable")


def _answer(asked: Asked, text: str) -> Answer:
    return Answer(asked.kind, [text], service=asked.service, reference=asked.said or asked.reference)
