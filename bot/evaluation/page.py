"""The report for people: a summary for the terminal, and a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.evaluation import tables
from bot.evaluation.pictures import FILES

_CALIBRATION = (
    "Expected calibration error: {kind} of the kind, {both} of kind and service. Confidence is what the reply says of"
    " itself."
)


def heading(report: Mapping[str, Any]) -> str:
    """What was measured, in one line."""
    model = report["model"]
    stale = "" if model["current"] else " (trained from other files than these)"
    revision = f" at {model['revision']}" if model["revision"] else ""
    return f"{report['messages']} messages of {', '.join(report['sets'])}; model {model['name']}{stale}{revision}"


def summary(report: Mapping[str, Any]) -> str:
    """What is worth a look after each run."""
    error = report["calibration"]
    recall = report["option_recall"]
    parts = [
        heading(report) + "\n",
        tables.plain(tables.figures(report)),
        tables.plain(tables.groups(report, "register")),
        tables.plain(tables.costs(report)),
        f"services offered of those meant by an ambiguous message: {tables.percent(recall)}\n"
        f"expected calibration error: {tables.percent(error['kind']['error'])} of the kind, "
        f"{tables.percent(error['both']['error'])} of both\n",
    ]
    return "\n".join(parts)


def page(report: Mapping[str, Any]) -> str:
    """All of it, with every failure."""
    return "\n".join(part.rstrip("\n") + "\n" for part in _parts(report))


def _parts(report: Mapping[str, Any]) -> Iterator[str]:
    yield "# What is understood"
    yield heading(report) + ". Of small counts the interval says more than the share."
    yield tables.markdown(tables.figures(report))
    yield f"Services offered of those meant by an ambiguous message: {tables.percent(report['option_recall'])}."
    if len(report["sets"]) > 1:
        for name, members in report["sets"].items():
            yield f"## Set {name}"
            yield tables.markdown(tables.figures(members))
    for by in ("register", "kind", "topic"):
        yield f"## By {by}"
        yield tables.markdown(tables.groups(report, by))
        if by in _PICTURED:
            yield f"![{by}]({_PICTURED[by]})"
    yield "## Weakest services"
    yield tables.markdown(tables.weakest(report))
    yield from _calibration(report)
    yield "## Cost"
    yield tables.markdown(tables.costs(report))
    yield f"## Failures ({len(report['failures'])})"
    yield _failures(report)


_PICTURED = {"register": FILES["registers"], "kind": FILES["confusion"]}


def _calibration(report: Mapping[str, Any]) -> Iterator[str]:
    errors = {name: tables.percent(report["calibration"][name]["error"]) for name in ("kind", "both")}
    yield "## Calibration"
    yield _CALIBRATION.format(**errors)
    for name in ("kind", "both"):
        yield tables.markdown(tables.reliability(report, name))
    yield f"![calibration]({FILES['calibration']})"


def _failures(report: Mapping[str, Any]) -> str:
    if not report["failures"]:
        return "None."
    rows: list[tables.Row] = [("sentence", "expected", "got", "wrong", "confidence", "register", "topic")]
    for item in report["failures"]:
        confidence = f"{item['confidence']:.2f}" + (" sure" if item["sure"] else "")
        wrong = ", ".join(item["wrong"])
        place = (item["register"], item["topic"])
        rows.append((item["sentence"], item["expected"], item["got"], wrong, confidence, *place))
    return tables.markdown(rows)
