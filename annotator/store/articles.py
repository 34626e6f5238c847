"""Articles by id, their links, and unreviewed articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Text, cast, exists, or_, select

from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.record import PipelineId
from annotator.errors import ArticleDamaged, ArticleNotFound, StoreError
from annotator.store.linking.near_duplicates import alike
from annotator.store.linking.stories import stories
from annotator.store.reviewing.taking import not_found
from annotator.store.sql import columns as t
from annotator.store.sql.damage import Told, of_article, told_or_raised
from annotator.store.sql.database import Database
from annotator.store.sql.paging import from_outlet, in_pages
from annotator.store.sql.row_mapping import (
    ARTICLE_COLUMNS,
    article_from_row,
    items_from_rows,
    newest_suggestions,
    pipeline_of,
)
from annotator.store.values import Alike, Stage

_LISTED = 5


class Articles:
    """Queries on articles independent of reviewers."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, article_id: str) -> Article:
        """The article with this id; raises ArticleNotFound."""
        with of_article(article_id), self.database.reading() as connection:
            row = connection.execute(
                select(*ARTICLE_COLUMNS).where(t.article.c.id == article_id)
            ).first()
            if row is None:
                raise not_found(connection, article_id)
            return article_from_row(row)

    def named(self, prefix: str) -> str:
        """The full id of the article or tombstone with this prefix.

        Raises ArticleNotFound if there is none, StoreError if there are several.
        """
        wanted = prefix.strip().lower()
        ids = [table.c[name] for table, name in ((t.article, "id"), (t.stone, "article_id"))]
        with self.database.reading() as connection:
            found = sorted(
                {
                    row
                    for column in ids
                    for row in connection.execute(
                        select(column)
                        .where(column >= wanted, column < f"{wanted}g")
                        .order_by(column)
                        .limit(_LISTED + 1)
                    ).scalars()
                }
            )
        if not wanted or not found:
            raise ArticleNotFound(
                f"No article has the id {prefix!r:.80}.",
                hint="Give an id or a unique prefix; exported records contain ids.",
            )
        if len(found) > 1:
            some = ", ".join(one[:16] for one in found[:_LISTED])
            more = " and more" if len(found) > _LISTED else ""
            raise StoreError(
                f"Several ids begin with {prefix}: {some}{more}.",
                hint="Give more characters of the id.",
            )
        return str(found[0])

    def meant(self, words: str) -> str:
        """The full id of the one article that `all_meant` finds; raises StoreError if there are
        several."""
        found = self.all_meant(words)
        if len(found) > 1:
            some = ", ".join(one[:16] for one in found[:_LISTED])
            more = " and more" if len(found) > _LISTED else ""
            raise StoreError(
                f"Several articles are from {words!r:.80}: {some}{more}.",
                hint="Give an id or a unique prefix of it.",
            )
        return found[0]

    def all_meant(self, words: str) -> tuple[str, ...]:
        """The full id of the article with this prefix, or the ids of those from a file of this
        name or path: without articles that a later text replaced, unless there are no others.

        Raises ArticleNotFound if there is none, StoreError for a prefix of several ids.
        """
        try:
            return (self.named(words),)
        except ArticleNotFound as error:
            if found := self._from_file(words.strip()):
                return tuple(found)
            raise ArticleNotFound(
                f"No article has the id or the file name {words!r:.80}.",
                hint="Give an id, a unique prefix of it, or the name of its file.",
            ) from error

    def _from_file(self, name: str) -> list[str]:
        """The ids of articles from a file, given by its path or its name."""
        link, c = t.source_article.c, t.article.c
        if not name:
            return []
        wanted = select(link.article_id).where(
            or_(link.path == name, link.path.endswith(f"/{name}", autoescape=True))
        )
        # Files may be gone; an article keeps the name of the one that it came in.
        kept = select(c.id, c.origin).where(
            cast(c.origin, Text).contains(json.dumps(name, ensure_ascii=False), autoescape=True)
        )
        with self.database.reading() as connection:
            found = set(connection.execute(wanted).scalars())
            rows = connection.execute(kept)
            found |= {row.id for row in rows if row.origin.get("name") == name}
            current = select(c.id).where(c.id.in_(found), c.stage != Stage.SUPERSEDED.value)
            return sorted(connection.execute(current).scalars()) or sorted(found)

    def supersedes(self, article_id: str) -> str | None:
        """The id of the article that this one replaced in its file or on its page; None if there is
        none."""
        c = t.article.c
        with self.database.reading() as connection:
            return connection.execute(select(c.supersedes).where(c.id == article_id)).scalar()

    def alike(self, article_id: str) -> tuple[Alike, ...]:
        """Near-duplicates of this article, the most similar first, without superseded ones."""
        with self.database.reading() as connection:
            return alike(connection, article_id)

    def stories(self) -> dict[str, str]:
        """Maps linked articles (revisions, near-duplicates) to the oldest of their story."""
        return stories(self.database)

    def unreviewed(
        self,
        *,
        since: datetime | None = None,
        outlet: str | None = None,
        damaged: Told | None = None,
    ) -> Iterator[tuple[Article, tuple[Item, ...], PipelineId | None]]:
        """Ready articles without decisions, ordered by id, with their newest suggestions of
        the pipeline, which the memory has not changed.

        `since` selects articles received then or later, `outlet` those of one outlet; `damaged` is
        called for unreadable articles, as in `FinishedReviews.reviews`.
        """
        c, review = t.article.c, t.review.c
        decided = exists().where(review.article_id == c.id, review.last_seq > 0)
        ids = select(c.id).where(c.stage == Stage.READY.value, ~decided).order_by(c.id)
        if since is not None:
            ids = ids.where(c.received >= since)
        if outlet is not None:
            ids = ids.where(c.id.in_(from_outlet(outlet)))
        for some in in_pages(self.database, ids, 50):
            for article_id in some:
                try:
                    found = self._untouched(article_id)
                except ArticleDamaged as error:
                    told_or_raised(error, damaged)
                    continue
                if found is not None and (outlet is None or found[0].is_from(outlet)):
                    yield found

    def _untouched(
        self, article_id: str
    ) -> tuple[Article, tuple[Item, ...], PipelineId | None] | None:
        """An article with its newest suggestions; None if it was removed in the meantime."""
        with of_article(article_id):
            with self.database.reading() as connection:
                row = connection.execute(
                    select(*ARTICLE_COLUMNS).where(t.article.c.id == article_id)
                ).first()
                suggested = newest_suggestions(connection, article_id)
                if row is None:
                    return None
                items = items_from_rows(suggested.items) if suggested else ()
            return article_from_row(row), items, pipeline_of(suggested)
