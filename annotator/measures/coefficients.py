"""Coefficients of agreement, from sums over units.

Every sum is an array over draws of articles (see `bootstrap`), or over one: the same function gives
a coefficient and the values that its interval is made of. Where a coefficient is not defined (no
units, or nothing but one category) it is NaN.

Sources, and the worked examples that the tests repeat:

- F1: Hripcsak & Rothschild (2005), JAMIA 12:296-298, who show that kappa approaches it where the
  number of things that nobody marked is unknown and large.
- Cohen's kappa: Cohen (1960), Educational and Psychological Measurement 20:37-46.
- Fleiss' kappa: Fleiss (1971), Psychological Bulletin 76:378-382. Units that not all judged count
  with those who did: shares of each unit are averaged, which for a constant number is his formula.
- Alpha for nominal data: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
- Alpha for units in a continuum, the nominal one: Krippendorff, Mathet, Bouvry & Widlöcher (2016),
  On the reliability of unitizing textual continua, Quality & TallyOf 50:2347-2364; Krippendorff
  (2019), Content Analysis, 4th edition, section 12.6. The continuum is the tokens of all articles.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.float64]
"""A sum for each draw."""


def f1(same: Sums, items: Sums) -> Sums:
    """F1 of two sets of items; `items` are those of both together."""
    return _ratio(2 * same, items)


def cohen_kappa(agreeing: Sums, left: Sequence[Sums], right: Sequence[Sums]) -> Sums:
    """Cohen's kappa: units on which two agree, and those that each gave to each category."""
    units = _total(left)
    by_chance = _ratio(_total([one * other for one, other in zip(left, right, strict=True)]), units)
    return _corrected(_ratio(agreeing, units), _ratio(by_chance, units))


def fleiss_kappa(agreeing: Sums, shares: Sequence[Sums]) -> Sums:
    """Fleiss' kappa: the sum over units of the share of agreeing pairs of reviewers, and for each
    category the sum of the shares of reviewers who chose it."""
    units = _total(shares)
    by_chance = _total([_ratio(share, units) ** 2 for share in shares])
    return _corrected(_ratio(agreeing, units), by_chance)


def alpha(coinciding: Sums, chosen: Sequence[Sums]) -> Sums:
    """Krippendorff's alpha for nominal data: the diagonal of the coincidence matrix, summed, and
    its margins."""
    values = _total(chosen)
    expected = _ratio(values**2 - _total([one**2 for one in chosen]), values - 1)
    return 1 - _ratio(values - coinciding, expected)


def alpha_u(coinciding: Sums, lengths: Sequence[Sums], squares: Sums, gaps: Sums) -> Sums:
    """Krippendorff's alpha for units in a continuum, categories included.

    `coinciding` is the length on which pairs of reviewers agree, `lengths` the length of each
    category, gaps included; `squares` sums the squared lengths of all units, `gaps` is the length
    of the gaps.
    """
    whole = _total(lengths)
    pairable = whole - _ratio(squares + gaps, whole)
    expected = _ratio(whole**2 - _total([one**2 for one in lengths]), pairable)
    return 1 - _ratio(whole - coinciding, expected)


def _corrected(observed: Sums, by_chance: Sums) -> Sums:
    return _ratio(observed - by_chance, 1 - by_chance)


def _ratio(above: Sums, below: Sums) -> Sums:
    """The quotient; NaN where the divisor is (nearly) 0."""
    is_defined = np.abs(below) > _NEXT_TO_NOTHING
    quotient: Sums = np.divide(above, below, out=np.full(np.shape(below), np.nan), where=is_defined)
    return quotient


_NEXT_TO_NOTHING = 1e-12


def _total(sums: Sequence[Sums]) -> Sums:
    total: Sums = np.sum(sums, axis=0, dtype=np.float64)
    return total
