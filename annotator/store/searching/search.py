"""Searches in the texts of all articles, and in what is marked there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from annotator.core.annotations import Item
from annotator.core.search.sought import HitInContext, Sought, in_context
from annotator.errors import ArticleDamaged
from annotator.store.reviewing.sight import Sight
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.searching.text_index import candidates
from annotator.store.sql import columns as t
from annotator.store.sql.damage import Told, of_article, told_or_raised
from annotator.store.sql.database import Database, chunks
from annotator.store.sql.row_mapping import items_from_rows, newest_suggestions
from annotator.store.values import Stage

_LOOKED_UP, _READ_AT_ONCE = 200, 20


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article with hits, in text order; `number` counts articles by arrival."""

    id: str
    number: int
    name: str
    stage: Stage
    hits: tuple[HitInContext, ...]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some articles with hits, the newest first. `before` is where the next page begins: articles
    numbered below it have not been looked at; None if all have."""

    articles: tuple[FoundArticle, ...] = ()
    before: int | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of an article: itself, its reviews with decisions, or else its suggestions."""

    row: Row[Any]
    reviews: Sequence[StoredReview] = ()
    suggested: Row[Any] | None = None

    def items(self) -> Iterator[Item]:
        for one in self.reviews:
            yield from one.review().items
        if self.suggested is not None:
            yield from items_from_rows(self.suggested.items)


class Search:
    """Finds hits in all articles but earlier texts that nobody decided on, as the queue lists them.

    What is marked in an article is what its reviews hold, decided or open; of an article without
    decisions, what was suggested; nothing that the reviewer may not see yet.
    """

    def __init__(self, database: Database, sight: Sight) -> None:
        self.database, self.sight = database, sight

    def all(self, sought: Sought, *, damaged: Told | None = None) -> Iterator[FoundArticle]:
        """Every article with hits, the newest first.

        `damaged` is called for unreadable articles, which are omitted; without it, they raise an
        error.
        """
        before: int | None = None
        while sought.is_possible:
            with self.database.reading() as connection:
                numbers = candidates(connection, sought.in_text, before=before, limit=_LOOKED_UP)
            for some in chunks(numbers, _READ_AT_ONCE):
                yield from self._found(some, sought, damaged)
            if len(numbers) < _LOOKED_UP:
                return
            before = numbers[-1]

    def page(
        self,
        sought: Sought,
        *,
        before: int | None = None,
        hits: int = 100,
        damaged: Told | None = None,
    ) -> FoundPage:
        """The first articles numbered below `before` that have so many hits together; fewer if it
        has looked at 200 articles whose texts hold the words."""
        if not sought.is_possible:
            return FoundPage()
        with self.database.reading() as connection:
            numbers = candidates(connection, sought.in_text, before=before, limit=_LOOKED_UP)
        found: list[FoundArticle] = []
        count = 0
        for some in chunks(numbers, _READ_AT_ONCE):
            for one in self._found(some, sought, damaged):
                found.append(one)
                count += len(one.hits)
                if count >= hits:
                    return FoundPage(tuple(found), one.number)
        return FoundPage(tuple(found), numbers[-1] if len(numbers) == _LOOKED_UP else None)

    def anew(
        self, sought: Sought, article: FoundArticle, *, damaged: Told | None = None
    ) -> FoundArticle | None:
        """An article that was found, with the hits in it now; None if none are left."""
        return next(self._found([article.number], sought, damaged), None)

    def _found(
        self, numbers: Sequence[int], sought: Sought, damaged: Told | None
    ) -> Iterator[FoundArticle]:
        with self.database.reading() as connection:
            rows = connection.execute(_ARTICLES.where(t.article.c.number.in_(numbers))).fetchall()
            if sought.needs_items:
                read = [*self._with_items(connection, rows, damaged)]
            else:
                read = [_Read(row) for row in rows]
        for one in read:
            row = one.row
            try:
                with of_article(row.id):
                    hits = tuple(in_context(row.text, sought.hits(row.text, one.items())))
            except ArticleDamaged as error:
                told_or_raised(error, damaged)
                continue
            if hits:
                name = row.listed_as or row.title or row.origin.get("name") or row.id[:12]
                yield FoundArticle(row.id, row.number, name, Stage(row.stage), hits)

    def _with_items(
        self, connection: Connection, rows: Sequence[Row[Any]], damaged: Told | None
    ) -> Iterator[_Read]:
        seen = self.sight.of(connection, [row.id for row in rows])
        for row in rows:
            one = seen[row.id]
            try:
                with of_article(row.id):
                    read = (read_review(connection, own, before=False) for own in one.reviews)
                    if stored := [review for review in read if not review.is_hidden]:
                        yield _Read(row, stored)
                    elif one.suggestions:
                        yield _Read(row, suggested=newest_suggestions(connection, row.id))
                    else:
                        yield _Read(row)
            except ArticleDamaged as error:
                told_or_raised(error, damaged)


_ARTICLES = (
    select(
        *(
            t.article.c[name]
            for name in ("id", "number", "listed_as", "title", "stage", "origin", "text")
        )
    )
    .where(t.article.c.stage != Stage.SUPERSEDED.value)
    .order_by(t.article.c.number.desc())
)
