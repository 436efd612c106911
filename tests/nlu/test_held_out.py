"""The sentences of this folder measure; none of them may be learnt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from arabic import words
from bot.data.reading import read
from bot.evaluation.cases import load_cases
from tests.nlu.cases import DEVELOPMENT, HELD_OUT

_DATA = Path(__file__).parents[2] / "nlu_data"
# Below this many words ("شكرا", "جواز سفر") whoever writes the same thing writes it the same way.
_SHORTEST = 3
_SHARED = 0.8


class Sentences:
    """Sets of words, to be found by those that share most of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        said = [frozenset(spoken) for text in texts if len(spoken := words(text)) >= _SHORTEST]
        rarity = Counter(word for sentence in said for word in sentence)
        self._by_word: dict[str, list[frozenset[str]]] = {}
        for sentence in said:
            # What is nearly equal lacks so few of its words that it has at least one of the rarest.
            most_lacking = len(sentence) - math.ceil(_SHARED * len(sentence))
            for word in sorted(sentence, key=lambda word: (rarity[word], word))[: most_lacking + 1]:
                self._by_word.setdefault(word, []).append(sentence)

    def nearly_has(self, text: str) -> bool:
        said = frozenset(words(text))
        near = (sentence for word in said for sentence in self._by_word.get(word, ()))
        return any(len(said & sentence) >= _SHARED * len(said | sentence) for sentence in near)


def copies(sentences: Sentences, data: Path) -> list[str]:
    """Where the training data has nearly one of the sentences: places, for held-out sentences are not to be read."""
    examples = read(data).examples
    assert examples, f"no examples in {data}"
    return [f"{example.file}:{example.line}" for example in examples if sentences.nearly_has(example.text)]


def test_no_training_example_is_a_sentence_that_measures() -> None:
    texts = [case.text for folder in (DEVELOPMENT, HELD_OUT) for case in load_cases(folder)]
    # Not within the assertion: pytest would print what it is called with.
    sentences = Sentences(texts)
    assert copies(sentences, _DATA) == []


def test_a_sentence_is_found_again_with_a_fifth_of_its_words_changed(tmp_path: Path) -> None:
    file = tmp_path / "fees.yml"
    said = (
        "كم رسوم تجديد الجواز",
        "كم رسوم تجديد الجواز اليوم",
        "كم رسوم تجديد البطاقة اليوم",
        "رسوم الجواز",
        "كم رسوم",
    )
    examples = "".join(f"    - {text}\n" for text in said)
    file.write_text(f'version: "3.1"\nnlu:\n- intent: fees\n  examples: |\n{examples}', encoding="utf-8")
    held_out = Sentences(["كم رسوم تجديد الجواز؟", "كم رسوم"])
    assert copies(held_out, tmp_path) == [f"{file}:5", f"{file}:6"]
