"""One reply beside what it should have been."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.evaluation.answering import Answered
from bot.evaluation.cases import Case

_ASKS = "ambiguous"
_OPTIONS_ENOUGH = 2 / 3


@dataclass(frozen=True)
class Judged:
    """What was right in a reply; None where the case asks nothing of the sort.

    For an ambiguous case `service` is right when the reply asks which, and offers at least one of the services meant;
    `options` is the share of them that it offers.
    """

    answered: Answered
    kind: bool
    service: bool | None
    also: bool | None
    reference: bool | None
    faq: bool | None
    options: float | None

    @property
    def case(self) -> Case:
        """The case that was asked."""
        return self.answered.case

    @property
    def got(self) -> str:
        """The kind of the reply."""
        return str(self.answered.reply["kind"])

    @property
    def confidence(self) -> float:
        """How sure the reply says it is, from 0 to 1."""
        return float(self.answered.reply["confidence"])

    @property
    def both(self) -> bool:
        """What is asked and what about are right: the kind, and the service or the topic of the FAQ."""
        return self.kind and self.service is not False and self.faq is not False

    @property
    def wrong(self) -> tuple[str, ...]:
        """The names of what is wrong; a case with any has failed."""
        return tuple(name for name in ("kind", "service", "faq", "also", "reference") if getattr(self, name) is False)

    @property
    def options_enough(self) -> bool | None:
        """Whether at least two thirds of the services meant are offered."""
        return None if self.options is None else self.options >= _OPTIONS_ENOUGH

    @property
    def offered(self) -> bool:
        """Not answered, but asked back with the right service among those offered."""
        return not self.both and self.got == _ASKS and self.case.service in self.answered.reply["options"]

    @property
    def faq_offered(self) -> bool:
        """Whether a topic of the FAQ is offered beside the answer: the right one, where one was asked for."""
        offers = self.answered.reply.get("offers", [])
        return self.case.faq in offers if self.case.faq else bool(offers)


def judge(answered: Answered) -> Judged:
    """Compare the reply with the case's label."""
    case, reply = answered.case, answered.reply
    return Judged(
        answered,
        kind=reply["kind"] == case.kind or reply["kind"] in case.accept,
        service=_service(case, reply),
        also=_also(case, reply) if case.also else None,
        reference=reply["reference"] == case.reference if case.reference else None,
        faq=_faq(case, reply) if case.faq else None,
        options=len(set(case.options) & set(reply["options"])) / len(set(case.options)) if case.options else None,
    )


def _service(case: Case, reply: dict[str, Any]) -> bool | None:
    asks, accepted = reply["kind"] == _ASKS, reply["kind"] in case.accept
    if case.options:
        # An answer that the case accepts instead of asking names a service that the case does not.
        return None if accepted and not asks else asks and not set(case.options).isdisjoint(reply["options"])
    if case.service is None:
        return None
    return case.service in reply["options"] if asks and accepted else bool(reply["service"] == case.service)


def _faq(case: Case, reply: dict[str, Any]) -> bool:
    """The topic that was meant; an accepted answer of another kind needs none."""
    return bool(reply.get("faq") == case.faq or reply["kind"] in case.accept)


def _also(case: Case, reply: dict[str, Any]) -> bool:
    """Every further question was heard; which came first is not asked again of those that follow."""
    heard = {(question["kind"], question["service"]) for question in reply.get("also", [])}
    kinds = {kind for kind, _service in heard}
    return all(
        question.kind in kinds if question.service is None else (question.kind, question.service) in heard
        for question in case.also
    )


def expected(case: Case) -> str:
    """What the case asks for, in one line: `fees passport + hours passport`."""
    kinds = "|".join((case.kind, *case.accept))
    about = case.service or case.faq
    return _line(kinds, about, case.options, case.reference, [(q.kind, q.service) for q in case.also])


def got(reply: dict[str, Any]) -> str:
    """What a reply is, in the words of `expected`."""
    also = [(question["kind"], question["service"]) for question in reply.get("also", [])]
    about = reply["service"] or reply.get("faq")
    return _line(reply["kind"], about, reply["options"], reply["reference"], also)


def _line(
    kind: str,
    about: str | None,
    options: Iterable[str],
    reference: str | None,
    also: Iterable[tuple[str, str | None]],
) -> str:
    words = [kind, about or "", f"[{', '.join(options)}]".replace("[]", ""), f"ref {reference}" if reference else ""]
    questions = [" ".join(filter(None, words)), *(" ".join(filter(None, question)) for question in also)]
    return " + ".join(questions)
