"""Words for Rasa: normalised by the arabic room, with their place in the original text."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from arabic import from_latin, tokenise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ArabicTokenizer(Tokenizer):
    """Tokenizer of Arabic as people type it; stock Rasa's splits words at their diacritics.

    Words in Latin letters are read as Arabic ("kam rosoom el jawaz"), keeping their place in what was typed.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's tokenizer options; none of them changes anything here."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of the attribute, in order."""
        text = message.get(attribute)
        return [Token(from_latin(word.text) or word.text, word.start, word.end) for word in tokenise(text)]
