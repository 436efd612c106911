"""The actions as Rasa calls them: a tracker in, texts, choices and remembered slots out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.applications.action import ActionApplication
from actions.conversation import ActionConversation
from actions.list_services import ActionListServices, find_authority
from actions.not_understood import ActionNotUnderstood
from actions.resolution import ASK, BESIDE, LEAVES_CONTEXT, POSSIBLE, SURE
from actions.service_information import ActionServiceInformation
from integrations.catalogue import live
from integrations.catalogue.model import Authority
from tests.actions import making
from tests.actions.making import cost, said, service

CARD = service("id-card", "البطاقة الشخصية", costs=(cost(amount=500.0),), evidence=said("صورة"))
SMART = service("smart-id-card", "البطاقة الذكية", costs=(cost(amount=700.0),))
PENSION = service("pension", "المعاش")
PASSPORT = service("passport", "جواز السفر", costs=(cost(amount=9000.0),), steps=said("احجز موعدا"))
HOURS = {"utter_faq/working-days": [{"text": "الدوام من السبت.", "metadata": {"source": "تعميم", "published": "2025"}}]}
SENTENCES = {
    "utter_human": [{"text": "لا موظف"}],
    "utter_cancelled": [{"text": "ألغيت"}],
    "utter_thanks": [{"text": "عفوا"}],
}
DOMAIN = {"responses": {**HOURS, **SENTENCES}}
WAY_OUT = "إن كنت تقصد خدمة أخرى فاكتب اسمها كاملا."
WAY_OUT_SMS = "إن قصدت خدمة أخرى فأرسل اسمها."
BIT = 0.001
"""What is this much below a threshold is below it."""


@pytest.fixture(autouse=True)
def catalogue() -> Iterator[None]:
    """A catalogue of two services."""
    live.share(making.live(CARD, PASSPORT))
    yield
    live.share(None)


def hit(name: str, score: float = 1.0) -> dict[str, Any]:
    return {"service": name, "score": score}


async def run(action: Action, intent: str, slots: dict[str, Any] | None = None, **message: Any) -> tuple[Any, Any]:
    """What the action says (Rasa's messages) and the slots that it sets.

    `several` is the probability that the message fits several of its `services`.
    """
    asked = [{"kind": intent, "services": message.get("services", []), "several": message.pop("several", 0.0)}]
    given = {"intent": {"name": intent}, "entities": [], "text": "", "questions": asked, "metadata": {"channel": "web"}}
    latest = {**given, **message}
    tracker = Tracker("c", slots or {}, latest, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, DOMAIN)
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


async def ask(intent: str, slots: dict[str, Any] | None = None, **message: Any) -> tuple[Any, Any]:
    return await run(ActionServiceInformation(), intent, slots, **message)


def kind_and_service(message: dict[str, Any]) -> tuple[str, str | None]:
    return message["answer"]["kind"], message["answer"]["service"]


async def test_a_named_service_is_answered_and_remembered() -> None:
    (message,), slots = await ask("fees", services=[hit("passport")])
    assert kind_and_service(message) == ("fees", "passport")
    assert "9,000 ريال يمني" in message["text"]
    assert slots == {"service": "passport", "question": "fees"}
    assert [button["payload"] for button in message["buttons"]] == ['/steps{"service": "passport"}']


async def test_only_what_is_known_is_offered_next_and_nothing_on_sms() -> None:
    (screen,), _ = await ask("fees", services=[hit("id-card")])
    assert [button["title"] for button in screen["buttons"]] == ["الأوراق والشروط"]
    (sms,), _ = await ask("fees", services=[hit("id-card")], metadata={"channel": "sms"})
    assert sms["buttons"] == []


async def test_a_follow_up_is_about_the_service_in_context() -> None:
    (message,), slots = await ask("fees", {"service": "passport"}, services=[])
    assert kind_and_service(message) == ("fees", "passport")
    assert slots["service"] == "passport"


async def test_naming_another_service_changes_the_context() -> None:
    (message,), slots = await ask("fees", {"service": "passport"}, services=[hit("id-card")])
    assert kind_and_service(message) == ("fees", "id-card")
    assert slots["service"] == "id-card"


async def test_several_that_fit_are_offered_and_are_what_is_spoken_of_now() -> None:
    found = [hit("id-card"), hit("passport", BESIDE)]
    (message,), slots = await ask("fees", {"service": "pension"}, services=found, several=ASK)
    assert kind_and_service(message) == ("ambiguous", None)
    assert message["answer"]["options"] == ["id-card", "passport"]
    assert [button["payload"] for button in message["buttons"]] == [
        '/fees{"service": "id-card"}',
        '/fees{"service": "passport"}',
    ]
    asked = {"kinds": ["fees"], "options": ["id-card", "passport"], "open": True}
    assert slots == {"service": None, "question": "fees", "asked": asked}


@pytest.mark.parametrize(
    ("context", "beside", "several", "meant"),
    [
        ("pension", 1.0, ASK - BIT, "id-card"),
        ("pension", BESIDE - BIT, 1.0, "id-card"),
        ("passport", BESIDE, 1.0, "passport"),
        ("passport", 1.0, ASK - BIT, "id-card"),
    ],
)
async def test_one_of_several_is_answered_when_it_is_clear_which(
    context: str, beside: float, several: float, meant: str
) -> None:
    found = [hit("id-card"), hit("passport", beside)]
    (message,), slots = await ask("fees", {"service": context}, services=found, several=several)
    assert kind_and_service(message) == ("fees", meant)
    assert WAY_OUT not in message["text"]
    assert slots == {"service": meant, "question": "fees"}


@pytest.mark.parametrize("others", [[], [hit("id-card", 0.1)]])
@pytest.mark.parametrize(("channel", "way_out"), [("web", WAY_OUT), ("sms", WAY_OUT_SMS)])
@pytest.mark.parametrize(("score", "guessed"), [(POSSIBLE, True), (SURE - BIT, True), (SURE, False), (1.0, False)])
async def test_a_guess_ends_with_a_way_out(
    score: float, guessed: bool, channel: str, way_out: str, others: list[Any]
) -> None:
    found = [hit("passport", score), *others]
    (message,), _ = await ask("fees", services=found, metadata={"channel": channel}, several=ASK - BIT)
    assert kind_and_service(message) == ("fees", "passport")
    assert message["text"].endswith(f"\n{way_out}") == guessed
    assert (way_out in message["text"]) == guessed


@pytest.mark.parametrize("several", [0.0, 1.0])
async def test_what_is_hardly_possible_is_not_named(several: float) -> None:
    found = [hit("passport", POSSIBLE - BIT), hit("id-card", POSSIBLE - BIT)]
    (message,), slots = await ask("fees", services=found, several=several)
    assert kind_and_service(message) == ("fees", None)
    assert slots["service"] is None


@pytest.mark.parametrize(
    ("score", "meant", "guessed"),
    [(LEAVES_CONTEXT - BIT, "passport", False), (LEAVES_CONTEXT, "id-card", True), (SURE, "id-card", False)],
)
async def test_a_conversation_leaves_its_service_only_for_what_is_likely(
    score: float, meant: str, guessed: bool
) -> None:
    (message,), slots = await ask("fees", {"service": "passport"}, services=[hit("id-card", score)])
    assert kind_and_service(message) == ("fees", meant)
    assert (WAY_OUT in message["text"]) == guessed
    assert slots["service"] == meant


@pytest.mark.parametrize(("score", "meant"), [(POSSIBLE, "passport"), (POSSIBLE - BIT, "id-card")])
async def test_an_answer_to_what_dalil_asked_is_one_of_its_options(score: float, meant: str) -> None:
    slots = {"question": "fees", "asked": {"kinds": ["fees"], "options": ["passport", "pension"], "open": True}}
    found = [hit("id-card", 0.9), hit("passport", score)]
    (message,), _ = await ask("bare_service", slots, services=found, several=ASK - BIT)
    assert kind_and_service(message) == ("fees", meant)


async def test_no_service_at_all_asks_which_and_keeps_the_question() -> None:
    (message,), slots = await ask("fees", services=[])
    assert kind_and_service(message) == ("fees", None)
    assert message["text"].startswith("عن أي خدمة تسأل؟")
    (answered,), _ = await ask("bare_service", slots, services=[hit("passport")], text="الجواز")
    assert kind_and_service(answered) == ("fees", "passport")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("والجواز؟", "fees"),
        ("طيب الجواز", "fees"),
        ("وحق الجواز", "fees"),
        ("الجواز", "overview"),
        ("وكالة", "overview"),
    ],
)
async def test_a_bare_name_goes_on_with_the_question_only_when_it_says_so(text: str, kind: str) -> None:
    slots = {"service": "id-card", "question": "fees"}
    (message,), _ = await ask("bare_service", slots, services=[hit("passport")], text=text)
    assert kind_and_service(message) == (kind, "passport")


async def test_two_questions_get_two_answers_each_about_its_own_service() -> None:
    questions = [{"kind": "fees", "services": [hit("id-card")]}, {"kind": "steps", "services": [hit("passport")]}]
    messages, slots = await ask("fees", questions=questions)
    assert [kind_and_service(message) for message in messages] == [("fees", "id-card"), ("steps", "passport")]
    assert slots == {"service": "passport", "question": "steps"}


async def test_the_second_question_is_about_the_service_of_the_first() -> None:
    questions = [{"kind": "fees", "services": [hit("passport")]}, {"kind": "steps", "services": []}]
    messages, _ = await ask("fees", questions=questions)
    assert [kind_and_service(message) for message in messages] == [("fees", "passport"), ("steps", "passport")]


async def test_each_question_is_answered_or_asked_back_by_its_own_services() -> None:
    both, one = [hit("id-card"), hit("passport")], [hit("passport")]
    unclear = {"kind": "fees", "services": both, "several": ASK}
    clear = {"kind": "steps", "services": one, "several": ASK}
    likewise = {"kind": "steps", "services": both, "several": ASK}
    messages, _ = await ask("fees", questions=[unclear, clear])
    assert [kind_and_service(message) for message in messages] == [("ambiguous", None), ("steps", "passport")]
    (asked,), slots = await ask("fees", questions=[unclear, likewise])
    assert (asked["answer"]["kind"], asked["answer"]["also"]) == ("ambiguous", ["ambiguous"])
    assert slots["asked"] == {"kinds": ["fees", "steps"], "options": ["id-card", "passport"], "open": True}
    messages, _ = await ask("fees", questions=[{**unclear, "several": ASK - BIT}, clear])
    assert [kind_and_service(message) for message in messages] == [("fees", "id-card"), ("steps", "passport")]


async def test_a_question_that_says_nothing_of_several_services_means_the_first() -> None:
    (message,), _ = await ask("fees", questions=[{"kind": "fees", "services": [hit("id-card"), hit("passport")]}])
    assert kind_and_service(message) == ("fees", "id-card")


async def test_questions_that_fit_different_services_are_asked_back_each() -> None:
    live.share(making.live(CARD, SMART, PASSPORT, PENSION))
    first = {"kind": "fees", "services": [hit("pension"), hit("passport")], "several": ASK}
    second = {"kind": "steps", "services": [hit("id-card"), hit("smart-id-card")], "several": ASK}
    messages, _ = await ask("fees", questions=[first, second])
    options = [message["answer"]["options"] for message in messages]
    assert options == [["pension", "passport"], ["id-card", "smart-id-card"]]


async def test_one_of_a_list_that_fits_several_services_is_asked_back() -> None:
    live.share(making.live(CARD, SMART, PASSPORT))
    messages, _ = await ask("fees", services=[hit("passport")], text="كم رسوم الجواز والبطاقة")
    assert [kind_and_service(message) for message in messages] == [("fees", "passport"), ("ambiguous", None)]
    assert set(messages[1]["answer"]["options"]) == {"id-card", "smart-id-card"}


async def test_a_chosen_option_is_answered_whatever_else_was_found() -> None:
    chosen = [{"entity": "service", "value": "passport"}]
    (message,), _ = await ask("fees", entities=chosen, services=[hit("id-card"), hit("pension")], several=1.0)
    assert kind_and_service(message) == ("fees", "passport")


@pytest.mark.parametrize("slots", [{"service": "gone"}, {}])
async def test_a_service_that_was_withdrawn_is_asked_for_again(slots: dict[str, Any]) -> None:
    entities = [] if slots else [{"entity": "service", "value": "gone"}]
    (message,), _ = await ask("fees", slots, entities=entities, services=[])
    assert kind_and_service(message) == ("fees", None)
    assert "عن أي خدمة" in message["text"]


async def test_hours_of_no_service_are_the_general_working_days_with_their_source() -> None:
    (message,), _ = await ask("hours", services=[])
    assert message["text"] == "الدوام من السبت.\nالمصدر: تعميم (2025)."
    (sms,), _ = await ask("hours", services=[], metadata={"channel": "sms"})
    assert sms["text"] == "الدوام من السبت."


@pytest.mark.parametrize(("score", "named"), [(0.5 - BIT, None), (0.5, "passport")])
async def test_hours_are_those_of_a_service_that_is_named_clearly(score: float, named: str | None) -> None:
    (message,), _ = await ask("hours", services=[hit("passport", score)])
    assert kind_and_service(message) == ("hours", named)


@pytest.mark.parametrize("kind", ["status", "follow", "lost_reference"])
@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_the_state_of_an_application_is_never_guessed(kind: str, channel: str) -> None:
    entities = [{"entity": "reference", "value": "PSP2026001234"}]
    (message,), _ = await run(
        ActionApplication(), kind, entities=entities, services=[hit("passport")], metadata={"channel": channel}
    )
    about = {"kind": kind, "service": "passport", "options": [], "reference": "PSP2026001234"}
    assert message["answer"] == about
    assert "راجع المكتب" in message["text"]


@pytest.mark.parametrize(("intent", "forgets"), [("cancel", True), ("thanks", False)])
async def test_cancelling_forgets_and_thanks_do_not(intent: str, forgets: bool) -> None:
    _, slots = await run(ActionConversation(), intent, {"service": "passport", "question": "fees"})
    forgotten = {"service": None, "question": None, "application": None}
    assert slots == (forgotten if forgets else {})


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ([], None),
        ([hit("passport", POSSIBLE - BIT)], None),
        ([hit("passport", POSSIBLE)], "passport"),
        ([hit("passport"), hit("id-card")], "passport"),
    ],
)
async def test_a_wish_for_a_person_keeps_the_service_that_it_is_about(found: list[Any], named: str | None) -> None:
    (message,), _ = await run(ActionConversation(), "human", services=found)
    assert kind_and_service(message) == ("human", named)


async def test_what_is_not_understood_offers_what_is_near_and_nothing_else() -> None:
    found = [hit("gone", 0.6), hit("passport", POSSIBLE), hit("id-card", POSSIBLE - BIT)]
    (message,), _ = await run(ActionNotUnderstood(), "out_of_scope", services=found)
    assert kind_and_service(message) == ("out_of_scope", None)
    assert [button["payload"] for button in message["buttons"]] == ['/overview{"service": "passport"}']
    (lost,), _ = await run(ActionNotUnderstood(), "out_of_scope", services=[])
    assert lost["buttons"] == []
    assert "إن كنت تقصد" not in lost["text"]


async def test_the_list_of_services_has_all_authorities_on_a_screen_and_fits_an_sms() -> None:
    (screen,), _ = await run(ActionListServices(), "list_services", text="ما الخدمات؟")
    assert "2 خدمة" in screen["text"]
    assert "- مصلحة الأحوال المدنية" in screen["text"]
    (sms,), _ = await run(ActionListServices(), "list_services", text="ما الخدمات؟", metadata={"channel": "sms"})
    assert len(sms["text"]) < 201
    (own,), _ = await run(ActionListServices(), "list_services", text="ايش خدمات الاحوال المدنيه")
    assert "- البطاقة الشخصية\n- جواز السفر" in own["text"]


TRAFFIC = Authority("traffic", "الإدارة العامة للمرور", ("المرور",), None, "BOTH")
PASSPORTS = Authority("passports", "مصلحة الهجرة والجوازات والجنسية", ("الجوازات",), None, "BOTH")
CIVIL = making.AUTHORITY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ايش خدمات المرور", TRAFFIC),
        ("ماذا تقدم مصلحة الجوازات؟", PASSPORTS),
        ("خدمات مصلحة الأحوال المدنية", CIVIL),
        ("خدمات الهجرة والجوازات", PASSPORTS),
        ("ما هي الخدمات", None),
        ("خدمات الوزارة", None),
        ("", None),
    ],
)
def test_the_authority_that_is_named(text: str, found: Authority | None) -> None:
    assert find_authority(text, [TRAFFIC, PASSPORTS, CIVIL]) == found
