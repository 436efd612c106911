"""Learning from a handful of examples: kinds, services with and without examples, what is foreign or ambiguous."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from arabic import words
from bot.nlu import files
from bot.nlu.decision import decide
from bot.nlu.files import ModelFormatError
from bot.nlu.training import train
from bot.nlu.understanding import Reading, Understanding
from tests.bot.nlu.small import examples, search


@pytest.fixture(scope="module")
def learnt() -> Understanding:
    return train(examples(), search)


def read(learnt: Understanding, text: str) -> Reading:
    return learnt.read(words(text), search(text))


@pytest.mark.parametrize(
    ("text", "kind", "service"),
    [
        ("بكم الجواز", "fees", "passport"),
        ("وين اطلع بطاقتي", "location", "id-card"),
        ("كم رسوم الجواز من القنصليه", "fees", "passport-abroad"),
        ("فين مكتب البطاقه الشخصيه", "location", "id-card"),
    ],
)
def test_kind_and_service_are_told_apart(learnt: Understanding, text: str, kind: str, service: str) -> None:
    reading = read(learnt, text)
    assert (reading.kinds[0][0], reading.services[0][0]) == (kind, service)
    assert sum(probability for _, probability in reading.kinds) == pytest.approx(1.0, abs=1e-4)
    assert all(0 <= probability <= 1 for _, probability in reading.services)


def test_a_service_without_any_example_is_found_by_the_search(learnt: Understanding) -> None:
    assert "fishing-boat" not in learnt.services.labels
    assert read(learnt, "كم رسوم قارب").services[0][0] == "fishing-boat"


def test_questions_of_the_faq_carry_their_topic(learnt: Understanding) -> None:
    named = [read(learnt, text).kinds[0][0] for text in ("ايام العطله", "سند القبض")]
    assert named == ["faq/holidays", "faq/receipts"]


def test_what_is_foreign_is_more_so_than_what_is_ours(learnt: Understanding) -> None:
    assert read(learnt, "كيف الطقس اليوم").foreign > 2 * read(learnt, "كم رسوم الجواز").foreign


def test_a_message_for_several_services_is_more_ambiguous(learnt: Understanding) -> None:
    assert read(learnt, "رسوم الوثيقه").several > read(learnt, "رسوم الجواز").several


def test_the_same_examples_teach_the_same(learnt: Understanding) -> None:
    again = train(examples(), search)
    np.testing.assert_array_equal(again.kinds.weights, learnt.kinds.weights)
    assert read(again, "بكم الجواز") == read(learnt, "بكم الجواز")


def test_it_comes_back_from_its_files_as_it_was(learnt: Understanding, tmp_path: Path) -> None:
    files.save(learnt, tmp_path)
    loaded = files.load(tmp_path)
    for text in ("بكم الجواز", "كيف الطقس", "رسوم الوثيقه", ""):
        assert read(loaded, text) == read(learnt, text)


@pytest.mark.parametrize("number", [0, 1, 3, None, "2"])
def test_files_of_another_format_are_refused(learnt: Understanding, tmp_path: Path, number: object) -> None:
    files.save(learnt, tmp_path)
    file = tmp_path / "understanding.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "format": number}), "utf-8")
    with pytest.raises(ModelFormatError, match="train again"):
        files.load(tmp_path)


def test_arrays_that_would_run_code_are_not_loaded(learnt: Understanding, tmp_path: Path) -> None:
    files.save(learnt, tmp_path)
    np.savez(tmp_path / "arrays.npz", idf=np.array([object()]))
    with pytest.raises((ValueError, KeyError)):
        files.load(tmp_path)


KINDS = (("out_of_scope", 0.5), ("stop", 0.2), ("faq/holidays", 0.16), ("fees", 0.14))


@pytest.mark.parametrize(
    ("foreign", "services", "kind"),
    [
        (0.3, (), "out_of_scope"),
        (0.1, (), "faq/holidays"),
        (0.1, (("passport", 0.9),), "fees"),
        (0.1, (("passport", 0.3),), "faq/holidays"),
    ],
)
def test_what_a_message_is_taken_for(foreign: float, services: tuple[tuple[str, float], ...], kind: str) -> None:
    decision = decide(Reading(KINDS, services, 0.0, foreign, 0.0), 0.2)
    assert decision.kinds[0][0] == kind
    assert "stop" not in dict(decision.kinds)


def test_services_that_hardly_fit_are_not_told() -> None:
    decision = decide(Reading(KINDS, (("passport", 0.5), ("id-card", 0.01)), 0.0, 0.0, 0.0), 0.2)
    assert decision.services == (("passport", 0.5),)
