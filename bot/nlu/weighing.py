"""What weighs the margins of the models, fitted on examples that these have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from bot.nlu.ambiguity import Ambiguity, signals
from bot.nlu.examples import Example
from bot.nlu.ranking import SIGNALS, Evidence, Ranking
from bot.nlu.scope import OUT_OF_SCOPE, Scope, ScopeSigns
from bot.nlu.vectors import Floats

_AMBIGUOUS = 0.05
"""The share of ambiguous messages among those about services, as citizens write; among the examples it is higher."""


@dataclass(frozen=True)
class HeldOut:
    """An example as models see it that have not learnt from it: margins of the kinds, evidence for services."""

    example: Example
    margins: Floats
    evidence: Evidence
    known: float


@dataclass(frozen=True)
class Weights:
    """See bot/nlu/linear.py, ranking.py and scope.py."""

    temperature: float
    ranking: Ranking
    ambiguity: Ambiguity
    scope: Scope


def weigh(held_out: Sequence[HeldOut], kinds: Sequence[str]) -> Weights:
    """Fit the weights; `kinds` are the labels of the margins."""
    ranking = _ranking(held_out)
    return Weights(
        _temperature(held_out, kinds), ranking, _ambiguity(held_out, ranking), _scope(held_out, kinds, ranking)
    )


def _temperature(held_out: Sequence[HeldOut], kinds: Sequence[str]) -> float:
    """The divisor of the margins that makes the labels most likely."""
    margins = np.stack([item.margins for item in held_out])
    place = {label: number for number, label in enumerate(kinds)}
    target = np.array([place[item.example.kind] for item in held_out])

    def loss(temperature: float) -> float:
        scaled = margins / temperature
        normaliser = np.logaddexp.reduce(scaled, axis=1)
        return float((normaliser - scaled[np.arange(len(target)), target]).mean())

    return float(minimize_scalar(loss, bounds=(0.02, 5.0), method="bounded").x)


def _ranking(held_out: Sequence[HeldOut]) -> Ranking:
    found: list[tuple[float, ...]] = []
    meant: list[bool] = []
    importance: list[float] = []
    rare = _importance_of_ambiguous(held_out)
    for item in held_out:
        services = item.example.services
        if services is None:
            continue
        # As it is, and had nobody ever given an example of the service: so services without examples are judged well.
        for view in (item.evidence, *map(item.evidence.without, services)):
            for service in view.candidates():
                found.append(view.signals(service))
                meant.append(service in services)
                importance.append(rare if item.example.is_ambiguous else 1.0)
    return Ranking(*_logistic(np.array(found).reshape(-1, SIGNALS), np.array(meant), np.array(importance)))


def _ambiguity(held_out: Sequence[HeldOut], ranking: Ranking) -> Ambiguity:
    labelled = [item for item in held_out if item.example.services]
    found = np.array([signals(item.evidence, ranking.rank(item.evidence)) for item in labelled])
    ambiguous = np.array([item.example.is_ambiguous for item in labelled])
    return Ambiguity(*_logistic(found, ambiguous, np.where(ambiguous, _importance_of_ambiguous(held_out), 1.0)))


def _importance_of_ambiguous(held_out: Sequence[HeldOut]) -> float:
    ambiguous = sum(item.example.is_ambiguous for item in held_out)
    clear = sum(bool(item.example.services) for item in held_out) - ambiguous
    return _AMBIGUOUS * clear / max(ambiguous, 1)


def _scope(held_out: Sequence[HeldOut], kinds: Sequence[str], ranking: Ranking) -> Scope:
    signs = [
        ScopeSigns.of(kinds, item.margins, item.evidence, ranking.rank(item.evidence), item.known).values()
        for item in held_out
    ]
    foreign = np.array([item.example.label == OUT_OF_SCOPE for item in held_out])
    return Scope(*_logistic(np.array(signs), foreign))


def _logistic(
    signals: NDArray[np.float64], target: NDArray[np.bool_], importance: NDArray[np.float64] | None = None
) -> tuple[Floats, float]:
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(signals, target, sample_weight=importance)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])
