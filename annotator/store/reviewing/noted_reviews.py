"""The notes of all reviews that may be seen."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from annotator.core.decisions import Kind
from annotator.core.statistics.standing_notes import StandingNote, notes_of
from annotator.errors import ArticleDamaged
from annotator.store.reviewing.sight import Sight
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database
from annotator.store.sql.paging import in_pages

_PAGE = 20


def notes_newest_first(database: Database, sight: Sight) -> Iterator[tuple[StandingNote, ...]]:
    """The notes that stand, some reviews at a time, those with the newest notes first; damaged
    reviews are left out."""
    d = t.decision.c
    noted = (
        select(d.review_id)
        .where(d.kind == Kind.NOTE.value)
        .group_by(d.review_id)
        .order_by(func.max(d.at).desc(), d.review_id)
    )
    for ids in in_pages(database, noted, _PAGE):
        read: list[StoredReview] = []
        with database.reading() as connection:
            rows = connection.execute(select(t.review).where(t.review.c.id.in_(ids))).fetchall()
            seen = sight.of(connection, {row.article_id for row in rows})
            visible = {one.id for found in seen.values() for one in found.reviews}
            for row in sorted(rows, key=lambda row: ids.index(row.id)):
                if row.id in visible:
                    read.append(read_review(connection, row, before=False))
        yield tuple(note for one in read if not one.is_hidden for note in _notes(one))


def _notes(stored: StoredReview) -> list[StandingNote]:
    try:
        opened = stored.opened()
    except ArticleDamaged:
        return []
    return [*notes_of(opened.article, opened.review)][::-1]
