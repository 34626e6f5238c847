"""Simulated pairs of reviews, whose agreement in the long run is known: do intervals hold it?

An article has 5 to 60 items, and is easy or hard: each of two reviewers misses an item with a
chance that is the article's own, or gives it one of three labels, in a hard article more often a
wrong one. So items of one article are alike, as in real ones.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from annotator.measures.bootstrap import drawn_sums, interval
from annotator.measures.coefficients import Sums, alpha, cohen_kappa, f1

Table = NDArray[np.float64]
"""For each article how often each choice of one reviewer met each of the other, 4 by 4; the last
choice is to mark nothing."""
Coefficient = Callable[[NDArray[np.float64]], Sums]
_LABELS = 3


def articles(count: int, random: Generator) -> Table:
    """So many articles with two reviews each."""
    tables = np.zeros((count, (_LABELS + 1) ** 2))
    for n in range(count):
        size, error = random.integers(5, 61), random.beta(1.5, 12)
        truth = random.choice(_LABELS, size, p=random.dirichlet((4, 2, 1)))
        one, other = (_choices(truth, error, random) for _ in range(2))
        np.add.at(tables[n], one * (_LABELS + 1) + other, 1)
    return tables


def _choices(truth: NDArray[np.int64], error: float, random: Generator) -> NDArray[np.int64]:
    chance = random.random(len(truth))
    wrong = random.integers(0, _LABELS, len(truth))
    return np.where(chance < error / 2, _LABELS, np.where(chance < error, wrong, truth))


def _f1(sums: NDArray[np.float64]) -> Sums:
    met = _met(sums)
    marked = met[:, :_LABELS, :].sum((1, 2)) + met[:, :, :_LABELS].sum((1, 2))
    return f1(np.trace(met[:, :_LABELS, :_LABELS], axis1=1, axis2=2), marked)


def _kappa(sums: NDArray[np.float64]) -> Sums:
    met = _met(sums)
    left, right = met.sum(2), met.sum(1)
    return cohen_kappa(np.trace(met, axis1=1, axis2=2), [*left.T], [*right.T])


def _alpha(sums: NDArray[np.float64]) -> Sums:
    met = _met(sums)
    return alpha(2 * np.trace(met, axis1=1, axis2=2), [*(met.sum(1) + met.sum(2)).T])


def _met(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return sums.reshape(len(sums), _LABELS + 1, _LABELS + 1)


COEFFICIENTS: dict[str, Coefficient] = {"f1": _f1, "kappa": _kappa, "alpha": _alpha}


def coverage(count: int, rounds: int, seed: int, truth: int = 20_000) -> dict[str, float]:
    """How often, of so many rounds with `count` articles each, intervals hold the value that
    `truth` articles have."""
    random = np.random.default_rng(seed)
    whole = articles(truth, random).sum(axis=0, keepdims=True)
    true = {name: float(of(whole)[0]) for name, of in COEFFICIENTS.items()}
    held = dict.fromkeys(COEFFICIENTS, 0)
    for number in range(rounds):
        sums = drawn_sums(articles(count, random), f"round {number}")
        for name, of in COEFFICIENTS.items():
            found = interval(of(sums), count)
            assert found.low is not None
            assert found.high is not None
            held[name] += found.low <= true[name] <= found.high
    return {name: times / rounds for name, times in held.items()}
