"""Learning to understand; needs numba, scikit-learn and scipy, which serving processes run without.

Every label is one linear support vector machine. Some of the examples are held out once, to fit what weighs the
margins (bot/nlu/weighing.py) on messages that the models have not seen; the models that are kept learn from all.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from bot.nlu import vectors
from bot.nlu.examples import Example
from bot.nlu.features import FAMILIES
from bot.nlu.frames import Frames
from bot.nlu.linear import LinearModel
from bot.nlu.noise import disturb
from bot.nlu.ranking import NONE, SEVERAL, Evidence
from bot.nlu.solver import solve
from bot.nlu.understanding import FAQ, Understanding
from bot.nlu.vectors import Vectorizer
from bot.nlu.weighing import HeldOut, weigh

Search = Callable[[str], Mapping[str, float]]
"""The catalogue's search: a text to the scores of the services found."""

Labelled = Sequence[tuple[int, str]]
"""Rows of a matrix with a label for each."""

_SEED = 20_261_125
_HELD_OUT = 2_000
_STRENGTH = 1.0
# With fewer the order of the examples still shows (docs/decisions/0014-steady-learning.md).
_PASSES = 12
# The share of the examples that is learnt once more with slips of the thumb.
DISTURBED = 0.6
# The share of those that are framed, too, if they may be.
FRAMED = 0.5
# Of the examples held out, a third is weighed once more with slips, and another third in a frame.
_MISTYPED = 1 / 3
# What these say is all of the message.
_BARE = frozenset(
    {"greeting", "thanks", "goodbye", "help", "human", "complaint", "affirm", "deny", "cancel", "start_over"}
    | {"list_services", "stop", "start"}
)
# Messages that fit several services are rare among the examples and have to outweigh those that fit one.
_MORE = 2


def train(examples: Sequence[Example], search: Search) -> Understanding:
    """Learn from examples; some must be out of scope, some about services, some of the FAQ.

    Blocks for some seconds; uses every core.
    """
    frames = Frames.of(examples)
    vectorizer = vectors.fit([example.words for example in examples])
    disturbed = [place for place, example in enumerate(examples) if _lot(example, "learn") < DISTURBED]
    origins = [*range(len(examples)), *disturbed]
    words = [example.words for example in examples]
    words += [_as_sent(examples[place], frames) for place in disturbed]
    matrix = as_matrix(vectorizer, words)
    learnt = [examples[place] for place in origins]
    held = _held(examples)
    kinds = [(row, example.kind) for row, example in enumerate(learnt)]
    services = list(_services(learnt))
    topics = [(row, example.label) for row, example in enumerate(learnt) if example.kind == FAQ]

    def unseen(labelled: Labelled) -> Labelled:
        return [item for item in labelled if origins[item[0]] not in held]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # The longest first; meanwhile this thread searches, for the solver does not hold Python's lock.
        sets = services, unseen(services), kinds, unseen(kinds), topics
        fitting = [pool.submit(fit, matrix, labelled) for labelled in sets]
        outside = [*_as_typed([examples[place] for place in sorted(held)], frames)]
        scores = [search(example.text) for example in outside]
        whole_services, draft_services, whole_kinds, draft_kinds, whole_topics = [job.result() for job in fitting]
    weights = weigh(list(_held_out(outside, scores, vectorizer, draft_kinds, draft_services)), draft_kinds.labels)
    return Understanding(
        vectorizer,
        whole_kinds,
        weights.temperature,
        whole_topics,
        whole_services,
        weights.ranking,
        weights.ambiguity,
        weights.scope,
    )


def as_matrix(vectorizer: Vectorizer, messages: Sequence[Sequence[str]]) -> csr_matrix:
    """The vectors of messages (each its normalised words), one a row; all at once is much faster than one by one."""
    found = [vectorizer.places(words) for words in messages]
    rows, places = np.repeat(np.arange(len(found)), [len(one) for one in found]), np.concatenate(found)
    matrix = coo_matrix((np.ones(len(places)), (rows, places)), shape=(len(found), vectorizer.size)).tocsr()
    values = (1 + np.log(matrix.data)) * vectorizer.idf[matrix.indices]
    families = np.repeat(np.arange(len(found)), np.diff(matrix.indptr)) * len(FAMILIES)
    families += vectorizer.families(matrix.indices)
    lengths = np.sqrt(np.bincount(families, np.square(values)))
    matrix.data = values / lengths[families] / np.sqrt(len(FAMILIES))
    return matrix


def fit(matrix: csr_matrix, labelled: Labelled) -> LinearModel:
    """One support vector machine a label."""
    rows, labels = zip(*labelled, strict=True)
    chosen = matrix[list(rows)].astype(np.float32)
    names, targets = np.unique(np.array(labels), return_inverse=True)
    size = matrix.shape[1], len(names)
    solved = solve(chosen.indptr, chosen.indices, chosen.data, targets, size, _STRENGTH, _PASSES, _SEED)
    return LinearModel(tuple(map(str, names)), solved[:-1].astype(np.float16), solved[-1])


def _lot(example: Example, purpose: str) -> float:
    """A number from 0 to 1 that an example draws for a purpose, whatever the other examples are.

    So a sentence that is added changes nothing about how the others are learnt, and a new model differs from the one
    before by what was taught, not by luck (docs/decisions/0014-steady-learning.md).
    """
    drawn = hashlib.blake2b(f"{purpose}|{example.label}|{example.text}".encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(drawn.digest(), "big") / 2**64


def _mistyped(example: Example, purpose: str) -> tuple[str, ...]:
    """The example's words with slips, always the same ones."""
    return disturb(example.words, random.Random(_lot(example, f"{purpose} slips")))  # noqa: S311 - typing errors


def _framed(example: Example, words: tuple[str, ...], frames: Frames, purpose: str) -> tuple[str, ...]:
    """The words of an example in a frame, always the same one."""
    return frames.around(words, random.Random(_lot(example, f"{purpose} frame")))  # noqa: S311 - idle words


def _as_sent(example: Example, frames: Frames) -> tuple[str, ...]:
    """What is learnt beside the example as it is."""
    words = _mistyped(example, "learn")
    return _framed(example, words, frames, "learn") if _fits_in(example) and _lot(example, "framed") < FRAMED else words


def _fits_in(example: Example) -> bool:
    """Whether words around an example leave it what it is; around Latin letters nobody puts Arabic ones."""
    return example.kind not in _BARE and not re.search("[A-Za-z]", example.text)


def _held(examples: Sequence[Example]) -> set[int]:
    """The examples that the drafts do not learn; half of the ambiguous ones, because those are few."""
    ambiguous = [place for place, example in enumerate(examples) if example.is_ambiguous]
    drawn = sorted(range(len(examples)), key=lambda place: _lot(examples[place], "hold out"))
    # By their lots too, so that one more does not exchange the halves.
    halved = [place for place in ambiguous if _lot(examples[place], "ambiguous") < 0.5]
    return {*drawn[: min(_HELD_OUT, len(examples) // 5)], *halved}


def _services(examples: Sequence[Example]) -> Iterator[tuple[int, str]]:
    """An example of several services stands for each of them: its margins then lie side by side, and none is sure."""
    for row, example in enumerate(examples):
        if example.services is not None:
            yield from ((row, service) for service in (example.services or (NONE,)))
            if example.is_ambiguous:
                yield from ((row, label) for label in (*example.services, SEVERAL, SEVERAL) for _ in range(_MORE))


def _as_typed(examples: Sequence[Example], frames: Frames) -> Iterator[Example]:
    """The examples, and some once more with slips or in a frame: such a message must not look foreign for that."""
    for example in examples:
        yield example
        lot = _lot(example, "weigh")
        if lot < _MISTYPED:
            words = _mistyped(example, "weigh")
        elif lot < 2 * _MISTYPED and _fits_in(example):
            words = _framed(example, example.words, frames, "weigh")
        else:
            continue
        yield replace(example, text=" ".join(words), words=words)


def _held_out(
    examples: Sequence[Example],
    scores: Sequence[Mapping[str, float]],
    vectorizer: Vectorizer,
    kinds: LinearModel,
    services: LinearModel,
) -> Iterator[HeldOut]:
    for example, found in zip(examples, scores, strict=True):
        vector = vectorizer.vector(example.words)
        evidence = Evidence.of(services.labels, services.margins(vector), found)
        yield HeldOut(example, kinds.margins(vector), evidence, vectorizer.share_known(example.words))
