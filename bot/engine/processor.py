"""Rasa's message processor, made strict and light.

It predicts with Rasa's graph as always. Changed: custom actions run in process; a failing action raises instead of
being logged and forgotten; the tracker is given and not fetched, so that a message costs one read and one write.
"""

from __future__ import annotations

import tempfile
from collections.abc import Hashable
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, action_for_name_or_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk.executor import ActionExecutor

from bot.engine.actions import LocalAction
from bot.engine.runner import PlannedRunner
from bot.errors import ActionFailed


class ReplyCollector(OutputChannel):
    """Collects what is said; its name is the citizen's channel, so that responses for that channel are chosen."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:
        """web, telegram or sms."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message."""
        self.messages.append(message)


class StrictProcessor(MessageProcessor):
    """See the module's docstring."""

    executor: ActionExecutor
    _decided: dict[Hashable, PolicyPrediction]

    @staticmethod
    def _load_model(model_path: Any) -> tuple[str, ModelMetadata, GraphRunner]:
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, PlannedRunner
            )
        return Path(model_path).name, metadata, runner

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: Rasa builds an empty domain a message to warn of what a test proves once (every intent is known)."""

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """What the rules say; asked once for each state that they can tell apart.

        Rules are a function of the turn's intent and entities, the last action, the form and the slots that
        influence a conversation; where there is such a slot, they are asked every time.
        """
        if tracker.followup_action or any(slot.influence_conversation for slot in tracker.slots.values()):
            return super()._predict_next_with_tracker(tracker)
        message = tracker.latest_message
        entities = frozenset(entity["entity"] for entity in message.entities) if message else frozenset()
        intent = message.intent_name if message else None
        state = (intent, entities, tracker.latest_action_name, tracker.active_loop_name)
        if state not in self._decided:
            self._decided[state] = super()._predict_next_with_tracker(tracker)
        return self._decided[state]

    def _get_action(self, action_name: str) -> Action:
        if action_name in self.executor.actions:
            return LocalAction(action_name, self.executor)
        return action_for_name_or_text(action_name, self.domain, None)

    async def answer(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """Understand `message`, run the predicted actions, update `tracker`; replies go to the message's channel.

        Raises:
            ActionFailed: a component or an action raised.
        """
        try:
            await self._handle_message_with_tracker(message, tracker)
        except Exception as error:
            raise ActionFailed(f"understanding failed: {type(error).__name__}") from error
        listening = False
        for _ in range(self.max_number_of_predictions):
            prediction = self._predict_next_with_tracker(tracker)
            action = self._get_action(self.domain.action_names_or_texts[prediction.max_confidence_index])
            listening = not await self._run_action(action, tracker, message.output_channel, self.nlg, prediction)
            if listening:
                return
        raise ActionFailed("the rules do not come to an end")

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        try:
            events = await action.run(output_channel, nlg, tracker, self.domain)
        except Exception as error:
            raise ActionFailed(f"{action.name()} failed: {type(error).__name__}") from error
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))


class StrictAgent(Agent):
    """An agent whose processor is ours."""

    def __init__(self, *, executor: ActionExecutor, **options: Any) -> None:
        super().__init__(**options)
        self._executor = executor

    def load_model(self, model_path: Any, fingerprint: str | None = None) -> None:
        """Load a model archive; blocks."""
        self.processor = StrictProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=None,
            generator=self.nlg,
        )
        self.processor.executor = self._executor
        self.processor._decided = {}
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses if self.domain else {}
