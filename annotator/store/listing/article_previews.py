"""What the queue tells of the article under the cursor, beside its row."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from annotator.core.annotations import Item
from annotator.core.article import Origin
from annotator.core.folds import Fold
from annotator.core.opinions import merged
from annotator.core.review import Review
from annotator.core.reviewing.preview_counts import ItemNumbers, Standing, counted, standing_in
from annotator.store.queue_values import Preview
from annotator.store.reviewing.second_opinions import opinions_beside
from annotator.store.reviewing.sight import Sight, VisibleReviews
from annotator.store.reviewing.stored_review import read_review
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article
from annotator.store.sql.database import Database
from annotator.store.sql.row_mapping import items_from_rows, newest_suggestions
from annotator.store.values import ADJUDICATION

_BEGINNING = 10_000
"""Characters of a text that its lead is looked for in."""


class Previews:
    """Reads previews, as far as `sight` lets its viewer see."""

    def __init__(self, database: Database, sight: Sight) -> None:
        self.database, self.sight = database, sight

    def of(
        self, article_id: str, reviewer: str, *, confidence: float, fold: Fold
    ) -> Preview | None:
        """The preview of an article; None if it is not there. Unsure are open items with a score
        below `confidence` and their like. Raises ArticleDamaged."""
        with self.database.reading() as connection, of_article(article_id):
            row = connection.execute(_told_of(), {"article": article_id}).first()
            if row is None:
                return None
            seen = self.sight.of(connection, [article_id])[article_id]
            review = _shown(connection, seen, reviewer)
            items: Standing | None = None
            if review is not None:
                items = standing_in(review)
            elif seen.suggestions:
                items = tuple((item, True) for item in suggested(connection, article_id))
            numbers = None if items is None else counted(items, confidence, fold)
            return _preview(row, review, items or (), numbers)


@cache
def _told_of() -> Select[Any]:
    """Built once: building a statement takes longer than executing it."""
    c = t.article.c
    # A long text would be copied for the sake of its beginning.
    beginning = func.substr(c.text, 1, _BEGINNING).label("text")
    told = select(c.id, c.title, c.listed_as, c.origin, beginning)
    return told.where(c.id == bindparam("article"))


def suggested(connection: Connection, article_id: str) -> tuple[Item, ...]:
    """The newest suggestions for an article, as they are counted in the queue."""
    newest = newest_suggestions(connection, article_id)
    if newest is None:
        return ()
    opinions = [one.opinion for one in opinions_beside(connection, newest.id)]
    return merged(items_from_rows(newest.items), opinions)


def _shown(connection: Connection, seen: VisibleReviews, reviewer: str) -> Review | None:
    """One's own review of the visible ones, else a finished one, else the first."""
    rows = [row for row in seen.reviews if row.kind != ADJUDICATION]
    for row in sorted(rows, key=lambda one: (one.reviewer != reviewer, not one.finished_at)):
        stored = read_review(connection, row, before=False)
        if not stored.is_hidden:
            return stored.review()
    return None


def _preview(
    row: Any, review: Review | None, items: Standing, numbers: ItemNumbers | None
) -> Preview:
    # The screens start without it.
    from annotator.core.text.lead import lead_passage

    return Preview(
        row.id,
        lead_passage(row.text, row.title, told=row.listed_as or ""),
        Origin(**row.origin),
        numbers,
        notes=() if review is None else tuple(note.text for note in review.notes),
        item_notes=tuple(item.note for item, _ in items if item.note is not None),
    )
