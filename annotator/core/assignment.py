"""How many reviews an article wants, which reviews start without suggestions, and when a reviewer
gets a check: an article with a known answer, which looks like any other.

Shares are drawn by hash: neither the order of arrival nor a reviewer decides, every machine draws
alike, and a larger share contains the smaller one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DRAWS = 10_000
"""The number of draws; a share of 0.1 is the thousand smallest."""
DRAW_OF_A_CHECK = -1
"""Stands in the place of the number drawn from its id where an article is a check."""
EVERYBODY = 1_000_000
"""The number of reviews that a check wants: one of each reviewer."""


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """How a team shares its articles: `reviews_per_article` of each, at least two of a share of
    them (`overlap`), a share of the pairs of article and reviewer `unassisted`, a share of each
    reviewer's reviews `checks`."""

    reviews_per_article: int = 1
    overlap: float = 0.0
    unassisted: float = 0.0
    checks: float = 0.0

    def reviews_of(self, article: str, *, is_check: bool = False) -> int:
        """The number of reviews that an article wants."""
        if is_check:
            return EVERYBODY
        wanted = max(1, self.reviews_per_article)
        return max(2, wanted) if overlap_draw(article) < draws_in(self.overlap) else wanted

    def hides_others(
        self,
        article: str,
        reviewer: str,
        reviews: Mapping[str, bool],
        *,
        is_check: bool = False,
    ) -> bool:
        """Whether a reviewer may not see yet what others decided on an article, because they have
        not finished it, or because one of several reviews of it may still be theirs.

        `reviews` maps the reviewers of the article to whether they have finished.
        """
        if reviewer in reviews:
            return not reviews[reviewer]
        wanted = self.reviews_of(article, is_check=is_check)
        return wanted > 1 and sum(reviews.values()) < wanted

    def assists(self, article: str, reviewer: str) -> bool:
        """Whether the article opens with suggestions for this reviewer."""
        return _draw("unassisted", article, reviewer) >= draws_in(self.unassisted)


ONE_REVIEW = ReviewPlan()
"""One review of each article, with suggestions."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reviewer to whom articles are shown, under the plan of their team."""

    reviewer: str
    plan: ReviewPlan = ONE_REVIEW


def check_block(share: float) -> int:
    """The number of reviews in a block, of which one is a check; `share` is above 0."""
    return max(1, round(1 / share))


def check_place(reviewer: str, block: int, size: int) -> int:
    """The place (0 to `size` - 1) of the check among the reviews of a reviewer's n-th block."""
    return _draw("check", reviewer, str(block)) % size


def check_is_due(share: float, reviewer: str, finished: int, *, is_given: bool) -> bool:
    """Whether the next review of somebody who has finished so many is to be a check.

    `is_given` says that this block has had its check: it is open, or among the
    `finished % check_block(share)` reviews that were finished last.
    """
    if share <= 0 or is_given:
        return False
    size = check_block(share)
    block, place = divmod(finished, size)
    return place >= check_place(reviewer, block, size)


def overlap_draw(article: str) -> int:
    """The draw (0 to 9999) that decides whether an article is in the share reviewed twice."""
    return _draw("overlap", article)


def draws_in(share: float) -> int:
    """The number of draws in a share (0 to 1): those below this number."""
    return round(share * DRAWS)


def _draw(*names: str) -> int:
    from hashlib import sha256  # with the settings, before `cli.lean_imports` can choose which

    digest = sha256("\0".join(names).encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") % DRAWS
