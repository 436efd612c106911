"""What the comparison of the assistant found: a table, JSON, a picture."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One figure of both sides. `expected`: the most that dalil/stock may be, or with `more_is_better` the least."""

    name: str
    unit: str
    dalil: float
    stock: float
    more_is_better: bool = False
    expected: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Dalil's figure in units of stock's."""
        return self.dalil / self.stock

    @property
    def verdict(self) -> str:
        """Whether the expectation is met, "" when there is none."""
        if self.expected is None:
            return ""
        met = self.ratio >= self.expected if self.more_is_better else self.ratio <= self.expected
        bound = f"{'at least' if self.more_is_better else 'at most'} {self.expected:.3g}"
        return f"{bound}: {'yes' if met else 'NO'}"


@dataclass
class Report:
    """All rows, and what was going on while they were measured."""

    rows: list[Row] = field(default_factory=list)
    conditions: dict[str, Any] = field(default_factory=dict)

    def table(self) -> str:
        """The rows as lines of text."""
        head = f"{'':34}{'dalil':>11}{'stock':>11}  {'unit':6}{'dalil/stock':>12}  expected"
        lines = [head, "-" * len(head)]
        for row in self.rows:
            figures = f"{_number(row.dalil):>11}{_number(row.stock):>11}"
            lines.append(f"{row.name:34}{figures}  {row.unit:6}{row.ratio:>12.3f}  {row.verdict}{row.note}".rstrip())
        lines += ["", *(f"{name}: {value}" for name, value in self.conditions.items())]
        return "\n".join(lines)

    def write_json(self, path: Path) -> None:
        """The rows with their ratios, and the conditions."""
        rows = [{**asdict(row), "ratio": round(row.ratio, 4)} for row in self.rows]
        content = {"rows": rows, "conditions": self.conditions}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")

    def draw(self, path: Path) -> None:
        """One bar for each row: how many times better Dalil is, on a logarithmic scale."""
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        rows = self.rows[::-1]
        better = [row.ratio if row.more_is_better else 1 / row.ratio for row in rows]
        figure, axes = pyplot.subplots(figsize=(9, 0.4 * len(rows) + 1.2))
        bars = axes.barh([row.name for row in rows], better, color="#1f6f5c")
        axes.bar_label(bars, [f"{times:.1f}×" for times in better], padding=4)
        axes.set_xscale("log")
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set_xlabel("times better than stock Rasa (logarithmic)")
        axes.margins(x=0.15)
        figure.tight_layout()
        figure.savefig(path, dpi=120)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
