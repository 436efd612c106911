"""The sentences of this folder measure; none of them may be learnt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from arabic import words
from bot.evaluation.cases import load_cases
from tests.nlu.cases import FOLDER

_DATA = Path(__file__).parents[2] / "nlu_data"
# Below this many words ("شكرا", "جواز سفر") whoever writes the same thing writes it the same way.
_SHORTEST = 3
_SHARED = 0.8


def _examples() -> Iterator[tuple[Path, str]]:
    for path in sorted(_DATA.rglob("*.yml")):
        for block in (YAML(typ="safe").load(path) or {}).get("nlu", []):
            yield from ((path, line.strip()[2:]) for line in block["examples"].splitlines() if line.strip()[:2] == "- ")


def test_no_training_example_is_a_held_out_sentence() -> None:
    held_out = [set(said) for case in load_cases(FOLDER) if len(said := words(case.text)) >= _SHORTEST]
    by_word: dict[str, list[set[str]]] = {}
    for sentence in held_out:
        for word in sentence:
            by_word.setdefault(word, []).append(sentence)
    copied = []
    for path, text in _examples():
        said = set(words(text))
        near = (sentence for word in said for sentence in by_word.get(word, ()))
        if any(len(said & sentence) >= _SHARED * len(said | sentence) for sentence in near):
            copied.append(f"{path.name}: {text}")
    assert copied == []
