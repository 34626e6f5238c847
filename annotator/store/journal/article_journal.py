"""All reviews of an article, as far as the reviewer may see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from annotator.store.reviewing.sight import Sight
from annotator.store.reviewing.stored_review import read_review
from annotator.store.reviewing.taking import not_found
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database
from annotator.store.values import OpenedReview


@dataclass(frozen=True)
class VisibleJournal:
    """The reviews of an article that have decisions, in the order in which they were begun; and how
    many more others have, which are not to be seen yet."""

    reviews: tuple[OpenedReview, ...]
    hidden: int = 0


class ArticleJournal:
    """The journal of single articles."""

    def __init__(self, database: Database, sight: Sight) -> None:
        self.database, self.sight = database, sight

    def of(self, article_id: str) -> VisibleJournal:
        """The reviews of an article; raises ArticleNotFound, and ArticleDamaged if one cannot be
        read."""
        r = t.review.c
        count = select(func.count()).where(r.article_id == article_id, r.last_seq > 0)
        there = select(t.article.c.id).where(t.article.c.id == article_id)
        with self.database.reading() as connection:
            if connection.execute(there).first() is None:
                raise not_found(connection, article_id)
            rows = self.sight.of(connection, [article_id])[article_id].reviews
            read = [read_review(connection, row) for row in rows]
            every = connection.execute(count).scalar_one()
        seen = tuple(one.opened() for one in read if not one.is_hidden)
        return VisibleJournal(seen, every - len(seen))
