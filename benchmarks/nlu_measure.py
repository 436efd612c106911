"""One side measured, in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.nlu_figures import Tested, test
from benchmarks.nlu_learners import PRODUCT, VARIANTS, Dalil, Learner, Variant
from benchmarks.nlu_rows import Row, cut
from bot.evaluation.progress import Progress

Result = TypeVar("Result")
_KB_IN_MB = 1024


@dataclass(frozen=True)
class Measured:
    """A side: how many rows it learnt from at what cost, and what it then did with each test file (by name).

    `model_mb` is what was learnt, `peak_mb` the most memory that its process had, training and Python included.
    """

    name: str
    rows: int
    seconds: float
    cpu_seconds: float
    model_mb: float
    peak_mb: float
    notes: Mapping[str, float]
    tested: Mapping[str, Tested]


def alone(work: Callable[..., Result], *arguments: object) -> Result:
    """What `work` returns, done in a process that does nothing else and starts with no memory of this one."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(work, *arguments).result()


def measure(learner: Learner, rows: Sequence[Row], tests: Mapping[str, Sequence[Row]]) -> Measured:
    """Train, then ask message by message."""
    print(f"{learner.name}: learning from {len(rows):,} rows … ", end="", flush=True)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    learner.train(rows)
    seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - begin_cpu
    print(f"{seconds:.1f} s", flush=True)
    tested = {}
    for file, truth in tests.items():
        print(f"  {file}: {len(truth):,} messages, one after the other … ", end="", flush=True)
        progress = Progress(len(truth))
        tested[file] = test(learner.label, truth, [row.text for row in rows], progress.step)
        progress.close()
        print(f"{tested[file].accuracy.share:.1%} right, {tested[file].cost.median:.2f} ms", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB_IN_MB
    return Measured(learner.name, len(rows), seconds, cpu_seconds, learner.megabytes(), peak, learner.notes(), tested)


def choose(rows: Sequence[Row]) -> tuple[Variant, dict[str, float]]:
    """The variant that is right most often on a part cut from the training rows, and how often each of them is.

    The product's where there are too few rows to cut a part off, and where none is better.
    """
    learnt, held = cut(rows)
    if not held:
        return PRODUCT, {}
    shares = {}
    for variant in VARIANTS:
        learner = Dalil(variant.name, variant)
        learner.train(learnt)
        shares[variant.name] = sum(learner.label(text) == label for label, text in held) / len(held)
        print(f"  {variant.name}: {shares[variant.name]:.1%} of {len(held):,}", flush=True)
    return max(VARIANTS, key=lambda variant: shares[variant.name]), shares
