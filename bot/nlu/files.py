"""An `Understanding` as files: arrays (npz, no pickle) and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.ambiguity import Ambiguity
from bot.nlu.linear import LinearModel
from bot.nlu.ranking import Ranking
from bot.nlu.scope import Scope
from bot.nlu.understanding import Understanding
from bot.nlu.vectors import Vectorizer

FORMAT = 2
_ARRAYS, _CONTENT = "arrays.npz", "understanding.json"


class ModelFormatError(ValueError):
    """What was learnt is not in a format that this version reads."""


def save(understanding: Understanding, folder: Path) -> None:
    """Write an understanding into a folder."""
    np.savez_compressed(
        folder / _ARRAYS,
        idf=understanding.vectorizer.idf,
        kinds=understanding.kinds.weights,
        kinds_bias=understanding.kinds.bias,
        topics=understanding.topics.weights,
        topics_bias=understanding.topics.bias,
        services=understanding.services.weights,
        services_bias=understanding.services.bias,
        ranking=understanding.ranking.weights,
        ambiguity=understanding.ambiguity.weights,
        scope=understanding.scope.weights,
    )
    content = {
        "format": FORMAT,
        "features": understanding.vectorizer.names,
        "kinds": understanding.kinds.labels,
        "temperature": understanding.temperature,
        "topics": understanding.topics.labels,
        "services": understanding.services.labels,
        "ranking_bias": understanding.ranking.bias,
        "ambiguity_bias": understanding.ambiguity.bias,
        "scope_bias": understanding.scope.bias,
    }
    (folder / _CONTENT).write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def load(folder: Path) -> Understanding:
    """Read what `save` wrote.

    Raises:
        ModelFormatError: written by another version.
    """
    path = folder / _CONTENT
    content: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if content.get("format") != FORMAT:
        raise ModelFormatError(f"model format {content.get('format')}, expected {FORMAT}: train again")
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        return Understanding(
            vectorizer=Vectorizer(tuple(map(tuple, content["features"])), arrays["idf"]),
            kinds=LinearModel(tuple(content["kinds"]), arrays["kinds"], arrays["kinds_bias"]),
            temperature=content["temperature"],
            topics=LinearModel(tuple(content["topics"]), arrays["topics"], arrays["topics_bias"]),
            services=LinearModel(tuple(content["services"]), arrays["services"], arrays["services_bias"]),
            ranking=Ranking(arrays["ranking"], content["ranking_bias"]),
            ambiguity=Ambiguity(arrays["ambiguity"], content["ambiguity_bias"]),
            scope=Scope(arrays["scope"], content["scope_bias"]),
        )
