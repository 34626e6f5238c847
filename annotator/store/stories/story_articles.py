"""Reads the articles of stories with what reviews, or else suggestions, say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from annotator.core.across.proposals import Annotated
from annotator.core.across.standing_ties import StoryArticle
from annotator.core.annotations import Claim, Entity, Item, is_known_wrong
from annotator.core.decisions import Answer
from annotator.core.review import Review
from annotator.errors import ArticleDamaged
from annotator.store.reviewing.sight import Sight, VisibleReviews
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.sql import columns as t
from annotator.store.sql.damage import Told, of_article, told_or_raised
from annotator.store.sql.database import chunks
from annotator.store.sql.row_mapping import (
    ARTICLE_COLUMNS,
    article_from_row,
    items_from_rows,
    newest_suggestions,
)
from annotator.store.values import ADJUDICATION

_READ_AT_ONCE = 50


def story_articles(
    connection: Connection,
    ids: Iterable[str],
    reviewer: str,
    damaged: Told | None,
    sight: Sight,
) -> Iterator[StoryArticle]:
    """The articles with these ids, in their order, as `reviewer` sees them, without what is not to
    be seen; unknown ids are left out.

    `damaged` is called for unreadable articles, which are omitted; without it, they raise an error.
    """
    for some in chunks(ids, _READ_AT_ONCE):
        rows = {
            row.id: row
            for row in connection.execute(
                select(*ARTICLE_COLUMNS).where(t.article.c.id.in_(some))
            ).fetchall()
        }
        seen = sight.of(connection, rows)
        for row in (rows[id] for id in some if id in rows):
            try:
                with of_article(row.id):
                    yield _read(connection, row, seen[row.id], reviewer)
            except ArticleDamaged as error:
                told_or_raised(error, damaged)


def _read(
    connection: Connection, row: Row[Any], seen: VisibleReviews, reviewer: str
) -> StoryArticle:
    article = article_from_row(row)
    decided_in = (read_review(connection, one, before=False) for one in seen.reviews)
    stored = [one for one in decided_in if not one.is_hidden]
    folded = tuple(one.review() for one in stored)
    if not stored:
        suggested = newest_suggestions(connection, row.id) if seen.suggestions else None
        items = () if suggested is None else items_from_rows(suggested.items)
        return StoryArticle(_annotated(article, items), reviewer)
    chosen = max(range(len(stored)), key=lambda n: _rank(stored[n], reviewer))
    shown = _annotated(article, _items(folded[chosen]))
    return StoryArticle(shown, reviewer, folded[chosen].reviewer, folded)


def _rank(stored: StoredReview, reviewer: str) -> tuple[bool, bool, bool, bool, int]:
    """One's own review is shown, else an adjudication (one's own first), a finished review, the
    newest."""
    row = stored.row
    return (
        row.reviewer == reviewer and row.kind != ADJUDICATION,
        row.reviewer == reviewer,
        row.kind == ADJUDICATION and row.finished_at is not None,
        row.finished_at is not None,
        row.id,
    )


def _items(review: Review) -> tuple[Item, ...]:
    return review.items if review.answer is Answer.ACCEPT else ()


def _annotated(article: Any, items: Iterable[Item]) -> Annotated:
    own = tuple(items)
    return Annotated(
        article,
        tuple(one for one in own if isinstance(one, Entity) and not is_known_wrong(one)),
        tuple(one for one in own if isinstance(one, Claim)),
    )
