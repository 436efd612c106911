"""Words with their place in the original text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from camel_tools.tokenizers.word import simple_word_tokenize
from hypothesis import given
from ruamel.yaml import YAML

from arabic import Word, normalise, tokenise, words
from arabic.normalise import fold
from tests.arabic.test_normalise import typed

NLU_DATA = Path(__file__).parents[2] / "nlu_data"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("كم رسوم الجواز؟", ["كم", "رسوم", "الجواز"]),
        ("كم رسوم،الجواز", ["كم", "رسوم", "الجواز"]),
        ("مُحَمَّدٌ", ["محمد"]),
        ("رســـوم", ["رسوم"]),
        ("رس\u200cوم", ["رسوم"]),
        ("\u2067رسوم\u2069", ["رسوم"]),
        ("٧٧\u200f١٢", ["7712"]),
        ("١٢شهر", ["12", "شهر"]),
        ("شهر١٢", ["شهر", "12"]),
        ("2026/11/02", ["2026", "11", "02"]),
        ("رسوم_الجواز", ["رسوم", "الجواز"]),
        ("(رسوم)-[الجواز]/{بطاقة}", ["رسوم", "الجواز", "بطاقه"]),
        ("PSP-2026", ["psp", "2026"]),
        ("PSP2026001234", ["psp", "2026001234"]),
        ("TX٤٤٨٢", ["tx", "4482"]),
        ("kam se3r el 7aj", ["kam", "se3r", "el", "7aj"]),
        ("elgha2", ["elgha2"]),
        ("ro7'sa w 3’ali", ["ro7'sa", "w", "3’ali"]),
        ("'ro5sa7' 3'", ["ro5sa7", "3"]),
        ("wa83at ta9dee8 3o8ood", ["wa83at", "ta9dee8", "3o8ood"]),
        ("500riyal", ["500", "riyal"]),
        ("abc12def3", ["abc", "12", "def3"]),
        ("رسوم🙂الجواز", ["رسوم", "الجواز"]),
        ("🙂👍🏽❤️", []),
        ("؟!؟", []),
        ("ء", []),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_places_are_those_of_the_original_text() -> None:
    text = "  كمْ  رُسُوم الجوازِ؟"
    assert tokenise(text) == [Word("كم", 2, 5), Word("رسوم", 7, 13), Word("الجواز", 14, 21)]


@given(typed)
def test_every_word_stands_where_it_says(text: str) -> None:
    end = 0
    for word in tokenise(text):
        assert end <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.text
        end = word.end


@given(typed)
def test_spelling_does_not_change_the_words(text: str) -> None:
    text = text.replace("ء", "")  # alone it is a word of nothing, which parts its neighbours
    assert words(normalise(text)) == words(text)


LATIN_WITH_DIGITS = re.compile(r"[A-Za-z][0-9٠-٩]|[0-9٠-٩]['’`]?[A-Za-z]")


def sentences() -> list[str]:
    """Every eighth sentence of the training data: as people type, in all their spellings."""
    yaml = YAML(typ="safe")
    examples = [entry["examples"] for path in sorted(NLU_DATA.rglob("*.yml")) for entry in yaml.load(path)["nlu"]]
    lines = [line.removeprefix("- ") for block in examples for line in block.splitlines()]
    return [line for line in lines[::8] if not LATIN_WITH_DIGITS.search(line)]


def test_words_are_those_of_camel_tools() -> None:
    sample = sentences()
    assert len(sample) > 500
    expected = {text: simple_word_tokenize(normalise(text), split_digits=True) for text in sample}
    punctuation_left_out = {
        text: [word for word in found if any(map(str.isalnum, word))] for text, found in expected.items()
    }
    assert {text: words(text) for text in sample} == punctuation_left_out
