"""Counts of what was right, each with the interval that its size leaves open."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from bot.evaluation.judging import Judged

CONFIDENT = 0.8
OUT_OF_SCOPE = "out_of_scope"
_NO_ANSWER = (OUT_OF_SCOPE, "ambiguous")
_Z95 = 1.959964


@dataclass(frozen=True)
class Share:
    """`right` of `of`, and the bounds of the Wilson 95 % interval; nothing is known of a share of none."""

    right: int
    of: int

    @classmethod
    def among(cls, flags: Iterable[bool | None]) -> Share:
        """How many flags are true; None takes no part."""
        known = [flag for flag in flags if flag is not None]
        return cls(sum(known), len(known))

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies, were the set without end: it stays between 0 and 1 and is honest near them."""
        if not self.of:
            return None
        share, square = self.right / self.of, _Z95**2
        middle = share + square / (2 * self.of)
        around = _Z95 * math.sqrt(share * (1 - share) / self.of + square / (4 * self.of**2))
        scale = 1 + square / self.of
        return max(0.0, (middle - around) / scale), min(1.0, (middle + around) / scale)

    def to_json(self) -> dict[str, Any]:
        """Rounded for a file that is compared with an earlier one."""
        low, high = self.interval or (None, None)
        return {"right": self.right, "of": self.of, **_rounded({"share": self.share, "low": low, "high": high})}


def _rounded(values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 4) for name, value in values.items()}


def shares(judged: Sequence[Judged]) -> dict[str, Share]:
    """The main figures. Of those that count mistakes the fewest are best.

    `out_of_scope_recall`: of what is out of scope, known to be. `false_alarm`: of what is in scope, refused as out of
    it. `wrong_confident`: of all, wrong in kind or service at a confidence of `CONFIDENT` or more; `misled`: those of
    them that were neither refused nor asked which service. `asked_back`: of all that name a service, not answered but
    offered the right one among others. `faq_offered`: of questions of the FAQ answered otherwise, those whose topic was
    offered beside the answer; `faq_offered_beside`: of right answers about a service, those with any topic beside them.
    `also_unasked`: of all with one question, answered as if there were more.
    """
    outside = [item for item in judged if item.case.kind == OUT_OF_SCOPE]
    inside = [item for item in judged if OUT_OF_SCOPE not in (item.case.kind, *item.case.accept)]
    return {
        **_three(judged),
        "faq": Share.among(item.faq for item in judged),
        "also": Share.among(item.also for item in judged),
        "also_unasked": Share.among(bool(item.answered.reply.get("also")) for item in judged if not item.case.also),
        "reference": Share.among(item.reference for item in judged),
        "out_of_scope_recall": Share.among(item.kind for item in outside),
        "false_alarm": Share.among(item.got == OUT_OF_SCOPE for item in inside),
        "wrong_confident": Share.among(wrong_and_sure(item) for item in judged),
        "misled": Share.among(wrong_and_sure(item) and item.got not in _NO_ANSWER for item in judged),
        "options": Share.among(item.options_enough for item in judged),
        "asked_back": Share.among(item.offered for item in judged if item.case.service is not None),
        "faq_offered": Share.among(item.faq_offered for item in judged if item.faq is False),
        "faq_offered_beside": Share.among(item.faq_offered for item in judged if item.case.service and item.both),
    }


def wrong_and_sure(item: Judged) -> bool:
    """Wrong in kind or service, and sure of it."""
    return not item.both and item.confidence >= CONFIDENT


def option_recall(judged: Sequence[Judged]) -> float | None:
    """Of the services meant by an ambiguous case, the share that is offered, on average."""
    recalls = [item.options for item in judged if item.options is not None]
    return round(fmean(recalls), 4) if recalls else None


Group = Callable[[Judged], str | None]
GROUPS: Mapping[str, Group] = {
    "register": lambda item: item.case.register,
    "kind": lambda item: item.case.kind,
    "topic": lambda item: item.case.topic,
    "service": lambda item: item.case.service,
    "faq": lambda item: item.case.faq,
}


def grouped(judged: Sequence[Judged], group: Group) -> dict[str, dict[str, Share]]:
    """Kind, service and both for each group by its name, in the order of the names; what has no group is left out."""
    members: dict[str, list[Judged]] = {}
    for item in judged:
        if (name := group(item)) is not None:
            members.setdefault(name, []).append(item)
    return {name: _three(members[name]) for name in sorted(members)}


def _three(judged: Sequence[Judged]) -> dict[str, Share]:
    return {
        "kind": Share.among(item.kind for item in judged),
        "service": Share.among(item.service for item in judged),
        "both": Share.among(item.both for item in judged),
    }


def lowest_register(judged: Sequence[Judged]) -> Share:
    """The register in which the fewest have both right."""
    of_each = [figures["both"] for figures in grouped(judged, GROUPS["register"]).values()]
    return min(of_each, key=lambda share: share.share or 0.0, default=Share(0, 0))


def confusion(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """How often each kind that was meant came out as which; a kind that the case accepts counts as the one meant."""
    counts: dict[str, Counter[str]] = {}
    for item in judged:
        counts.setdefault(item.case.kind, Counter())[item.case.kind if item.kind else item.got] += 1
    return {kind: dict(sorted(counts[kind].items())) for kind in sorted(counts)}


def cost(milliseconds: Sequence[float]) -> dict[str, float | None]:
    """Median and 95th percentile (the nearest rank)."""
    if not milliseconds:
        return {"median": None, "p95": None}
    ranked = sorted(milliseconds)
    return _rounded({"median": median(ranked), "p95": ranked[math.ceil(0.95 * len(ranked)) - 1]})
