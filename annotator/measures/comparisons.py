"""What the reviews of many articles give when they are compared, article by article."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.comparison.article_tallies import ArticleTallies
from annotator.core.comparison.confusions import Confusions
from annotator.core.comparison.judgement import FinishedReview, ReviewedArticle
from annotator.core.record import Record
from annotator.measures.article_sums import ArticleSums


class Comparisons:
    """The sums of all articles taken so far; with `confusions`, these are filled too."""

    def __init__(self, confusions: Confusions | None = None) -> None:
        self.sums = ArticleSums()
        self.confusions = confusions

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
        if self.confusions is not None:
            names = [one.reviewer for one in reviewed.judgements]
            self.confusions.add(tallies, names)
