"""Custom actions in this process.

Rasa's RemoteAction serialises the whole tracker and the domain, posts them, and validates the answer against a JSON
schema that it compiles anew each time: measured, nearly all of an answer's time. Here the action is called directly.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, create_bot_utterance
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher


def load_actions() -> ActionExecutor:
    """All actions of the `actions` room, each made once."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


class LocalAction(Action):
    """A custom action, run by rasa-sdk's executor in this process."""

    def __init__(self, name: str, executor: ActionExecutor) -> None:
        self._name = name
        self._run = executor.actions[name]

    def name(self) -> str:
        """The action's name in the domain."""
        return self._name

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
        metadata: dict[str, Any] | None = None,
    ) -> list[Event]:
        """Run the action; what it raises, raises here."""
        dispatcher = CollectingDispatcher()
        events = await self._run(dispatcher, _sdk_tracker(tracker), {"responses": domain.responses})
        said: list[Event] = [create_bot_utterance(message) for message in dispatcher.messages]
        return [*said, *deserialise_events(events or [])]


def _sdk_tracker(tracker: DialogueStateTracker) -> Tracker:
    latest = tracker.latest_message
    message: dict[str, Any] = {}
    if latest is not None:
        message = {**latest.parse_data, "text": latest.text, "metadata": latest.metadata}
    return Tracker(
        sender_id=tracker.sender_id,
        slots=tracker.current_slot_values(),
        latest_message=message,
        events=[],
        paused=tracker.is_paused(),
        followup_action=tracker.followup_action,
        active_loop={"name": tracker.active_loop_name} if tracker.active_loop_name else {},
        latest_action_name=tracker.latest_action_name,
    )
