"""The cached counts of items, counted anew."""

from __future__ import annotations

import logging

from sqlalchemy import Connection, select, update

from annotator.core.annotations import Tier
from annotator.core.opinions import merged
from annotator.errors import ArticleDamaged
from annotator.store.reviewing.pipeline_comparison import comparison_columns
from annotator.store.reviewing.second_opinions import opinions_beside
from annotator.store.reviewing.stored_review import read_review
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article
from annotator.store.sql.row_mapping import (
    count_items,
    items_from_rows,
    newest_suggestions,
    review_to_cache,
)

_AT_ONCE = 200
_log = logging.getLogger(__name__)


def recount_tier_b(connection: Connection) -> None:
    """Count the items of all articles and reviews that were suggested claims of tier B: earlier
    versions left open ones out. Damaged articles are skipped."""
    last, c = 0, t.suggestion_set.c
    while True:
        wanted = select(c.id, c.article_id, c["items"]).where(c.id > last).order_by(c.id)
        rows = connection.execute(wanted.limit(_AT_ONCE)).fetchall()
        if not rows:
            return
        for row in rows:
            try:
                with of_article(row.article_id):
                    if any(item.get("tier") == Tier.B for item in row.items):
                        _recount(connection, row.id, row.article_id)
            except ArticleDamaged as error:
                _log.warning("Not counted anew: %s", error.message)
        last = rows[-1].id


def count_how_decided(connection: Connection) -> None:
    """Count the items of all reviews by how they were decided, and compare finished reviews with
    the pipeline: earlier versions did less of it. Damaged articles are skipped."""
    last, c = 0, t.review.c
    while True:
        wanted = select(t.review).where(c.id > last, c.last_seq > 0).order_by(c.id)
        rows = connection.execute(wanted.limit(_AT_ONCE)).fetchall()
        if not rows:
            return
        for row in rows:
            try:
                review = read_review(connection, row, before=False).review()
                cached = review_to_cache(review)
            except ArticleDamaged as error:
                _log.warning("Not counted anew: %s", error.message)
                continue
            values = {name: cached[name] for name in ("one_by_one", "in_bulk")}
            values |= comparison_columns(connection, row, review)
            connection.execute(update(t.review).where(c.id == row.id).values(values))
        last = rows[-1].id


def _recount(connection: Connection, set_id: int, article_id: str) -> None:
    newest = newest_suggestions(connection, article_id)
    if newest is not None and newest.id == set_id:
        opinions = [one.opinion for one in opinions_beside(connection, set_id)]
        total = count_items(merged(items_from_rows(newest.items), opinions))["total"]
        of_it = t.article.c.id == article_id
        connection.execute(update(t.article).where(of_it).values(total=total))
    r = t.review.c
    for review in connection.execute(
        select(t.review).where(r.suggestion_set_id == set_id)
    ).fetchall():
        counts = review_to_cache(read_review(connection, review, before=False).review())
        kept = {name: counts[name] for name in ("total", "open")}
        connection.execute(update(t.review).where(r.id == review.id).values(kept))
