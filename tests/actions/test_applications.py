"""What may be said of an application: who asks, on which channel, with which proof, and how the agency is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.applications.action import ActionApplication
from integrations.catalogue import live
from integrations.exchange import desk
from integrations.exchange.desk import Attempts, Desk, Visit, visiting
from integrations.exchange.errors import ExchangeFault, ProofRefused, RateLimited, TooManyAttempts
from integrations.exchange.simulator import simulated_exchange
from integrations.exchange.simulator.agency import SimulatedAgencies
from integrations.exchange.simulator.faults import Fault
from integrations.exchange.simulator.seed import SAMPLE
from settings.sealing import Envelopes
from storage import Transactions
from tests.actions import making
from tests.actions.making import service

ENVELOPES = Envelopes(SecretStr("a-token-of-the-tests"))
NAME, NUMBER, PROOF = "نادية سعيد الكبسي", "+967770000104", "1104"
REFERENCE = "PSP-2026-000104"
STATE = "معادة إليك لاستكمال النواقص"
NOT_FOUND = "لم أجد معاملة"


@dataclass
class Citizen:
    """A conversation with the action: its slots, as the conversation keeps them."""

    agencies: SimulatedAgencies
    channel: str = "web"
    number: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    choices: list[dict[str, str]] = field(default_factory=list)

    async def asks(self, reference: str | None = None, proof: str | None = None, **message: Any) -> str:
        """The text of the answer; checks that nothing of it, nor of what is remembered, gives the citizen away."""
        sealed = SecretStr(ENVELOPES.seal("c", self.number)) if self.number else None
        secret = SecretStr(proof) if proof else None
        malformed = message.pop("malformed", False)
        given = {"intent": {"name": "status"}, "entities": [], "text": "", "metadata": {"channel": self.channel}}
        tracker = Tracker("c", self.slots, {**given, **message}, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        with visiting(Visit("c", reference, secret, malformed, sealed)):
            events = await ActionApplication().run(dispatcher, tracker, {})
        self.slots |= {event["name"]: event["value"] for event in events}
        [said] = dispatcher.messages
        self.choices = said["buttons"]
        self.kind = said["answer"]["kind"]
        for secret_text in (NAME, NUMBER, PROOF):
            assert secret_text not in str(said)
            assert secret_text not in str(self.slots)
        return str(said["text"])


@pytest.fixture
def seed() -> str | None:
    """The applications, where they are others than the sample's."""
    return None


@pytest.fixture
async def citizen(sqlite_url: str, seed: str | None, tmp_path: Path) -> AsyncIterator[Callable[..., Citizen]]:
    """Citizens of an exchange of their own."""
    live.share(making.live(service("passport", "جواز السفر"), service("id-card", "البطاقة الشخصية")))
    database = Transactions(sqlite_url)
    (tmp_path / "seed.yml").write_text(seed or "", "utf-8")
    exchange = simulated_exchange(tmp_path / "seed.yml" if seed else SAMPLE)
    desk.share(Desk(exchange.client, Attempts(database, "a-key"), ENVELOPES))
    yield lambda *arguments, **fields: Citizen(exchange.agencies, *arguments, **fields)
    desk.share(None)
    live.share(None)
    await database.close()


@pytest.mark.parametrize(
    ("channel", "number", "proof", "says"),
    [
        ("web", None, PROOF, STATE),
        ("telegram", None, PROOF, STATE),
        ("sms", NUMBER, None, STATE),
        ("sms", NUMBER, PROOF, STATE),
        ("sms", "+967771234567", PROOF, STATE),
        ("sms", None, PROOF, STATE),
        ("web", None, "1105", NOT_FOUND),
        ("telegram", None, "1105", NOT_FOUND),
        ("sms", "+967771234567", "1105", "لم نجد معاملة"),
        ("sms", "+967771234567", None, "مسجلة برقم هذا الهاتف"),
        ("sms", None, None, "آخر 4 أرقام"),
        ("web", None, None, "آخر أربعة أرقام"),
    ],
)
async def test_who_is_told_what(
    citizen: Callable[..., Citizen], channel: str, number: str | None, proof: str | None, says: str
) -> None:
    text = await citizen(channel, number).asks(REFERENCE, proof)
    assert says in text
    assert (STATE in text) == (says == STATE)


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_absent_and_not_yours_are_the_same_answer(citizen: Callable[..., Citizen], channel: str) -> None:
    absent, foreign = "PSP-2026-999999", REFERENCE
    texts = [
        (await citizen(channel).asks(reference, "0000")).replace(reference, "R") for reference in (absent, foreign)
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_over_sms_only_the_state_and_the_next_step(citizen: Callable[..., Citizen], channel: str) -> None:
    text = await citizen(channel).asks(REFERENCE, PROOF)
    assert "أحضر صورة شخصية حديثة بخلفية بيضاء" in text
    rest = ("فرع عدن", "ما مرت به", "سجل الجهة")
    assert [part in text for part in rest] == [channel == "web"] * len(rest)


@pytest.mark.parametrize(
    "fault", [Fault.SLOW, Fault.RESET, Fault.MAINTENANCE, Fault.AGENCY_ERROR, Fault.OTHER_APPLICATION]
)
async def test_when_the_agency_does_not_answer_what_was_told_before_is_told_with_its_time(
    citizen: Callable[..., Citizen], fault: Fault
) -> None:
    known, new = citizen(), citizen()
    await known.asks(REFERENCE, PROOF)
    known.agencies.faults["passports"] = fault
    text = await known.asks(REFERENCE, PROOF)
    assert known.kind == "unavailable"
    assert "لا يجيب الآن" in text
    assert "آخر ما عرفناه (" in text
    assert STATE in text
    assert STATE not in await new.asks(REFERENCE, PROOF)
    assert STATE not in await known.asks("PSP-2026-000105", PROOF)


async def test_a_fault_of_one_agency_does_not_touch_another(citizen: Callable[..., Citizen]) -> None:
    asking = citizen()
    asking.agencies.faults["passports"] = Fault.SLOW
    await asking.asks(REFERENCE, PROOF)
    assert "قيد المعالجة" in await asking.asks("ID-1100201", "1201")


async def test_a_wrong_proof_of_a_known_application_is_not_told_what_was_told_before(
    citizen: Callable[..., Citizen],
) -> None:
    known = citizen()
    await known.asks(REFERENCE, PROOF)
    assert STATE not in await known.asks(REFERENCE, "0000")


async def test_a_malformed_proof_is_asked_for_again_and_costs_nothing(citizen: Callable[..., Citizen]) -> None:
    asking = citizen()
    await asking.asks(REFERENCE)
    for _ in range(5):
        assert "أحتاج أربعة أرقام" in await asking.asks(malformed=True)
    assert STATE in await asking.asks(proof=PROOF)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (ProofRefused(), "unavailable", "والخلل ليس منك"),
        (RateLimited(120), "status", "انتظر دقيقتين"),
        (RateLimited(), "status", "أعد المحاولة لاحقا"),
        (TooManyAttempts(3 * 3600), "status", "انتظر 3 ساعات"),
        (ExchangeFault("server.serverproxy.access_denied", alarm=True), "unavailable", "لا يجيب الآن"),
    ],
)
async def test_what_the_citizen_can_do_about_a_refusal(
    citizen: Callable[..., Citizen], monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str, says: str
) -> None:
    async def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(desk.shared(), "ask", refuse)
    asking = citizen()
    assert says in await asking.asks(REFERENCE, PROOF)
    assert asking.kind == kind


ONE_FORM = """
agencies:
  - {id: passports, name: الجوازات, reference: {pattern: "P[0-9]{5}", example: P00001}}
applications:
  - {reference: P00002, agency: passports, service: passport, state: DRAFT, registered_number: "+967770000104",
     national_number_last4: "1104", full_name: نادية سعيد الكبسي, history: [{state: DRAFT, at: "2026-10-01T09:00:00"}]}
"""
TWO_OF_NO_FORM = """
agencies:
  - {id: justice, name: وزارة العدل, services: [notary-marriage]}
  - id: works
    name: وزارة الأشغال
    services: [building-permit]
    proofs: {web: [one-time-code]}
applications:
  - {reference: "4471120", agency: works, service: building-permit, state: PENDING, registered_number: "+967770000104",
     national_number_last4: "1104", full_name: نادية سعيد الكبسي, one_time_code: "482913",
     history: [{state: PENDING, at: "2026-10-01T09:00:00"}]}
"""


@pytest.mark.parametrize("seed", [TWO_OF_NO_FORM])
async def test_of_several_agencies_the_citizen_says_which_and_gives_the_proof_that_it_takes(
    citizen: Callable[..., Citizen],
) -> None:
    asking = citizen()
    assert "لدى أي جهة قدمت المعاملة 4471120" in await asking.asks("4471120")
    assert [choice["title"] for choice in asking.choices] == ["وزارة العدل", "وزارة الأشغال"]
    chosen = [{"entity": "agency", "value": "works"}]
    assert "الرمز الذي أرسلته إليك وزارة الأشغال" in await asking.asks(entities=chosen)
    assert asking.slots["application"]["proof"] == "one-time-code"
    assert "قيد المعالجة" in await asking.asks(proof="482913")


@pytest.mark.parametrize("seed", [TWO_OF_NO_FORM])
async def test_the_service_that_is_named_says_which_agency(citizen: Callable[..., Citizen]) -> None:
    named = [{"service": "notary-marriage", "score": 1.0}]
    assert "وزارة العدل لك" in await citizen().asks("4471120", services=named)


@pytest.mark.parametrize("seed", [TWO_OF_NO_FORM.replace("web: [one-time-code]", "telegram: [one-time-code]")])
async def test_a_channel_on_which_the_agency_tells_nothing_is_said_to_be_one(citizen: Callable[..., Citizen]) -> None:
    asking = citizen()
    await asking.asks("4471120")
    text = await asking.asks(entities=[{"entity": "agency", "value": "works"}])
    assert "لا تسمح وزارة الأشغال" in text
    assert "تيليجرام" in text
    assert asking.slots["application"] is None


@pytest.mark.parametrize("seed", [ONE_FORM])
async def test_a_number_of_no_known_form_is_said_to_be_one(citizen: Callable[..., Citizen]) -> None:
    text = await citizen().asks("4471120")
    assert "ليس بشكل أرقام المعاملات" in text
    assert "الجوازات: مثل P00001" in text
