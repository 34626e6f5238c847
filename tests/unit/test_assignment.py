"""How many reviews articles want, and who starts without suggestions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import identity_of
from annotator.core.assignment import ONE_REVIEW, ReviewPlan

ARTICLES = [identity_of(f"Article {n}.") for n in range(4000)]
shares = st.floats(0, 1)


@given(st.text(), st.text())
def test_without_settings_an_article_is_reviewed_once_with_suggestions(
    article: str, reviewer: str
) -> None:
    assert (ONE_REVIEW.reviews_of(article), ONE_REVIEW.assists(article, reviewer)) == (1, True)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_a_share_is_drawn_within_four_standard_errors(share: float) -> None:
    plan = ReviewPlan(overlap=share, unassisted=share)
    twice = sum(plan.reviews_of(article) == 2 for article in ARTICLES)
    bare = sum(not plan.assists(article, "ada") for article in ARTICLES)
    most = 4 * (len(ARTICLES) * share * (1 - share)) ** 0.5
    assert abs(twice - len(ARTICLES) * share) < most
    assert abs(bare - len(ARTICLES) * share) < most


def test_the_draws_of_reviewers_and_of_the_overlap_are_independent() -> None:
    plan = ReviewPlan(overlap=0.5, unassisted=0.5)
    kinds = {
        (plan.reviews_of(one), plan.assists(one, "ada"), plan.assists(one, "ben"))
        for one in ARTICLES[:200]
    }
    assert len(kinds) == 8


@given(st.sampled_from(ARTICLES), st.text(), shares, shares)
def test_a_larger_share_contains_the_smaller_one(
    article: str, reviewer: str, one: float, other: float
) -> None:
    small, large = (ReviewPlan(1, share, share) for share in sorted((one, other)))
    assert small.reviews_of(article) <= large.reviews_of(article)
    assert small.assists(article, reviewer) >= large.assists(article, reviewer)


@given(st.text(), st.text())
def test_the_whole_share_holds_everything(article: str, reviewer: str) -> None:
    plan = ReviewPlan(overlap=1, unassisted=1)
    assert (plan.reviews_of(article), plan.assists(article, reviewer)) == (2, False)


@given(st.sampled_from(ARTICLES), st.integers(2, 9), shares)
def test_articles_that_want_more_reviews_anyway_want_no_more(
    article: str, wanted: int, share: float
) -> None:
    assert ReviewPlan(wanted, overlap=share).reviews_of(article) == wanted


def test_the_draws_never_change() -> None:
    """A store keeps them, and machines of several releases work together."""
    plan = ReviewPlan(overlap=0.1, unassisted=0.05)
    assert [n for n in range(60) if plan.reviews_of(ARTICLES[n]) == 2] == [
        6,
        22,
        24,
        29,
        42,
        48,
        56,
    ]
    assert [n for n in range(60) if not plan.assists(ARTICLES[n], "ada")] == [10, 16, 24, 41, 55]
