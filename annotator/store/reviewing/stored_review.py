"""One review as rows and as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, null, select

from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.adjudicating.compared_rows import comparison_from_dict, settled_in
from annotator.core.review import Review
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article
from annotator.store.sql.row_mapping import (
    ARTICLE_COLUMNS,
    DECISION_COLUMNS,
    article_from_row,
    decision_from_row,
    items_from_rows,
    pipeline_of,
    suggesters_of,
)
from annotator.store.values import ADJUDICATION, OpenedReview


@dataclass(frozen=True)
class StoredReview:
    """The rows of one review, converted to values outside the transaction."""

    article: Row[*tuple[Any, ...]]
    row: Row[Any]
    suggested: Row[Any] | None
    decisions: Sequence[Row[Any]]

    @property
    def is_hidden(self) -> bool:
        """Whether its decisions may not be read: the database hides them from this role."""
        return self.row.last_seq > 0 and not self.decisions

    def review(self) -> Review:
        """The review: its decisions folded over its suggestions.

        Raises ArticleDamaged if they cannot be read.
        """
        with of_article(self.row.article_id):
            return self._fold()

    @property
    def _shown(self) -> Row[Any] | None:
        """The suggestion set that the review started with; None without suggestions."""
        return self.suggested if self.row.assisted else None

    def comparison(self) -> ComparedReviews | None:
        """What an adjudication is about; None for other reviews. Raises ArticleDamaged."""
        if self.row.kind != ADJUDICATION or self.suggested is None:
            return None
        with of_article(self.row.article_id):
            items = items_from_rows(self.suggested.items)
            return comparison_from_dict(self.suggested.comparison, items)

    def _fold(self) -> Review:
        shown = self._shown
        items = items_from_rows(shown.items) if shown else ()
        article_id, reviewer = self.row.article_id, self.row.reviewer
        if self.decisions and self.decisions[-1].seq != len(self.decisions):
            raise ValueError("a decision is missing")
        adjudicates = self.row.kind == ADJUDICATION
        log = (
            decision_from_row(row, article_id, reviewer, adjudicates=adjudicates)
            for row in self.decisions
        )
        settled = settled_in(self.suggested.comparison) if adjudicates and self.suggested else None
        return Review.of(article_id, reviewer, items, log, settled=settled)

    def opened(self) -> OpenedReview:
        """The review with its article, for screens and exports; raises ArticleDamaged if they
        cannot be read."""
        with of_article(self.row.article_id):
            return OpenedReview(
                article_from_row(self.article),
                self._fold(),
                pipeline_of(self._shown),
                self.row.opened_at,
                self.row.kind,
                suggesters=suggesters_of(self._shown),
                assisted=self.row.assisted,
                comparison=self.comparison(),
            )


def read_review(connection: Connection, row: Row[Any], *, before: bool = True) -> StoredReview:
    """Read all rows of a review.

    Without `before`, decisions lack that field, which a fold does not need.
    """
    with of_article(row.article_id):
        article = connection.execute(_ARTICLE, {"id": row.article_id}).one()
        suggested = connection.execute(_SUGGESTED, {"id": row.suggestion_set_id}).first()
        wanted = _DECISIONS if before else _DECISIONS_ALONE
        decisions = connection.execute(wanted, {"id": row.id}).fetchall()
    return StoredReview(article, row, suggested, decisions)


def _of_review(columns: Sequence[Any]) -> Select[Any]:
    c = t.decision.c
    return select(*columns).where(c.review_id == bindparam("id")).order_by(c.seq)


# Built once: building a statement takes longer than executing it.
_ARTICLE = select(*ARTICLE_COLUMNS).where(t.article.c.id == bindparam("id"))
_SUGGESTED = select(t.suggestion_set).where(t.suggestion_set.c.id == bindparam("id"))
_DECISIONS = _of_review(DECISION_COLUMNS)
_DECISIONS_ALONE = _of_review([null() if c.name == "before" else c for c in DECISION_COLUMNS])
