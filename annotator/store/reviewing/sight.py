"""What a reviewer may see of the reviews of articles: nothing of others before they finish.

Search, boards and identities read reviews only through here; which reviews are independent is a
rule of `core.assignment`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from annotator.core.assignment import Viewer
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.values import ADJUDICATION


@dataclass(frozen=True, slots=True)
class VisibleReviews:
    """What may be seen of an article: reviews with decisions, and whether suggestions, if there is
    no review."""

    reviews: Sequence[Row[Any]] = ()
    suggestions: bool = True


class Sight:
    """What the `viewer` may see; None: everything, as for exports."""

    def __init__(self, viewer: Viewer | None = None) -> None:
        self.viewer = viewer

    def of(self, connection: Connection, ids: Iterable[str]) -> dict[str, VisibleReviews]:
        """What may be seen of each of these articles."""
        named = tuple(ids)
        rows = _reviews(connection, named)
        return {id: self._seen(id, rows.get(id, ())) for id in named}

    def hidden(self, connection: Connection, ids: Collection[str]) -> frozenset[str]:
        """Those of these articles whose reviews by others are not to be seen."""
        if self.viewer is None:
            return frozenset()
        rows = _reviews(connection, ids)
        return frozenset(id for id in ids if self._hides(id, rows.get(id, ())))

    def _seen(self, article: str, rows: Sequence[Row[Any]]) -> VisibleReviews:
        decided = [row for row in rows if row.last_seq > 0]
        viewer = self.viewer
        if viewer is None or not self._hides(article, rows):
            return VisibleReviews(
                decided, suggestions=viewer is None or self._assists(article, rows)
            )
        own = [row for row in decided if row.reviewer == viewer.reviewer]
        return VisibleReviews(own, suggestions=self._assists(article, rows))

    def _hides(self, article: str, rows: Sequence[Row[Any]]) -> bool:
        assert self.viewer is not None  # asked only for a viewer
        done = {row.reviewer: bool(row.finished_at) for row in rows if row.kind != ADJUDICATION}
        is_check = any(row.draw < 0 for row in rows)
        return self.viewer.plan.hides_others(article, self.viewer.reviewer, done, is_check=is_check)

    def _assists(self, article: str, rows: Sequence[Row[Any]]) -> bool:
        """Whether the viewer reviews the article with suggestions."""
        assert self.viewer is not None  # asked only for a viewer
        mine = (row for row in rows if row.reviewer == self.viewer.reviewer)
        own = next((row for row in mine if row.kind != ADJUDICATION), None)
        if own is not None:
            return bool(own.assisted)
        return self.viewer.plan.assists(article, self.viewer.reviewer)


def _reviews(connection: Connection, ids: Iterable[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for some in chunks(ids):
        for row in connection.execute(_of_articles(), {"articles": tuple(some)}):
            found[row.article_id].append(row)
    return found


@cache
def _of_articles() -> Select[Any]:
    """Built once: building a statement takes longer than executing it."""
    r, a = t.review.c, t.article.c
    among = r.article_id.in_(bindparam("articles", expanding=True))
    of_them = select(t.review, a.draw).join(t.article, a.id == r.article_id)
    return of_them.where(among).order_by(r.id)
