"""Stock Rasa's default pipeline (stock/config.yml), trained and asked through Rasa's own Python API.

It runs in Dalil's environment: the same Rasa and TensorFlow as in stock Rasa's own, and nothing else takes part here.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.nlu_learners import MB
from benchmarks.nlu_rows import Row

_CONFIG = Path(__file__).resolve().parent / "stock" / "config.yml"
_FALLBACK = "nlu_fallback"


@dataclass
class Stock:
    """DIET and what comes before it, all epochs; the label is the likeliest intent, however unsure Rasa is."""

    name: str

    def train(self, rows: Sequence[Row]) -> None:
        """Train a model in a folder that goes with this process, and load it."""
        os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", RASA_TELEMETRY_ENABLED="false", SQLALCHEMY_SILENCE_UBER_WARNING="1")
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu

        self._folder = tempfile.TemporaryDirectory(prefix="dalil-nlu-stock-")
        folder = Path(self._folder.name)
        # A slash in an intent would make it a retrieval intent, so labels are numbers here.
        self._labels = list(dict.fromkeys(row.label for row in rows))
        number = {label: place for place, label in enumerate(self._labels)}
        examples = [{"text": row.text, "intent": f"label{number[row.label]}", "entities": []} for row in rows]
        data = folder / "nlu.json"
        data.write_text(json.dumps({"rasa_nlu_data": {"common_examples": examples}}, ensure_ascii=False), "utf-8")
        model = train_nlu(str(_CONFIG), str(data), str(folder))
        self._megabytes = Path(model).stat().st_size / MB
        self._agent = Agent.load(model)
        self._loop = asyncio.new_event_loop()

    def label(self, text: str) -> str:
        """The likeliest label."""
        parsed = self._loop.run_until_complete(self._agent.parse_message(text))
        ranked = [intent["name"] for intent in parsed["intent_ranking"] if intent["name"] != _FALLBACK]
        return self._labels[int(ranked[0].removeprefix("label"))] if ranked else ""

    def megabytes(self) -> float:
        """The model's archive, which is compressed."""
        return self._megabytes

    def notes(self) -> dict[str, float]:
        """None."""
        return {}
