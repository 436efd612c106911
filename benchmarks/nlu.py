"""Dalil's learner of intents on public data, beside others, in one run: `python benchmarks/nlu.py`.

Every side learns from the same rows in a process of its own, one after the other, and is then asked message by
message:

Dalil                       words, features, slips of the thumb and support vector machines of the product
Dalil, chosen               the variant of it that is right most often on a tenth cut from the training rows, learnt
                            from all of them; the test files take no part in choosing
Dalil, second opinion of …  the same, and where two labels are close a sentence encoder beside it (--encoders)
words and letters, SVM      TF-IDF and LinearSVC of scikit-learn on text normalised as ours
stock Rasa                  the pipeline that `rasa init` writes with DIET, 100 epochs, on a sample with as many rows of
                            each label; both Dalils learn from the same sample beside it

Files are CSV with the columns label and text. macro-F1 is the mean over the labels that occur in the test file; both
intervals are of 95 %. The default is ArBanking77 in ../shared/benchmarks, which is never copied into this repository.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import nlu_rows
from benchmarks.nlu_encoders import ENCODERS, SecondOpinion, available
from benchmarks.nlu_learners import Dalil, Learner, Peer, Variant
from benchmarks.nlu_measure import Measured, alone, choose, measure
from benchmarks.nlu_report import Comparison
from benchmarks.nlu_rows import Row, RowsError
from benchmarks.nlu_stock import Stock

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "benchmarks" / "arbanking77"
PLOT = ROOT / "results" / "nlu" / "benchmark.png"
WITHOUT = ("stock", "peer", "chosen")
Tests = dict[str, list[Row]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; 1 with the reason when a file cannot be used."""
    options = _options(arguments)
    started = time.monotonic()
    try:
        rows = _read(options.train)
        tests = {str(path): _read(path) for path in options.test}
        _demand_two_labels(options.train, rows)
    except RowsError as error:
        print(error, file=sys.stderr)
        return 1
    conditions: dict[str, Any] = {}
    sides = list(_measured(rows, tests, options, conditions))
    comparison = Comparison(sides, {**conditions, **_conditions(rows, tests, started)})
    print(f"\n{comparison.tables()}")
    if options.json:
        comparison.write_json(options.json)
    comparison.draw(options.plot)
    print(f"plot: {options.plot}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, metavar="A.csv", default=DATA / "train.csv")
    parser.add_argument("--test", type=Path, metavar="B.csv", nargs="+", action="extend")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--plot", type=Path, metavar="FILE", default=PLOT, help=f"default {PLOT.relative_to(ROOT)}")
    parser.add_argument("--without", nargs="+", choices=WITHOUT, default=[], help="sides to leave out")
    parser.add_argument("--stock-sample", type=int, metavar="N", default=1_540, help="rows for stock (default 1,540)")
    parser.add_argument(
        "--encoders", nargs="*", choices=sorted(ENCODERS), help="second opinions (default of the option: all there are)"
    )
    options = parser.parse_args(arguments)
    options.test = options.test or [DATA / "val.csv"]
    if options.stock_sample < 2:
        parser.error("--stock-sample must be 2 or more")
    return options


def _read(path: Path) -> list[Row]:
    if not path.exists():
        where = "ArBanking77 is not there; name your own files with --train and --test" if DATA in path.parents else ""
        raise RowsError(f"{path}: no such file{'. ' if where else ''}{where}")
    return nlu_rows.read(path)


def _demand_two_labels(path: Path, rows: Sequence[Row]) -> None:
    if len({row.label for row in rows}) < 2:
        raise RowsError(f"{path}:1: only one label, there is nothing to tell apart")


def _measured(
    rows: list[Row], tests: Tests, options: argparse.Namespace, conditions: dict[str, Any]
) -> Iterator[Measured]:
    variant = None
    if "chosen" not in options.without:
        print("choosing a variant on a part cut from the training rows", flush=True)
        variant, shares = alone(choose, rows)
        conditions["chosen"] = variant.name
        conditions["  on a part cut from the training rows"] = {name: round(value, 4) for name, value in shares.items()}
    for learner in _learners(variant, options):
        yield alone(measure, learner, rows, tests)
    if "stock" not in options.without:
        few = nlu_rows.sample(rows, options.stock_sample)
        for learner in (*_dalils(variant), Stock("stock Rasa")):
            yield alone(measure, learner, few, tests)


def _dalils(variant: Variant | None) -> list[Learner]:
    return [Dalil("Dalil"), *([Dalil("Dalil, chosen", variant)] if variant else [])]


def _learners(variant: Variant | None, options: argparse.Namespace) -> list[Learner]:
    sides = _dalils(variant)
    if options.encoders is not None and variant:
        encoders, missing = available(options.encoders or list(ENCODERS))
        sides += [SecondOpinion(f"Dalil, second opinion of {one.name}", variant, one) for one in encoders]
        for line in missing:
            print(line, flush=True)
    if "peer" not in options.without:
        sides.append(Peer("words and letters, SVM"))
    return sides


def _conditions(rows: Sequence[Row], tests: Tests, started: float) -> dict[str, Any]:
    known, texts = {row.label for row in rows}, {row.text for row in rows}
    found: dict[str, Any] = {"training rows": f"{len(rows):,} of {len(known)} labels"}
    for file, truth in tests.items():
        again = sum(row.text in texts for row in truth)
        found[file] = f"{len(truth):,} rows of {len({row.label for row in truth})} labels, {again} also in training"
        unknown = Counter(row.label for row in truth if row.label not in known)
        if unknown:
            found["  labels that training has not, counted as wrong"] = dict(unknown)
    return {
        **found,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load at the end": f"{os.getloadavg()[0]:.1f} (1 minute), {os.getloadavg()[2]:.1f} (15 minutes)",
        "took": f"{(time.monotonic() - started) / 60:.1f} min",
    }


if __name__ == "__main__":
    sys.exit(main())
