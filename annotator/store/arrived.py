"""What has come since a list was looked at, and stands among what was there before."""

from __future__ import annotations

from sqlalchemy import func, select

from annotator.store import columns as t
from annotator.store.database import Database
from annotator.store.listing import View
from annotator.store.values import Stage

_MOST = 100


class Arrived:
    """The part of the store that tells what is new in a list."""

    database: Database

    def newest(self) -> int:
        """The number of the article that came last; 0 where there is none."""
        with self.database.reading() as connection:
            return connection.execute(select(func.max(t.article.c.number))).scalar_one() or 0

    def arrived_among(
        self,
        reviewer: str,
        mark: int,
        *,
        state: str | None = None,
        outlet: str | None = None,
        order: str = "newest",
        reviews_per_article: int = 1,
    ) -> tuple[str, ...]:
        """The articles that have come since the one numbered `mark` and are listed among those
        that were there: a new version beside the old, a near-duplicate. At most a hundred.

        None where a new version has taken the place of the old one, and only in the orders by
        arrival.
        """
        view = View(reviewer, reviews_per_article, order)
        if not view.by_place:
            return ()
        c, there = t.article.c, t.article.alias("there")
        beside = (
            select(there.c.number)
            .where(
                there.c.place == c.place,
                there.c.number <= mark,
                there.c.stage != Stage.SUPERSEDED.value,
            )
            .correlate(t.article)
        )
        among = (
            select(c.id)
            .where(c.number > mark, c.place <= mark, view.lists(state, outlet), beside.exists())
            .order_by(c.number)
            .limit(_MOST)
        )
        with self.database.reading() as connection:
            return tuple(connection.execute(among).scalars())
