"""Intervals by drawing articles again."""

import math

import numpy as np
import pytest

from annotator.measures.bootstrap import (
    Interval,
    drawn_sums,
    expanded_tail,
    interval,
    student_quantile,
)
from tests.helpers.simulated_agreement import coverage


def test_intervals_hold_the_true_value_at_about_the_stated_rate() -> None:
    """Of 120 rounds 95 % are 114; below 106 or with all 120 the rate is not 95 % (p < 0.003)."""
    for rate in coverage(15, 120, seed=3, truth=4000).values():
        assert 106 <= rate * 120 < 120


@pytest.mark.parametrize(
    ("freedom", "value"),
    [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_quantiles_are_those_of_students_table(freedom: int, value: float) -> None:
    """Student's distribution, 97.5 %, as any table of it has it."""
    assert student_quantile(0.975, freedom) == pytest.approx(value, abs=6e-4)


def test_intervals_of_few_articles_are_expanded() -> None:
    assert expanded_tail(5) < expanded_tail(20) < expanded_tail(500) < 0.025
    assert expanded_tail(5000) == pytest.approx(0.025)


def test_the_first_sums_are_those_of_all_articles_and_draws_are_the_same_again() -> None:
    rows = np.arange(12.0).reshape(6, 2)
    sums = drawn_sums(rows, "all", draws=150)
    assert sums.shape == (151, 2)
    assert [*sums[0]] == [30.0, 36.0]
    assert (sums == drawn_sums(rows, "all", draws=150)).all()
    assert (sums != drawn_sums(rows, "ada", draws=150)).any()
    assert (sums[:, 1] - sums[:, 0] == 6).all()  # six articles in each draw


def test_without_disagreement_the_rule_of_three_says_what_may_have_been_missed() -> None:
    """By hand: none of 30 articles, so at most 3 of 30."""
    found = interval(np.ones(101), 30)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.9)


def test_an_interval_is_told_of_two_articles_at_least_and_where_draws_are_defined() -> None:
    drawn = np.linspace(0.4, 0.6, 101)
    assert interval(drawn, 1) == Interval(0.4)
    drawn[50:] = math.nan
    assert interval(drawn, 20) == Interval(0.4)
    assert interval(np.full(101, math.nan), 20) == Interval()
