"""A citizen asks where an application stands."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import Answer, channel_of, is_short, reference_of, say
from actions.applications import wording
from actions.applications.case import Case
from actions.applications.inquiry import Asked, Inquiry
from actions.memory import about_service
from actions.questions import APPLICATION, of_application, then
from actions.resolution import resolve
from integrations.catalogue import live
from integrations.exchange import desk
from integrations.exchange.model import ProofKind


class ActionApplication(Action):
    """Asks the agency that holds it, once there are a number and a proof; never guesses a state."""

    def name(self) -> str:
        """The action's name in the domain."""
        return APPLICATION

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Answer by what was asked: the state, to be told of changes, or a lost number."""
        return [*await self._answer(dispatcher, tracker), *then(tracker, APPLICATION)]

    async def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[Any]:
        kind, counter = of_application(tracker)["kind"], desk.shared()
        service = _service(tracker)
        if kind == "lost_reference":
            text = wording.LOST_SHORT if is_short(tracker) else wording.LOST
            say(dispatcher, Answer(kind, [text], service=service, reference=reference_of(tracker)))
            return []
        if counter is None:
            text = wording.not_connected(short=is_short(tracker))
            say(dispatcher, Answer(kind, [text], service=service, reference=reference_of(tracker)))
            return []
        visit = desk.visitor()
        case = Case.of(tracker)
        inquiry = Inquiry(counter, live.shared().snapshot, visit)
        outcome = await inquiry.answer(_asked(tracker, visit, follow=kind == "follow" or _goes_on(case)), case)
        say(dispatcher, outcome.answer)
        spoken_of = about_service(outcome.answer.service) if outcome.status and outcome.answer.service else []
        return [*outcome.case.slots(), *spoken_of]


def _service(tracker: Tracker) -> str | None:
    """The service that the question about the application names, if it names one."""
    return resolve(of_application(tracker).get("services") or []).service


def _goes_on(case: Case) -> bool:
    """Whether a number or a proof was asked for because the citizen wants to be told of changes."""
    return case.follow and case.waits is not None


def _asked(tracker: Tracker, visit: desk.Visit, *, follow: bool) -> Asked:
    agency, proof = (next(tracker.get_latest_entity_values(name), None) for name in ("agency", "proof"))
    channel: Any = channel_of(tracker)
    return Asked(
        reference=visit.reference or reference_of(tracker),
        agency=agency,
        service=_service(tracker),
        channel=channel,
        follow=follow,
        said=visit.said,
        way=ProofKind(proof) if proof else None,
    )
