"""Loading a model file into memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa_sdk.executor import ActionExecutor

from bot.engine.actions import load_actions
from bot.engine.manifest import Manifest, check
from bot.engine.processor import StrictAgent, StrictProcessor


@dataclass(frozen=True)
class LoadedModel:
    """A model in memory."""

    manifest: Manifest
    processor: StrictProcessor


def load(folder: Path, manifest: Manifest, executor: ActionExecutor | None = None) -> LoadedModel:
    """Check and load a model; blocks for a second or two. Raises as `check` does."""
    path = check(folder, manifest)
    agent = StrictAgent(executor=executor or load_actions(), tracker_store=InMemoryTrackerStore(Domain.empty()))
    agent.load_model(path)
    return LoadedModel(manifest, agent.processor)
