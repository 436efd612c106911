"""The proposed model beside the live one: figures by kind, what got better and worse, and what stands against it.

Both are reports of `python -m bot evaluate` over the same sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

GUARDED = ("fees", "requirements", "location", "status", "follow", "stop", "out_of_scope")
"""Kinds in which no sentence may be lost: a wrong fee or paper costs a day's journey, a wrong status harms, and an
answer to what is out of scope is a wrong confident answer."""
_MOST_SHOWN = 200


@dataclass(frozen=True)
class Line:
    """One kind, service or topic of the FAQ: right answers of the live and of the proposed model, of so many."""

    name: str
    live: int
    proposed: int
    of: int
    guarded: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether it is guarded and has fewer right answers than before."""
        return self.guarded and self.proposed < self.live


@dataclass(frozen=True)
class Change:
    """A sentence that one model understands and the other does not; `reported`: one of the citizens' own."""

    sentence: str
    expected: str
    live: str
    proposed: str
    reported: bool


def compare(live: Mapping[str, Any], proposed: Mapping[str, Any], reported: Iterable[str]) -> dict[str, Any]:
    """The comparison as JSON: figures, kinds, services, topics, better, worse, refusals.

    `still`: reported by citizens, and still wrong.
    """
    own = set(reported)
    before, after = _failures(live), _failures(proposed)
    better = [_change(before[one], None, own) for one in before if one not in after]
    worse = [_change(None, after[one], own) for one in after if one not in before]
    still = [_change(before[one], after[one], own) for one in after if one in before and one in own]
    kinds = _lines(live, proposed, "kind", GUARDED)
    return {
        "messages": proposed["messages"],
        "figures": {
            name: [live["figures"][name], proposed["figures"][name]]
            for name in ("both", "kind", "service", "out_of_scope_recall", "false_alarm", "wrong_confident")
            if name in live["figures"] and name in proposed["figures"]
        },
        "kinds": [asdict(line) for line in kinds],
        "services": _moved(_lines(live, proposed, "service", ())),
        "topics": _moved(_lines(live, proposed, "faq", ())),
        "better": [asdict(one) for one in better[:_MOST_SHOWN]],
        "worse": [asdict(one) for one in worse[:_MOST_SHOWN]],
        "still": [asdict(one) for one in still[:_MOST_SHOWN]],
        "refusals": _refusals(kinds, worse, before, after),
    }


def _moved(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines if line.live != line.proposed]


def _refusals(
    kinds: Sequence[Line], worse: Sequence[Change], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Why it must not be published: words of REFUSALS with their values."""
    found: list[dict[str, Any]] = [
        {"why": "kind", "name": line.name, "live": line.live, "proposed": line.proposed}
        for line in kinds
        if line.is_lost
    ]
    if lost := [change for change in worse if change.reported]:
        found.append({"why": "reported", "name": lost[0].sentence, "live": len(lost), "proposed": 0})
    sure = [sum(bool(one["sure"]) for one in failures.values()) for failures in (before, after)]
    if sure[1] > sure[0]:
        found.append({"why": "sure", "name": "", "live": sure[0], "proposed": sure[1]})
    return found


REFUSALS = {
    "kind": "نوع محمي صار أسوأ: {name} (كان {live} صحيحًا، وصار {proposed})",
    "reported": "سؤال أصلحتموه من قبل عاد خطأ: {name}",
    "sure": "زادت الأجوبة الخاطئة الواثقة: كانت {live} وصارت {proposed}",
    "lint": "في البيانات أخطاء. أصلحها ثم اقترح من جديد: {name}",
}


def _failures(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["sentence"]: one for one in report["failures"]}


def _change(live: Mapping[str, Any] | None, proposed: Mapping[str, Any] | None, own: set[str]) -> Change:
    one = live or proposed or {}
    right = one["expected"]
    return Change(
        sentence=one["sentence"],
        expected=right,
        live=live["got"] if live else right,
        proposed=proposed["got"] if proposed else right,
        reported=one["sentence"] in own,
    )


def _lines(live: Mapping[str, Any], proposed: Mapping[str, Any], group: str, guarded: Sequence[str]) -> list[Line]:
    before, after = live["by"][group], proposed["by"][group]
    both = {name: (before[name]["both"], after[name]["both"]) for name in after if name in before}
    return [Line(name, old["right"], new["right"], new["of"], name in guarded) for name, (old, new) in both.items()]
