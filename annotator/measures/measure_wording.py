"""Measures in words, for lines and screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # screens show measures before numpy is loaded
    from annotator.measures.agreement_measures import Measure

COLUMNS = {
    "f1": "F1",
    "f1_overlap": "F1 overlap",
    "kappa": "kappa",
    "alpha": "alpha",
    "alpha_u": "alpha-U",
}
"""Measures in the order in which they are shown; Cohen's and Fleiss' kappa share a column."""


def column_of(one: Measure) -> str:
    """The column that a measure is shown in."""
    return one.name.removeprefix("fleiss_")


def in_words(one: Measure) -> str:
    """A value with its interval, or why there is none."""
    value, low, high = one.interval.value, one.interval.low, one.interval.high
    if not one.is_enough:
        return "not enough"
    if value is None:
        return "undefined"
    if low is None or high is None:
        return digits(value)
    return f"{digits(value)} {digits(low)}–{digits(high)}"


def digits(value: float) -> str:
    """A coefficient in three digits, without its zero: .931, 1.00, -.204."""
    if value >= 0.9995:
        return "1.00"
    return f"{value:.3f}".replace("0.", ".", 1)
