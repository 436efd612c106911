"""Linear support vector machines for all labels at once; needs numba, which serving processes run without.

Dual coordinate descent for the squared hinge loss (Hsieh et al. 2008, "A Dual Coordinate Descent Method for Large-scale
Linear SVM", algorithm 1), one machine a label against the rest. liblinear solves the same problem label by label; to
take up each message once for all labels makes learning several times faster (docs/decisions/0020-one-pass-for-all.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_ONE, _NONE = np.float32(1), np.float32(0)


def _compiled(function: Callable[..., Any]) -> Any:
    """The function compiled when it is first called, and kept for later processes where there is a place to keep it."""
    try:
        return numba.njit(function, nogil=True, fastmath=True, cache=True)
    except RuntimeError:
        # Neither the folder of this file nor the user's can be written to.
        return numba.njit(function, nogil=True, fastmath=True)


@_compiled
def _look(places: NDArray[np.int32], values: Floats, weights: Floats, margins: Floats) -> np.float32:
    """Set the margins of a message for every label; its squared length, the bias counted as one."""
    margins[:] = weights[-1]
    length = _ONE
    for at in range(len(places)):
        value, own = values[at], weights[places[at]]
        length += value * value
        for label in range(len(margins)):
            margins[label] += value * own[label]
    return length


@_compiled
def _step(target: int, curvature: np.float32, slack: np.float32, alphas: Floats, moves: Floats) -> None:
    """Move the dual variables of a message to their best; `moves` come as its margins, and go as the weights' moves."""
    for label in range(len(alphas)):
        side = _ONE if label == target else -_ONE
        gradient = side * moves[label] - _ONE + slack * alphas[label]
        best = max(alphas[label] - gradient / curvature, _NONE)
        moves[label] = side * (best - alphas[label])
        alphas[label] = best


@_compiled
def _move(places: NDArray[np.int32], values: Floats, weights: Floats, moves: Floats) -> None:
    """Move the weights of a message's features; most labels stand still."""
    moving = np.flatnonzero(moves)
    for at in range(len(places)):
        value, own = values[at], weights[places[at]]
        for label in moving:
            own[label] += value * moves[label]
    weights[-1] += moves


@_compiled
def solve(
    starts: NDArray[np.int32],
    places: NDArray[np.int32],
    values: Floats,
    targets: NDArray[np.int64],
    size: tuple[int, int],
    strength: float,
    passes: int,
    seed: int,
) -> Floats:
    """The weights of all labels, features x labels, with the biases as one row more.

    Args:
        starts, places, values: the messages as a sparse matrix in CSR form.
        targets: the number of each message's label.
        size: how many features and labels there are.
        strength: what an error costs beside the length of the weights (C).
        passes: how often every message is visited, each time in another order.
        seed: of these orders.
    """
    np.random.seed(seed)
    weights = np.zeros((size[0] + 1, size[1]), np.float32)
    alphas = np.zeros((len(targets), size[1]), np.float32)
    moves = np.zeros(size[1], np.float32)
    slack = np.float32(0.5 / strength)
    order = np.arange(len(targets))
    for _ in range(passes):
        np.random.shuffle(order)
        for row in order:
            own_places = places[starts[row] : starts[row + 1]]
            own_values = values[starts[row] : starts[row + 1]]
            length = _look(own_places, own_values, weights, moves)
            _step(targets[row], length + slack, slack, alphas[row], moves)
            _move(own_places, own_values, weights, moves)
    return weights
