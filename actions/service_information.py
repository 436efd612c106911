"""A citizen asks what a service needs, costs, how long it takes, where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import ellipsis
from actions.answer import Answer, agrees, corrects, is_short, say
from actions.asking import which_of, which_service
from actions.faq import ministry_text, response
from actions.memory import Memory
from actions.offers import offers
from actions.questions import SERVICE, Question, questions, then
from actions.rendering.answers import render
from actions.resolution import ASK, LEAVES_CONTEXT, POSSIBLE, Resolution, resolve
from actions.several import Found
from integrations.catalogue import live
from integrations.catalogue.live import Snapshot

# Opening hours are often asked of no service in particular.
_LEAST = {"hours": 0.5}
_WORKING_DAYS = "working-days"
_IF_ANOTHER = "إن كنت تقصد خدمة أخرى فاكتب اسمها كاملا."
_IF_ANOTHER_SHORT = "إن قصدت خدمة أخرى فأرسل اسمها."
_NO_MORE = "لا نعرف تفصيلا آخر لما ذكرت. "


class ActionServiceInformation(Action):
    """Answers every question of the message that is about a service."""

    def name(self) -> str:
        """The action's name in the domain."""
        return SERVICE

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        """Answer, and remember the service and the question for what follows."""
        memory = Memory.of(tracker)
        if agrees(tracker) and memory.service:
            # "تمام" after an answer asks nothing.
            say(dispatcher, Answer("thanks", [response("utter_thanks", tracker, domain)]))
            return []
        return [*answer_all(dispatcher, tracker, domain), *then(tracker, SERVICE)]


@dataclass(frozen=True)
class _Meant:
    """What a question turned out to be. unknown: it has words of its own that say nothing to the catalogue."""

    kinds: Sequence[str]
    resolution: Resolution
    unknown: bool = False


def answer_all(dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
    """Answer the questions of the message; the events that make the conversation remember them."""
    snapshot, memory, short = live.shared().snapshot, Memory.of(tracker), is_short(tracker)
    answers: list[Answer] = []
    for question in questions(tracker, snapshot.index):
        meant = _meant(question, memory, tracker, snapshot)
        for kind in meant.kinds:
            answer = _answer([kind], meant, snapshot, short=short)
            if kind == "hours" and answer.asks and not answer.options:
                # Opening hours are often asked of no service in particular.
                answer = Answer("hours", [ministry_text(f"faq/{_WORKING_DAYS}", tracker, domain)], faq=_WORKING_DAYS)
            if answers and answer.asks and answers[-1].asks and answer.options == answers[-1].options:
                memory = memory.asking_also(kind)
                answers[-1] = _answer(memory.asked.kinds if memory.asked else [kind], meant, snapshot, short=short)
            else:
                memory = memory.after(kind, answer, asked_in_full=question.kind is not None)
                answers.append(answer)
    for answer in answers[:-1]:
        say(dispatcher, answer)
    if answers:
        choices = answers[-1].choices or offers(answers, snapshot, tracker, domain)
        say(dispatcher, replace(answers[-1], choices=choices))
    return memory.slots(tracker)


def _meant(asked: Question, memory: Memory, tracker: Tracker, snapshot: Snapshot) -> _Meant:
    # "وللعيال؟" asks again what was asked before, whatever it would ask alone.
    again = memory.question is not None and ellipsis.is_for_someone(asked.text)
    question = replace(asked, kind=None) if again else asked
    possible = _least_to_be_named(question, memory)
    named = bool(question.found) and question.found[0]["score"] >= possible
    # What is corrected was not meant, even where the words fit it too.
    context = None if named and question.kind is None and corrects(tracker) else memory.service
    among = () if question.kind == "hours" else memory.open_options
    resolution = resolve(
        _preferred(question, memory), context, several=question.several, possible=possible, among=among
    )
    implied = _implied(question, resolution, memory, snapshot, named=named)
    if implied:
        resolution = Resolution(service=implied)
    unknown = question.kind is None and not (named or implied or agrees(tracker))
    return _Meant(_kinds(question, memory, tracker, implied=implied is not None), resolution, unknown)


def _least_to_be_named(question: Question, memory: Memory) -> float:
    """The probability that a service must have to count as named by the question."""
    if question.kind is None:
        # "رخصة" alone is no question about the service spoken of, though each licence by itself is little likely.
        elsewhere = memory.service is None or question.several >= ASK
    else:
        elsewhere = memory.service is None and not memory.open_options
    return max(_LEAST.get(question.kind or "", POSSIBLE), POSSIBLE if elsewhere else LEAVES_CONTEXT)


def _kinds(question: Question, memory: Memory, tracker: Tracker, *, implied: bool) -> Sequence[str]:
    if question.kind is None:
        return memory.kinds_meant(goes_on=implied or corrects(tracker) or ellipsis.goes_on(question.text))
    return memory.kinds_chosen(question.kind, question.found[0]["service"]) if question.chosen else (question.kind,)


def _preferred(question: Question, memory: Memory) -> Found:
    """What was found, only those that Dalil asked about when the message answers that and fits one of them."""
    if question.kind is not None and not memory.waits_for(question.kind):
        return question.found
    among = memory.open_options
    asked = [item for item in question.found if item["service"] in among and item["score"] >= POSSIBLE]
    return asked or question.found


def _implied(
    question: Question, resolution: Resolution, memory: Memory, snapshot: Snapshot, *, named: bool
) -> str | None:
    """The service that the words mean beside the one spoken of, or beside one of those that Dalil asked about."""
    bare = question.kind is None or ellipsis.is_circumstance(question.text)
    of_it = ellipsis.names_one_of(question.text)
    sure = named and resolution.sure
    context = snapshot.services.get(memory.service or "")
    if context is None:
        asked = [snapshot.services[option] for option in memory.open_options if option in snapshot.services]
        answered = resolution.service in memory.open_options or (sure and not of_it)
        return ellipsis.one_of(asked, question.text, snapshot.index) if bare and not answered else None
    tied = named and len(resolution.options) > 1
    if sure or not (tied or bare or of_it):
        return None
    meant = ellipsis.beside(context, question.text, snapshot.index)
    return meant if not tied or meant in resolution.options else None


def _answer(kinds: Sequence[str], meant: _Meant, snapshot: Snapshot, *, short: bool) -> Answer:
    """The answer to the first of `kinds`; where the service is not known, the question back for all of them."""
    resolution = meant.resolution
    if len(resolution.options) > 0:
        offered = [snapshot.services[option] for option in resolution.options if option in snapshot.services]
        return which_of(kinds, offered, short=short)
    service = snapshot.services.get(resolution.service or "")
    if service is None:
        return which_service(kinds, short=short)
    text = render(kinds[0], service, short=short).text
    if meant.unknown or not resolution.sure:
        text = f"{text}\n{_NO_MORE if meant.unknown else ''}{_IF_ANOTHER_SHORT if short else _IF_ANOTHER}"
    return Answer(kinds[0], [text], service=service.id)
