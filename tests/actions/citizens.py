"""A citizen who asks for an application, as Rasa's action hears them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.applications.action import ActionApplication
from integrations.exchange.desk import Visit, visiting
from integrations.exchange.simulator.agency import SimulatedAgencies
from settings.sealing import Envelopes

ENVELOPES = Envelopes(SecretStr("a-token-of-the-tests"))
NAME, NUMBER, PROOF = "نادية سعيد الكبسي", "+967770000104", "1104"
REFERENCE = "PSP-2026-000104"


@dataclass
class Citizen:
    """A conversation with the action: its slots, as the conversation keeps them."""

    agencies: SimulatedAgencies
    channel: str = "web"
    number: str | None = None
    conversation: str = "c"
    slots: dict[str, Any] = field(default_factory=dict)
    choices: list[dict[str, str]] = field(default_factory=list)

    async def asks(self, reference: str | None = None, proof: str | None = None, **message: Any) -> str:
        """The text of the answer; checks that nothing of it, nor of what is remembered, gives the citizen away."""
        sealed = SecretStr(ENVELOPES.seal(self.conversation, self.number)) if self.number else None
        secret = SecretStr(proof) if proof else None
        malformed = message.pop("malformed", False)
        given = {"intent": {"name": "status"}, "entities": [], "text": "", "metadata": {"channel": self.channel}}
        tracker = Tracker(self.conversation, self.slots, {**given, **message}, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        with visiting(Visit(self.conversation, reference, secret, malformed, sender=sealed)):
            events = await ActionApplication().run(dispatcher, tracker, {})
        self.slots |= {event["name"]: event["value"] for event in events}
        [said] = dispatcher.messages
        self.choices = said["buttons"]
        self.kind = said["answer"]["kind"]
        for secret_text in (NAME, NUMBER, PROOF):
            assert secret_text not in str(said)
            assert secret_text not in str(self.slots)
        return str(said["text"])
