"""What the comparison of learners found: tables, JSON, a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.nlu_figures import Tested, times
from benchmarks.nlu_measure import Measured


@dataclass(frozen=True)
class Comparison:
    """All sides, the first of them Dalil as it is; `conditions`: what else there is to know, by what it is."""

    sides: Sequence[Measured]
    conditions: Mapping[str, Any]

    def tables(self) -> str:
        """Everything as lines of text."""
        files = list(self.sides[0].tested)
        lines = [line for file in files for line in (*self._answers(file), "")]
        lines += [*self._training(), ""]
        for side in self.sides:
            lines += [f"{side.name}: {name}: {value:,.3g}" for name, value in side.notes.items()]
        return "\n".join([*lines, *(f"{name}: {value}" for name, value in self.conditions.items())])

    def _answers(self, file: str) -> list[str]:
        ours = self.sides[0].tested[file]
        head = (
            f"{'':34}{'rows':>7}{'accuracy':>10}{'95 %':>14}{'macro-F1':>10}{'95 %':>14}"
            f"{'ms p50':>9}{'ms p95':>9}{'CPU ms':>9}{'p50 x dalil':>13}"
        )
        lines = [file, head, "-" * len(head)]
        for side in self.sides:
            tested = side.tested[file]
            macro, cost = tested.macro_f1, tested.cost
            shares = f"{tested.accuracy.share:>10.1%}{_between(tested.accuracy.interval):>14}"
            shares += f"{macro.value:>10.1%}{_between((macro.low, macro.high)):>14}"
            costs = "".join(f"{value:>9.2f}" for value in (cost.median, cost.p95, cost.cpu))
            lines.append(f"{side.name:34}{side.rows:>7,}{shares}{costs}{times(cost.median, ours.cost.median):>13.2f}")
        return lines

    def _training(self) -> list[str]:
        ours = self.sides[0]
        head = f"{'training':34}{'rows':>7}{'s':>10}{'CPU s':>10}{'model MB':>10}{'peak MB':>10}{'s x dalil':>13}"
        lines = [head, "-" * len(head)]
        for side in self.sides:
            costs = f"{side.seconds:>10.1f}{side.cpu_seconds:>10.1f}{side.model_mb:>10.1f}{side.peak_mb:>10,.0f}"
            lines.append(f"{side.name:34}{side.rows:>7,}{costs}{times(side.seconds, ours.seconds):>13.2f}")
        return lines

    def write_json(self, path: Path) -> None:
        """Every figure."""
        sides = [
            {**asdict(side), "tested": {file: _json(tested) for file, tested in side.tested.items()}}
            for side in self.sides
        ]
        content = {"sides": sides, "conditions": self.conditions}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")

    def draw(self, path: Path) -> None:
        """Accuracy with its interval over milliseconds a message (median to 95th percentile), one panel a file."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        files = list(self.sides[0].tested)
        figure, panels = pyplot.subplots(len(files), figsize=(9, 5 * len(files)), squeeze=False)
        for file, axes in zip(files, panels[:, 0], strict=True):
            for side in self.sides:
                tested = side.tested[file]
                share, (low, high) = tested.accuracy.share or 0.0, tested.accuracy.interval or (0.0, 1.0)
                cost = tested.cost
                axes.errorbar(
                    cost.median,
                    100 * share,
                    xerr=[[0], [max(cost.p95 - cost.median, 0)]],
                    yerr=[[100 * (share - low)], [100 * (high - share)]],
                    fmt="o",
                    capsize=3,
                    label=f"{side.name} ({side.rows:,} rows)",
                )
            axes.set(xscale="log", title=file, xlabel="milliseconds a message, median to p95", ylabel="% right")
            axes.grid(alpha=0.3)
            axes.legend(fontsize=8, loc="best")
        figure.tight_layout()
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=120)


def _between(bounds: tuple[float, float] | None) -> str:
    low, high = bounds or (0.0, 1.0)
    return f"{100 * low:.1f}–{100 * high:.1f}"


def _json(tested: Tested) -> dict[str, Any]:
    return {
        "accuracy": tested.accuracy.to_json(),
        "macro_f1": asdict(tested.macro_f1),
        "milliseconds": asdict(tested.cost),
    }
