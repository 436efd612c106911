"""What was right, and what an answer cost."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.figures import Share

_SEED = 20_261_125
_RESAMPLED = 1_000
_WARM_UP = 20


@dataclass(frozen=True)
class MacroF1:
    """The mean F1 of the labels that occur in a test, and the bounds of its bootstrap 95 % interval.

    The interval is of tests of the same size drawn again from this one (percentiles, Efron and Tibshirani 1993).
    """

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, truth: Sequence[str], found: Sequence[str]) -> MacroF1:
        """Of the labels that should have been found, and those that were."""
        pairs = Counter(zip(truth, found, strict=True))
        labels = {label: number for number, label in enumerate(dict.fromkeys([*truth, *found]))}
        rows = np.array([labels[label] for label, _ in pairs])
        columns = np.array([labels[label] for _, label in pairs])
        counts = np.array(list(pairs.values()))
        drawn = np.random.default_rng(_SEED).multinomial(len(truth), counts / len(truth), _RESAMPLED)
        low, high = np.percentile([_macro_f1(rows, columns, again, len(labels)) for again in drawn], (2.5, 97.5))
        return cls(_macro_f1(rows, columns, counts, len(labels)), float(low), float(high))


def _macro_f1(rows: NDArray[np.int64], columns: NDArray[np.int64], counts: NDArray[np.int64], labels: int) -> float:
    """F1 of a label is twice what was right of it over what there is of it and what was taken for it together."""
    there = np.bincount(rows, counts, labels)
    right = np.bincount(rows, counts * (rows == columns), labels)
    both = there + np.bincount(columns, counts, labels)
    occurs = there > 0
    return float((2 * right[occurs] / both[occurs]).mean())


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one message: wall clock as median and 95th percentile, CPU on average."""

    median: float
    p95: float
    cpu: float

    @classmethod
    def of(cls, milliseconds: Sequence[float], cpu: float) -> Cost:
        """Of the wall clock of each message, and the CPU of all together."""
        median, p95 = np.percentile(milliseconds, (50, 95))
        return cls(float(median), float(p95), cpu / len(milliseconds))


@dataclass(frozen=True)
class Tested:
    """One side on one file."""

    accuracy: Share
    macro_f1: MacroF1
    cost: Cost


def test(
    label: Callable[[str], str], truth: Sequence[tuple[str, str]], warm: Sequence[str], step: Callable[[], None]
) -> Tested:
    """Ask for the label of every text of `truth` (label, text), one after the other; `step` is called after each."""
    for text in warm[:_WARM_UP]:
        label(text)
    found, milliseconds, cpu = [], [], 0.0
    for _, text in truth:
        begin_cpu, begin = time.process_time(), time.perf_counter()
        found.append(label(text))
        milliseconds.append((time.perf_counter() - begin) * 1000)
        cpu += (time.process_time() - begin_cpu) * 1000
        step()
    meant = [wanted for wanted, _ in truth]
    accuracy = Share.among(wanted == got for wanted, got in zip(meant, found, strict=True))
    return Tested(accuracy, MacroF1.of(meant, found), Cost.of(milliseconds, cpu))


def times(one: float, other: float) -> float:
    """How many times the other, NaN when that is nothing."""
    return one / other if other else math.nan
