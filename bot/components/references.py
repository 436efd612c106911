"""Application numbers in a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from integrations.exchange.references import find_reference

REFERENCE = "reference"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ReferenceExtractor(GraphComponent):
    """Adds the entity `reference`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ReferenceExtractor:
        """Rasa's constructor of graph components."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entity to each message that has a number in it."""
        for message in messages:
            reference = find_reference(message.get(TEXT) or "")
            if reference:
                entity = {"entity": REFERENCE, "value": reference, "extractor": type(self).__name__}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages
