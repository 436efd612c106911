"""The solver beside the one that the whole world uses for the same problem."""

from __future__ import annotations

import numpy as np
from scipy.sparse import random as sparse
from sklearn.svm import LinearSVC

from bot.nlu.solver import solve


def test_finds_the_borders_that_liblinear_finds() -> None:
    chance = np.random.default_rng(3)
    messages = sparse(300, 80, density=0.1, format="csr", dtype=np.float32, random_state=3)
    targets = chance.integers(0, 5, 300)
    peer = LinearSVC(C=0.7, max_iter=100_000, tol=1e-6, random_state=1).fit(messages, targets)
    solved = solve(messages.indptr, messages.indices, messages.data, targets, (80, 5), 0.7, 500, 1)
    np.testing.assert_allclose(solved[:-1].T, peer.coef_, atol=2e-3)
    np.testing.assert_allclose(solved[-1], peer.intercept_, atol=2e-3)


def test_the_same_seed_gives_the_same_borders() -> None:
    messages = sparse(50, 20, density=0.2, format="csr", dtype=np.float32, random_state=1)
    targets = np.arange(50) % 3
    first, second = (
        solve(messages.indptr, messages.indices, messages.data, targets, (20, 3), 1.0, 2, 9) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
