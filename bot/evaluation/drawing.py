"""`python -m bot.evaluation.drawing REPORT FOLDER`: the pictures of a report. All their labels are Latin.

A process of its own, see `pictures.py`; nothing else may import it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.evaluation.pictures import FILES

_BLUE, _ORANGE, _GREY = "#2166ac", "#d95f02", "#777777"
_DPI = 130
_DARK = 0.4
_FEW = 20
# Kinds that are taken for each other stand together: about a service, about an application, small talk, all else.
_ORDER = (
    "requirements fees steps duration location hours eligibility overview status follow lost_reference list_services"
    " human complaint greeting thanks goodbye help stop start faq ambiguous out_of_scope cancelled unavailable"
).split()


def draw(report: Mapping[str, Any], folder: Path) -> None:
    """Draw each picture."""
    _save(_confusion(report), folder / FILES["confusion"])
    _save(_registers(report), folder / FILES["registers"])
    _save(_calibration(report), folder / FILES["calibration"])


def _save(figure: Figure, path: Path) -> None:
    FigureCanvasAgg(figure).print_figure(str(path), dpi=_DPI, facecolor="white")


def _in_order(kinds: set[str]) -> list[str]:
    return [kind for kind in _ORDER if kind in kinds] + sorted(kinds.difference(_ORDER))


def _confusion(report: Mapping[str, Any]) -> Figure:
    counts = report["confusion"]
    meant = _in_order(set(counts))
    came = meant + _in_order({kind for row in counts.values() for kind in row}.difference(meant))
    figure = Figure(figsize=(3.2 + 0.42 * len(came), 2.6 + 0.36 * len(meant)), constrained_layout=True)
    axes = figure.add_subplot()
    colours = np.ones((len(meant), len(came), 3))
    for row, kind in enumerate(meant):
        total = sum(counts[kind].values())
        for name, count in counts[kind].items():
            column = came.index(name)
            share = count / total
            # The root, so that one wrong in a hundred and one in ten differ to the eye.
            colours[row, column] = colormaps["Blues" if name == kind else "Oranges"](0.08 + 0.82 * share**0.5)[:3]
            ink = "white" if share > _DARK else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=ink, fontsize=9)
    axes.imshow(colours, aspect="auto", interpolation="none")
    _label_confusion(axes, [f"{kind}  ({sum(counts[kind].values())})" for kind in meant], came)
    right = report["figures"]["kind"]
    title = f"Kinds: {right['right']} of {right['of']} right ({right['share']:.1%})"
    axes.set_title(f"{title}; numbers are messages, shades are shares of a row", fontsize=12, pad=10)
    return figure


def _label_confusion(axes: Any, rows: list[str], columns: list[str]) -> None:
    axes.set_xticks(range(len(columns)), columns, rotation=50, ha="right", rotation_mode="anchor", fontsize=9)
    axes.set_yticks(range(len(rows)), rows, fontsize=9)
    axes.set_xticks(np.arange(len(columns) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="#e2e2e2", linewidth=1.3)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("answered as", fontsize=11)
    axes.set_ylabel("meant (messages)", fontsize=11)


def _registers(report: Mapping[str, Any]) -> Figure:
    groups = report["by"]["register"]
    names = sorted(groups, key=lambda name: groups[name]["both"]["share"])
    both = [groups[name]["both"] for name in names]
    shares = np.array([share["share"] for share in both])
    spread = np.abs(np.array([[share["low"], share["high"]] for share in both]).T - shares)
    figure = Figure(figsize=(8, 1.9 + 0.45 * len(names)), constrained_layout=True)
    axes = figure.add_subplot()
    axes.barh(names, shares, color=_BLUE, height=0.62)
    axes.errorbar(shares, names, xerr=spread, fmt="none", ecolor="black", elinewidth=1, capsize=3)
    for name, share in zip(names, both, strict=True):
        axes.text(1.015, name, f"{share['share']:.1%}  ({share['right']}/{share['of']})", va="center", fontsize=10)
    overall = report["figures"]["both"]["share"]
    axes.axvline(overall, color=_ORANGE, linestyle="--", linewidth=1.3)
    above = axes.get_xaxis_transform()
    axes.text(overall, 1.01, f"all messages {overall:.1%}", color=_ORANGE, ha="center", transform=above, fontsize=10)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("Kind and service both right, by register", fontsize=13, pad=24)
    axes.set_xlabel("share, with its Wilson 95 % interval", fontsize=11)
    return figure


def _calibration(report: Mapping[str, Any]) -> Figure:
    figure = Figure(figsize=(7, 7.4), constrained_layout=True)
    upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]})
    upper.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1, label="as sure as it is right")
    _reliability(upper, report["calibration"]["kind"], "kind", _BLUE)
    _reliability(upper, report["calibration"]["both"], "kind and service", _ORANGE)
    upper.scatter([], [], edgecolors=_GREY, facecolors="white", label=f"fewer than {_FEW} messages")
    upper.set(ylabel="share right", ylim=(-0.02, 1.04), xlim=(0, 1))
    upper.set_title("Confidence and what was right", fontsize=13, pad=10)
    upper.legend(loc="upper left", fontsize=10, frameon=False)
    _counts(lower, report["calibration"]["kind"]["bins"])
    for axes in (upper, lower):
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xticks(np.linspace(0, 1, 11))
    return figure


def _reliability(axes: Any, table: Mapping[str, Any], name: str, colour: str) -> None:
    known = [item for item in table["bins"] if item["count"]]
    sure, right = [item["confidence"] for item in known], [item["right"] for item in known]
    inside = [colour if item["count"] >= _FEW else "white" for item in known]
    axes.plot(sure, right, color=colour, label=f"{name} (expected calibration error {table['error']:.1%})")
    axes.scatter(sure, right, s=45, edgecolors=colour, facecolors=inside, zorder=3, clip_on=False)


def _counts(axes: Any, bins: Sequence[Mapping[str, Any]]) -> None:
    counts, middles = [item["count"] for item in bins], [(item["low"] + item["high"]) / 2 for item in bins]
    axes.bar(middles, counts, width=0.09, color=_GREY)
    for middle, count in zip(middles, counts, strict=True):
        axes.text(middle, count, str(count), ha="center", va="bottom", fontsize=9)
    axes.set(xlabel="confidence of the reply", ylabel="messages", ylim=(0, max(counts) * 1.18))


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]))
