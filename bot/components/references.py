"""Application numbers in a message."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from arabic import strip_marks, to_ascii_digits

REFERENCE = "reference"

# No agency publishes the form of its numbers (reference facts, section 6), so this is what they look like on paper:
# letters then digits in groups (PSP-2026-001234), or at least five digits. Anything more exact is the agency's to say.
_GROUPED = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,5}\s?[\-/._]?\s?\d(?:\s?[\-/._]?\s?\d){3,19})(?!\d)")
_PLAIN = re.compile(r"(?<![\dA-Za-z])(\d(?:[\-/]?\d){4,19})(?![\dA-Za-z])")
_SPACED = re.compile(r"(?<![\dA-Za-z])(\d{2,6}(?: \d{2,6}){1,4})(?![\dA-Za-z])")
_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\-/]")
_DATE = re.compile(r"^(?:\d{4}([\-/])\d{1,2}\1\d{1,2}|\d{1,2}([\-/])\d{1,2}\2\d{4})$")
_PHONE = re.compile(r"^(?:00967|967|0)?7[01378]\d{7}$")
_SHORTEST = 5


def find_reference(text: str) -> str | None:
    """The first application number in `text`, in ASCII upper case without spaces, or None.

    A mobile number is not one: people sign their messages with it. Nor is a date.
    """
    plain = to_ascii_digits(strip_marks(text))
    for pattern in (_GROUPED, _PLAIN, _SPACED):
        for match in pattern.finditer(plain):
            reference = _SPACES.sub("", match.group(1)).upper()
            if len(reference) >= _SHORTEST and not _is_phone_or_date(reference):
                return reference
    return None


def _is_phone_or_date(number: str) -> bool:
    return bool(_PHONE.match(_SEPARATORS.sub("", number)) or _DATE.match(number))


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
