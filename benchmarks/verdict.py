"""What became of every accepted message, judged from what citizens were shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Ids of messages; the sum of once, lost, twice and unknown is accepted.

    lost: never answered. unknown: the gateway itself says that it cannot know whether the reply went out, and it did
    not. strangers: replies to nothing that this citizen asked. disordered: conversations answered in another order.
    """

    accepted: int
    once: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]
    strangers: tuple[str, ...]
    disordered: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether the promise was kept: nothing lost, nothing twice, nothing out of nowhere, all in order."""
        return not (self.lost or self.twice or self.strangers or self.disordered)


def judge(
    accepted: Mapping[str, Sequence[str]], shown: Mapping[str, Sequence[str]], uncertain: Collection[str]
) -> Verdict:
    """Compare.

    Args:
        accepted: for each conversation the ids of its messages in the order they were accepted.
        shown: for each conversation the ids of the messages that its citizen was shown a reply to, as often and in
            the order the replies appeared.
        uncertain: ids of messages whose reply the gateway marked as unknown.
    """
    asked = {(citizen, one) for citizen, messages in accepted.items() for one in messages}
    times = Counter((citizen, one) for citizen, replies in shown.items() for one in replies)
    missing = {one for citizen, one in asked if not times[citizen, one]}
    return Verdict(
        accepted=len(asked),
        once=sum(times[place] == 1 for place in asked),
        lost=tuple(sorted(missing.difference(uncertain))),
        twice=tuple(sorted(one for citizen, one in asked if times[citizen, one] > 1)),
        unknown=tuple(sorted(missing.intersection(uncertain))),
        strangers=tuple(sorted(one for _, one in times.keys() - asked)),
        disordered=tuple(
            citizen for citizen, messages in accepted.items() if not _in_order(messages, shown.get(citizen, ()))
        ),
    )


def _in_order(asked: Sequence[str], answered: Sequence[str]) -> bool:
    first = list(dict.fromkeys(one for one in answered if one in asked))
    return first == [one for one in asked if one in first]
