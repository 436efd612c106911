"""From what a message seems to say to what it is taken for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu.scope import OUT_OF_SCOPE
from bot.nlu.understanding import Reading

# Words that end or begin what Dalil sends by itself count only alone; bot/components/commands.py finds them.
WHOLE_MESSAGE = frozenset({"stop", "start"})
_LEAST_WORTH_TELLING = 0.02
# A question of the FAQ that names a service is rather one about the service, unless the FAQ is rather certain.
_NAMED, _SURE_OF_FAQ = 0.5, 0.7


@dataclass(frozen=True)
class Decision:
    """`kinds` (never empty) and `services` with their probabilities, best first; `several`: that it fits several.

    `topic_margin`: as in `Reading`.
    """

    kinds: tuple[tuple[str, float], ...]
    services: tuple[tuple[str, float], ...]
    several: float
    topic_margin: float


def is_faq(kind: tuple[str, float]) -> bool:
    """Whether a kind with its probability is a question of the FAQ."""
    return kind[0].startswith("faq/")


def decide(reading: Reading, foreign: float) -> Decision:
    """Take a message for out of scope when that is at least as probable as `foreign`, else never."""
    ours = [item for item in reading.kinds if item[0] != OUT_OF_SCOPE and item[0] not in WHOLE_MESSAGE]
    total = sum(probability for _, probability in ours) or 1.0
    kinds = tuple((kind, probability / total) for kind, probability in ours)
    if reading.foreign >= foreign:
        kinds = ((OUT_OF_SCOPE, reading.foreign), *kinds)
    if reading.services and reading.services[0][1] >= _NAMED and is_faq(kinds[0]) and kinds[0][1] < _SURE_OF_FAQ:
        kinds = (*kinds[1:2], kinds[0], *kinds[2:])
    services = tuple(item for item in reading.services if item[1] >= _LEAST_WORTH_TELLING)
    return Decision(kinds, services, reading.several, reading.topic_margin)
