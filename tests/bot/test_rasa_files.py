"""The repository is a Rasa project: its domain, rules, data and pipeline fit together as `rasa train` needs them."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from actions.conversation import _REPLIES
from actions.rendering.answers import KINDS
from bot.engine.actions import load_actions
from bot.fingerprint import CONFIG, DATA, DIALOGUE, DOMAIN
from tests.bot.trained import ROOT
from tests.nlu.cases import KINDS as CONTRACT

RASAS_OWN = frozenset({"back", "restart", "session_start", "nlu_fallback"})
DONE_INSTEAD = frozenset({"ambiguous", "cancelled"})


@pytest.fixture(scope="module")
def importer() -> TrainingDataImporter:
    """The project as Rasa's own commands read it."""
    files = [str(ROOT / path) for path in (DATA, *DIALOGUE)]
    return TrainingDataImporter.load_from_config(str(ROOT / CONFIG), str(ROOT / DOMAIN), files)


@pytest.fixture(scope="module")
def domain(importer: TrainingDataImporter) -> Domain:
    """The domain with the responses of the questions and answers."""
    return importer.get_domain()


@pytest.fixture(scope="module")
def rules(importer: TrainingDataImporter) -> list[RuleStep]:
    """The rules."""
    graph: StoryGraph = importer.get_stories()
    return [step for step in graph.story_steps if isinstance(step, RuleStep)]


@pytest.fixture(scope="module")
def data(importer: TrainingDataImporter) -> TrainingData:
    """The training sentences."""
    return importer.get_nlu_data()


def intents(rules: list[RuleStep]) -> list[str]:
    return [event.intent_name for rule in rules for event in rule.events if isinstance(event, UserUttered)]


def test_every_intent_has_one_rule(domain: Domain, rules: list[RuleStep]) -> None:
    ours = set(domain.intents) - RASAS_OWN
    assert sorted(intents(rules)) == sorted(ours)


def test_every_rule_runs_an_action_that_exists(domain: Domain, rules: list[RuleStep]) -> None:
    named = {event.action_name for rule in rules for event in rule.events if isinstance(event, ActionExecuted)}
    ours = {name for name in named if name is not None and name.startswith("action_")} - {"action_listen"}
    assert (
        ours == set(load_actions().actions) == {name for name in domain.user_actions if not name.startswith("utter_")}
    )


def test_every_kind_of_the_contract_has_its_intent_or_is_what_dalil_does_instead(domain: Domain) -> None:
    assert set(domain.intents) >= CONTRACT - DONE_INSTEAD
    assert set(domain.intents) >= set(KINDS)
    assert set(domain.intents) >= set(_REPLIES)


def test_every_sentence_of_the_conversation_is_in_the_domain(domain: Domain) -> None:
    assert {response for _, response in _REPLIES.values()} <= set(domain.responses)


def test_every_part_of_the_pipeline_can_be_imported(importer: TrainingDataImporter) -> None:
    config = importer.get_config()
    named = [part["name"] for part in config["pipeline"]] + [part["name"] for part in config["importers"]]
    assert len(named) >= 5
    for name in named:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(module), attribute), name


def test_every_sentence_has_an_intent_of_the_domain_and_every_topic_an_answer(
    domain: Domain, data: TrainingData
) -> None:
    assert data.intents == set(domain.intents) - RASAS_OWN
    assert not data.entity_examples, "nothing is annotated: services are found in the catalogue"
    asked = {f"utter_{example.get_full_intent()}" for example in data.intent_examples if example.get("intent") == "faq"}
    assert asked == {name for name in domain.responses if name.startswith("utter_faq/")}
    assert len(asked) >= 25


def test_no_sentence_is_taught_as_two_things(data: TrainingData) -> None:
    meanings: dict[str, set[str]] = {}
    for example in data.intent_examples:
        meanings.setdefault(example.get("text"), set()).add(example.get_full_intent())
    assert {text: sorted(said) for text, said in meanings.items() if len(said) > 1} == {}


def test_the_data_lies_where_rasa_looks_for_it() -> None:
    assert all((ROOT / path).exists() for path in (CONFIG, DOMAIN, Path("nlu_data"), Path("bot/rules")))


def test_every_answer_of_the_faq_knows_its_title(domain: Domain) -> None:
    titles = {
        name: {variant["metadata"]["title"] for variant in variants}
        for name, variants in domain.responses.items()
        if name.startswith("utter_faq/")
    }
    assert titles["utter_faq/passport-validity"] == {"مدة صلاحية الجواز في المصادر"}
    assert all(len(title) == 1 and "" not in title for title in titles.values())
    assert len(titles) == len({title for (title,) in titles.values()})
