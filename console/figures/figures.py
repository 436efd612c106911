"""The figures of a period. Pure: a connection and a period in, frozen values out.

`questions` are the messages that ask for something: answered (facts, questions and answers, applications, lists),
out of scope, ambiguous (Dalil asked which service), failed (fallback, or something behind was down), and those that
ask for a person. Shares are of them. Greetings, thanks, "yes" and the like are messages, not questions.
Out of scope is also what Dalil did not understand: its reply is the same, so the log cannot tell them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from channels.kinds import FACTS, LOOKUPS
from channels.quality.counting import WAITING
from channels.quality.durations import percentile
from channels.tables import Outcome
from console.figures import counts as log
from console.figures.counts import Counts
from console.figures.period import Period
from console.figures.samples import Correctness, correctness
from console.figures.shares import Share

ANSWERED = frozenset({*FACTS, *LOOKUPS, "faq", "list_services"})
OUT_OF_SCOPE, AMBIGUOUS = frozenset({"out_of_scope"}), frozenset({"ambiguous"})
FAILED = frozenset({Outcome.FALLBACK.value, "unavailable"})
PERSON = frozenset({"human", "complaint"})
UNREAD = frozenset({Outcome.EMPTY.value, Outcome.TOO_LONG.value})
QUESTIONS = ANSWERED | OUT_OF_SCOPE | AMBIGUOUS | FAILED | PERSON
UNANSWERED = ("out_of_scope", "ambiguous", "unavailable", Outcome.FALLBACK.value, *sorted(UNREAD))
_NO_MESSAGES = {Outcome.FORGOTTEN.value, Outcome.MORE.value}
"""Asking to be forgotten or for the rest of an answer is not counted again."""
CHANNELS = ("web", "telegram", "sms")
TOP = 10


@dataclass(frozen=True)
class Shares:
    """What became of questions."""

    questions: int
    answered: Share
    out_of_scope: Share
    ambiguous: Share
    failed: Share
    person: Share


@dataclass(frozen=True)
class Day:
    """One day in Yemen: its questions by channel, in the order of CHANNELS and then others."""

    date: date
    channels: tuple[tuple[str, int], ...]
    messages: int

    @property
    def questions(self) -> int:
        """Of all channels."""
        return sum(count for _, count in self.channels)


@dataclass(frozen=True)
class Week:
    """A week, or what of it is in the period."""

    period: Period
    messages: int
    shares: Shares
    satisfied: Share
    parts: int
    riyals: float


@dataclass(frozen=True)
class Waiting:
    """How many seconds the answers of a channel took, from the message to the answer written; within 5 %."""

    channel: str
    answers: int
    p50: float
    p95: float


@dataclass(frozen=True)
class Asked:
    """How often a service was asked about, and how many of the rated answers about it helped."""

    service: str
    messages: int
    satisfied: Share


@dataclass(frozen=True)
class Figures:
    """All of a period. `unanswered` and `lookups` are counts by kind; `waiting` is of messages not answered yet."""

    period: Period
    messages: int
    waiting: int
    shares: Shares
    satisfied: Share
    satisfied_by_channel: tuple[tuple[str, Share], ...]
    correct: Correctness
    unanswered: tuple[tuple[str, int], ...]
    lookups: tuple[tuple[str, int], ...]
    seconds: tuple[Waiting, ...]
    parts: int
    riyals: float
    services: tuple[Asked, ...]
    days: tuple[Day, ...]
    weeks: tuple[Week, ...]

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that its days have, in their order."""
        return tuple(name for name, _ in self.days[0].channels)


def figures(connection: Connection, period: Period, top: int = TOP) -> Figures:
    """The figures of a period: a fixed number of statements."""
    counts = log.read(connection, period)
    kinds = _kinds(counts, lambda _day: True)
    return Figures(
        period=period,
        messages=_messages(kinds),
        waiting=kinds[WAITING],
        shares=_shares(kinds),
        satisfied=_satisfied(counts, period),
        satisfied_by_channel=tuple((name, _rated(counts.rated_channels, name)) for name in _rated_channels(counts)),
        correct=correctness(connection, period),
        unanswered=tuple((kind, kinds[kind]) for kind in UNANSWERED),
        lookups=tuple((kind, kinds[kind]) for kind in LOOKUPS),
        seconds=tuple(_waiting(name, counts.seconds[name]) for name in _ordered(counts.seconds)),
        parts=sum(counts.parts.values()),
        riyals=sum(counts.hundredths.values()) / 100,
        services=tuple(
            Asked(service, count, _rated(counts.rated_services, service)) for service, count in _top(counts, top)
        ),
        days=_days(counts, period),
        weeks=tuple(_week(counts, week) for week in period.weeks),
    )


def _kinds(counts: Counts, wanted: Callable[[date], bool]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for (day, _, kind), count in counts.kinds.items():
        if wanted(day):
            kinds[kind] += count
    return kinds


def _messages(kinds: Counter[str]) -> int:
    return sum(count for kind, count in kinds.items() if kind not in _NO_MESSAGES)


def _shares(kinds: Counter[str]) -> Shares:
    def of(group: frozenset[str]) -> int:
        return sum(kinds[kind] for kind in group)

    questions = of(QUESTIONS)
    groups = (ANSWERED, OUT_OF_SCOPE, AMBIGUOUS, FAILED, PERSON)
    return Shares(questions, *(Share(of(group), questions) for group in groups))


def _satisfied(counts: Counts, period: Period) -> Share:
    given = {good: sum(counts.rated_days[day, good] for day in period.days) for good in (True, False)}
    return Share(given[True], given[True] + given[False])


def _rated(rated: Counter[tuple[str, bool]], name: str) -> Share:
    return Share(rated[name, True], rated[name, True] + rated[name, False])


def _rated_channels(counts: Counts) -> list[str]:
    return _ordered({channel for channel, _ in counts.rated_channels})


def _ordered(names: object) -> list[str]:
    """Channels in their usual order, others after them."""
    known = set(names)  # type: ignore[call-overload]
    return [name for name in CHANNELS if name in known] + sorted(known - set(CHANNELS))


def _waiting(channel: str, classes: Counter[int]) -> Waiting:
    half, most = percentile(classes, 0.5), percentile(classes, 0.95)
    return Waiting(channel, sum(classes.values()), half or 0.0, most or 0.0)


def _top(counts: Counts, top: int) -> list[tuple[str, int]]:
    return sorted(counts.services.items(), key=lambda one: (-one[1], one[0]))[:top]


def _days(counts: Counts, period: Period) -> tuple[Day, ...]:
    questions: Counter[tuple[date, str]] = Counter()
    messages: Counter[date] = Counter()
    for (day, channel, kind), count in counts.kinds.items():
        questions[day, channel] += count if kind in QUESTIONS else 0
        messages[day] += count if kind not in _NO_MESSAGES else 0
    names = _ordered({*CHANNELS, *(channel for _, channel in questions)})
    return tuple(Day(day, tuple((name, questions[day, name]) for name in names), messages[day]) for day in period.days)


def _week(counts: Counts, week: Period) -> Week:
    kinds = _kinds(counts, lambda day: week.first <= day <= week.last)
    parts, hundredths = (sum(one[day] for day in week.days) for one in (counts.parts, counts.hundredths))
    return Week(week, _messages(kinds), _shares(kinds), _satisfied(counts, week), parts, hundredths / 100)
