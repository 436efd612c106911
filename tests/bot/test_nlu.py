"""Understanding without Rasa: features, the classifier's file, questions inside a message."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from arabic import tokenise
from bot.nlu import questions
from bot.nlu.features import NUMBER, SERVICE, features, placeholders
from bot.nlu.linear import LinearClassifier, ModelFormatError, probabilities_by_label, vector


@pytest.mark.parametrize(
    ("words", "named", "masked"),
    [
        (["كم", "رسوم", "جواز", "السفر"], {2, 3}, ["كم", "رسوم", SERVICE]),
        (["الجواز", "كم", "الجواز"], {0, 2}, [SERVICE, "كم", SERVICE]),
        (["معامله", "12345"], set(), ["معامله", NUMBER]),
        (["كم", "12", "يوم"], set(), ["كم", "12", "يوم"]),
        ([], set(), []),
    ],
)
def test_services_and_numbers_become_placeholders(words: list[str], named: set[int], masked: list[str]) -> None:
    assert placeholders(words, frozenset(named)) == masked


def test_a_service_that_nobody_trained_has_the_features_of_any_other() -> None:
    asked = ["كم", "رسوم", SERVICE]
    assert features(asked) == features(asked)
    assert features(["كم", "رسوم", "جواز"]) != features(asked)
    assert not [name for name in features(asked) if "خدمه" in name and name[0] == "c"]


def test_spellings_share_stems_and_letters() -> None:
    one, other = features(["رسوم"]), features(["الرسوم"])
    assert one["s:رسم"] == other["s:رسم"] == 1
    assert len(set(one) & set(other)) > 5


def classifier() -> LinearClassifier:
    vocabulary = {"s:رسم": 0, "s:مكان": 1, "c: رس": 2}
    weights = np.array([[2.0, -2.0], [-2.0, 2.0], [0.5, -0.5]], dtype=np.float32)
    return LinearClassifier(
        ("fees", "location"),
        vocabulary,
        np.array([1.0, 2.0, 1.5], dtype=np.float32),
        weights,
        np.array([0.1, -0.1], dtype=np.float32),
        temperature=0.5,
    )


def test_the_more_probable_label_comes_first_and_all_add_up_to_one() -> None:
    ranking = probabilities_by_label(classifier(), Counter({"s:رسم": 1, "unseen": 4}))
    assert [label for label, _ in ranking] == ["fees", "location"]
    assert sum(value for _, value in ranking) == pytest.approx(1.0)
    assert ranking[0][1] > 0.9


def test_nothing_known_leaves_only_the_bias() -> None:
    nothing = Counter({"s:غريب": 1})
    assert classifier().knows(nothing) == 0
    assert classifier().knows(Counter({"s:رسم": 1, "c: رس": 3})) == 1
    assert classifier().probabilities(nothing)[0] == pytest.approx(1 / (1 + np.exp(-0.4)), rel=1e-5)


def test_many_letters_do_not_drown_few_words() -> None:
    vocabulary = {"s:رسم": 0, **{f"c:{place}": place for place in range(1, 50)}}
    idf = np.ones(50, dtype=np.float32)
    _, values = vector(Counter(vocabulary.keys()), vocabulary, idf)
    assert values[0] ** 2 == pytest.approx(0.5)
    assert np.square(values).sum() == pytest.approx(1.0)


def test_a_classifier_comes_back_from_its_files_as_it_was(tmp_path: Path) -> None:
    before = classifier()
    before.save(tmp_path)
    after = LinearClassifier.load(tmp_path)
    assert (after.labels, after.vocabulary, after.temperature) == (
        before.labels,
        before.vocabulary,
        before.temperature,
    )
    for counts in (Counter({"s:رسم": 2}), Counter({"s:مكان": 1, "c: رس": 1}), Counter()):
        np.testing.assert_allclose(after.probabilities(counts), before.probabilities(counts), atol=1e-3)


@pytest.mark.parametrize("number", [0, 2, None, "1"])
def test_a_classifier_of_another_format_is_refused(tmp_path: Path, number: object) -> None:
    classifier().save(tmp_path)
    file = tmp_path / "vocabulary.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "format": number}), "utf-8")
    with pytest.raises(ModelFormatError, match="train again"):
        LinearClassifier.load(tmp_path)


def test_arrays_that_would_run_code_are_not_loaded(tmp_path: Path) -> None:
    classifier().save(tmp_path)
    np.savez(tmp_path / "arrays.npz", idf=np.array([object()]), weights=np.zeros(1), bias=np.zeros(1))
    with pytest.raises(ValueError, match="pickle"):
        LinearClassifier.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("كم رسوم الجواز؟", ["كم رسوم الجواز"]),
        ("كم رسوم الجواز؟ وين اروح؟", ["كم رسوم الجواز", "وين اروح"]),
        ("كم رسوم الجواز وكم يستغرق", ["كم رسوم الجواز", "وكم يستغرق"]),
        ("رسوم الجواز، وين المكتب", ["رسوم الجواز", "وين المكتب"]),
        ("رسوم الجواز\nاوراق الجواز", ["رسوم الجواز", "اوراق الجواز"]),
        ("الرسوم كمان المدة", ["الرسوم", "كمان المده"]),
        ("وكم الرسوم", ["وكم الرسوم"]),
        ("رسوم الوكالة والبصيرة", ["رسوم الوكاله والبصيره"]),
        ("السلام عليكم. كم رسوم الجواز", ["السلام عليكم", "كم رسوم الجواز"]),
        ("؟؟؟", []),
        ("", []),
    ],
)
def test_parts_that_may_be_questions(text: str, parts: list[str]) -> None:
    found = tokenise(text)
    assert [" ".join(found[place].text for place in part) for part in questions.split(text, found)] == parts
