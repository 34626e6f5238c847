"""What the reviews of many articles give when they are compared, article by article."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from annotator.core.comparison.article_tallies import ArticleTallies
from annotator.core.comparison.confusions import Confusions
from annotator.core.comparison.judgement import FinishedReview, ReviewedArticle
from annotator.core.record import Record
from annotator.measures.article_sums import ArticleSums

if TYPE_CHECKING:
    from annotator.measures.gamma import GammaSample


class Comparisons:
    """The sums of all articles taken so far; `confusions` and `gamma` are filled too, if given."""

    def __init__(
        self, confusions: Confusions | None = None, gamma: GammaSample | None = None
    ) -> None:
        self.sums = ArticleSums()
        self.confusions, self.gamma = confusions, gamma

    def take_reviews(self, reviews: Iterable[FinishedReview]) -> None:
        """Take finished reviews of one article, if two of them are comparable."""
        self._take(ReviewedArticle.of_reviews(reviews))

    def take_records(self, records: Iterable[Record]) -> None:
        """Take the records of one article, if two of them are comparable."""
        self._take(ReviewedArticle.of(records))

    def _take(self, reviewed: ReviewedArticle | None) -> None:
        if reviewed is None:
            return
        tallies = ArticleTallies.of(reviewed)
        self.sums.add(tallies)
        if self.gamma is not None:
            self.gamma.take(reviewed)
        if self.confusions is not None:
            names = [one.reviewer for one in reviewed.judgements]
            self.confusions.add(tallies, names)
