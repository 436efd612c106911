"""Which services of the live catalogue a message names."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from integrations.catalogue import live

SERVICES = "services"
"""Message property: `[{"service": id, "score": 0..1, "spans": [[start, end], …]}, …]`, best first."""
_CANDIDATES = 6


# Registered as a featurizer because only those also see the training data.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ServiceFinder(GraphComponent):
    """Searches the catalogue with the words of the message.

    Nothing of the catalogue is in the model: a service that is added to it is found at once, without training.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceFinder:
        """Rasa's constructor of graph components."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the services to the training messages, so that their words can be masked."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the property SERVICES to each message."""
        index = live.shared().snapshot.index
        for message in messages:
            text = message.get(TEXT)
            if text:
                hits = index.search(text, limit=_CANDIDATES)
                found = [
                    {"service": hit.service, "score": round(hit.score, 4), "spans": [list(span) for span in hit.spans]}
                    for hit in hits
                ]
                message.set(SERVICES, found, add_to_output=True)
        return messages
