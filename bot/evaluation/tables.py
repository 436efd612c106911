"""The report's figures as rows of text, for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.evaluation.figures import CONFIDENT

TITLES = {
    "kind": "kind right",
    "service": "service right",
    "both": "both right",
    "faq": "topic of the FAQ right",
    "also": "further question heard",
    "also_unasked": "one question, heard as more",
    "reference": "reference number read",
    "out_of_scope_recall": "out of scope, known to be",
    "false_alarm": "in scope, refused (false alarm)",
    "wrong_confident": f"wrong at confidence >= {CONFIDENT}",
    "misled": "of these, answered all the same",
    "options": "ambiguous: 2/3 of services offered",
    "asked_back": "asked back, right one offered",
    "faq_offered": "topic of the FAQ missed, but offered",
    "faq_offered_beside": "topic of the FAQ beside a right answer",
}
Row = Sequence[str]


def percent(share: float | None) -> str:
    """A share for people; a dash where there is none."""
    return "–" if share is None else f"{share:.1%}"


def interval(share: Mapping[str, Any]) -> str:
    """The bounds of a share in percent."""
    return "–" if share["low"] is None else f"{share['low']:.1%}–{share['high']:.1%}"


def figures(report: Mapping[str, Any]) -> list[Row]:
    """The main figures, with their heading."""
    rows: list[Row] = [("figure", "count", "share", "95 % interval")]
    for name, share in report["figures"].items():
        rows.append((TITLES[name], f"{share['right']}/{share['of']}", percent(share["share"]), interval(share)))
    return rows


def groups(report: Mapping[str, Any], by: str) -> list[Row]:
    """Kind, service and both for each group, with their heading."""
    rows: list[Row] = [(by, "messages", "kind", "service", "both", "95 % interval of both")]
    rows.extend(_group(name, group) for name, group in report["by"][by].items())
    return rows


def weakest(report: Mapping[str, Any], most: int = 12) -> list[Row]:
    """The services with the smallest share of both right; none of those where all is right."""
    services = [(name, group) for name, group in report["by"]["service"].items() if group["both"]["share"] < 1]
    services.sort(key=lambda named: (named[1]["both"]["share"], -named[1]["both"]["of"], named[0]))
    heading = ("service", "messages", "kind", "service", "both", "95 % interval of both")
    return [heading, *(_group(name, group) for name, group in services[:most])]


def _group(name: str, group: Mapping[str, Any]) -> Row:
    shares = [percent(group[figure]["share"]) for figure in ("kind", "service", "both")]
    return (name, str(group["both"]["of"]), *shares, interval(group["both"]))


def reliability(report: Mapping[str, Any], of: str) -> list[Row]:
    """The reliability table of `kind` or `both`, with its heading; empty bins are left out."""
    rows: list[Row] = [("confidence", "messages", "mean confidence", f"{of} right")]
    for item in report["calibration"][of]["bins"]:
        if item["count"]:
            span = f"{item['low']:.1f}–{item['high']:.1f}"
            rows.append((span, str(item["count"]), percent(item["confidence"]), percent(item["right"])))
    return rows


def costs(report: Mapping[str, Any]) -> list[Row]:
    """Milliseconds a message."""
    rows: list[Row] = [("ms a message", "median", "p95")]
    for name, title in (("wall_ms", "wall"), ("cpu_ms", "CPU")):
        cost = report["cost"][name]
        rows.append((title, *("–" if cost[key] is None else f"{cost[key]:.2f}" for key in ("median", "p95"))))
    return rows


def plain(rows: Sequence[Row]) -> str:
    """Rows in columns: the first flush left, numbers flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines) + "\n"


def markdown(rows: Sequence[Row]) -> str:
    """Rows as a table of Markdown, whose first row is the heading."""
    heading, *others = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    rule = "|---|" + "---:|" * (len(rows[0]) - 1)
    return "\n".join([heading, rule, *others]) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
