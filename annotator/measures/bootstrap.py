"""Intervals by drawing articles again: the bootstrap (Efron 1979, Annals of Statistics 7:1-26).

Articles are drawn, not items: those of one article are alike, and an interval over items would be
too narrow. With few articles the plain percentiles are too narrow too, by about the factor by which
a normal interval with a standard error over n is narrower than Student's: they are expanded by it
(Hesterberg 2015, What teachers should know about the bootstrap, American Statistician 69:371-386).
Where all draws give full agreement, the rule of three (Hanley & Lippman-Hand 1983, JAMA
249:1743-1745) says how much may have been missed: 3 of so many articles.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

RATE = 0.95
"""How often such intervals hold the true value, at least nearly."""
DRAWS = 1000
_SEED = 20_260
_LEAST_DEFINED = 0.9
_BLOCK = 100
_MANY = 1000
_SMALLEST_TAIL = 1e-4
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the ends of its interval; None where they cannot be told."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def drawn_sums(rows: NDArray[np.float64], name: str, draws: int = DRAWS) -> NDArray[np.float64]:
    """Sums of the columns of `rows`, one row per article: first over all, then over each draw of as
    many articles with replacement.

    The draws depend on the name and the number of articles alone, so the same store gives the same.
    """
    articles = len(rows)
    random = np.random.default_rng((_SEED, zlib.crc32(name.encode()), articles))
    sums = [rows.sum(axis=0, keepdims=True)]
    for start in range(0, draws, _BLOCK):
        size = min(_BLOCK, draws - start)
        drawn = random.integers(0, articles, (size, articles))
        drawn += np.arange(size)[:, np.newaxis] * articles
        times = np.bincount(drawn.ravel(), minlength=size * articles).reshape(size, articles)
        sums.append(times.astype(np.float64) @ rows)
    return np.concatenate(sums)


def interval(values: NDArray[np.float64], articles: int) -> Interval:
    """The interval of a coefficient: `values` holds it first, then what the draws gave; `articles`
    is the number of articles that bear on it."""
    value, drawn = float(values[0]), values[1:]
    if math.isnan(value):
        return Interval()
    defined = drawn[~np.isnan(drawn)]
    if articles < 2 or len(defined) < _LEAST_DEFINED * len(drawn):
        return Interval(value)
    tail = expanded_tail(articles)
    low, high = np.quantile(defined, (tail, 1 - tail))
    if value == low == high == 1.0:
        low = max(0.0, 1 - 3 / articles)
    return Interval(value, min(float(low), value), max(float(high), value))


@cache
def expanded_tail(articles: int, rate: float = RATE) -> float:
    """The share of draws beyond each end of an interval, for so many articles."""
    tail = (1 - rate) / 2
    if articles > _MANY:
        return tail
    reach = math.sqrt(articles / (articles - 1)) * student_quantile(1 - tail, articles - 1)
    return max(_NORMAL.cdf(-reach), _SMALLEST_TAIL)


def student_quantile(share: float, freedom: int) -> float:
    """A quantile of Student's distribution, for shares above one half."""
    low, high = 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        if _student_share(middle, freedom) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _student_share(t: float, freedom: int) -> float:
    """The share of Student's distribution below t, by its finite series (Abramowitz & Stegun,
    26.7.3 and 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0 if freedom == 1 else term
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= (k - 1) / k * cosine**2
        total += term
    within = (angle + sine * total) * 2 / math.pi if odd else sine * total
    return (1 + within) / 2
