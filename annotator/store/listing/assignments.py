"""Articles assigned to reviewers: others are not offered them as the next one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, select, update

from annotator.core.states import ArticleState
from annotator.errors import StoreError
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.values import ADJUDICATION, Stage


@dataclass(frozen=True, slots=True)
class Assignment:
    """An article assigned to a reviewer: its name, when and by whom, when it was `started` and
    `finished` by them, and what they answered on the whole of it."""

    article: str
    name: str
    reviewer: str
    at: datetime
    by: str
    started: datetime | None = None
    finished: datetime | None = None
    answer: str | None = None

    @property
    def state(self) -> ArticleState | None:
        """The state of their review; None before they began."""
        if self.finished is not None:
            return ArticleState.after(self.answer or "")
        return ArticleState.IN_REVIEW if self.started is not None else None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The outcome of assigning: the articles meant, and the pairs of article and reviewer that
    are new."""

    articles: int
    new: int


class Assignments:
    """Assigns articles to reviewers."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def assign(
        self, articles: Iterable[str], to: Collection[str], *, by: str, now: datetime
    ) -> Assigned:
        """Assign articles to each of these reviewers; who has them already keeps them. Articles
        that were purged, or that a later text replaced, are left out; raises StoreError if these
        are all."""
        ids, done, new = tuple(dict.fromkeys(articles)), 0, 0
        put = self.database.insert(t.assignment).on_conflict_do_nothing()
        for some in chunks(ids):
            with self.database.writing() as connection:
                before = _count(connection, some)
                there = _locked(connection, some, _current())
                done += len(there)
                rows = [
                    {"article_id": id, "reviewer": name, "at": now, "by": by}
                    for id in there
                    for name in to
                ]
                if rows:
                    connection.execute(put, rows)
                _keep_counts(connection, some)
                new += _count(connection, some) - before
        if ids and not done:
            raise StoreError(
                "Nothing is assigned: these articles were purged, or a later text replaced them.",
                hint="Give the name of the file: it means the newest text.",
            )
        return Assigned(done, new)

    def clear(self, articles: Iterable[str] | None, of: Collection[str] = ()) -> int:
        """Take assignments back, those of some reviewers or all; None: of every article. Returns
        how many there were."""
        c = t.assignment.c
        cleared = 0
        ids = self._all_of(of) if articles is None else tuple(articles)
        for some in chunks(ids):
            with self.database.writing() as connection:
                _locked(connection, some, select(t.article.c.id))
                gone = delete(t.assignment).where(c.article_id.in_(some))
                if of:
                    gone = gone.where(c.reviewer.in_(of))
                cleared += int(connection.execute(gone).rowcount)
                _keep_counts(connection, some)
        return cleared

    def listed(self, reviewer: str | None = None) -> Iterator[Assignment]:
        """Assignments, the oldest article first; of one reviewer, or all."""
        a, c, r = t.article.c, t.assignment.c, t.review.c
        reviewed = r.kind != ADJUDICATION
        wanted = (
            select(
                t.assignment, a.listed_as, a.title, a.origin, r.opened_at, r.finished_at, r.answer
            )
            .join(t.article, a.id == c.article_id)
            .outerjoin(t.review, and_(r.article_id == a.id, r.reviewer == c.reviewer, reviewed))
            .order_by(a.number, c.reviewer)
        )
        if reviewer is not None:
            wanted = wanted.where(c.reviewer == reviewer)
        with self.database.reading() as connection:
            rows = connection.execute(wanted).fetchall()
        for row in rows:
            name = row.listed_as or row.title or row.origin.get("name") or row.article_id[:12]
            yield Assignment(
                row.article_id,
                name,
                row.reviewer,
                row.at,
                row.by,
                row.opened_at,
                row.finished_at,
                row.answer,
            )

    def of_outlet(self, outlet: str) -> tuple[str, ...]:
        """The articles of an outlet; raises StoreError without any."""
        with self.database.reading() as connection:
            found = connection.execute(_current().where(t.article.c.outlet == outlet))
            if ids := tuple(found.scalars()):
                return ids
        raise StoreError(
            f"No article is of the outlet {outlet!r:.80}.",
            hint="The queue lists outlets: press / and l there.",
        )

    def _all_of(self, reviewers: Collection[str]) -> tuple[str, ...]:
        c = t.assignment.c
        wanted = select(c.article_id).distinct()
        if reviewers:
            wanted = wanted.where(c.reviewer.in_(reviewers))
        with self.database.reading() as connection:
            return tuple(connection.execute(wanted).scalars())


def is_assigned_to(reviewer: str) -> ColumnElement[bool]:
    """The condition that an article is assigned to a reviewer."""
    c = t.assignment.c
    assigned = select(c.article_id).where(c.article_id == t.article.c.id, c.reviewer == reviewer)
    return assigned.correlate(t.article).exists()


def reviewers_assigned() -> ColumnElement[str]:
    """The names of those whom an article is assigned to, one a line; null without any."""
    c = t.assignment.c
    names = select(func.aggregate_strings(c.reviewer, "\n")).where(c.article_id == t.article.c.id)
    return names.correlate(t.article).scalar_subquery()


def _current() -> Select[Any]:
    return select(t.article.c.id).where(t.article.c.stage != Stage.SUPERSEDED.value)


def _locked(connection: Connection, ids: Sequence[str], wanted: Select[Any]) -> Sequence[str]:
    """Those of the articles that are there, locked in one order."""
    c = t.article.c
    there = wanted.where(c.id.in_(ids)).order_by(c.id).with_for_update()
    return connection.execute(there).scalars().all()


def _count(connection: Connection, ids: Sequence[str]) -> int:
    c = t.assignment.c
    count = select(func.count()).select_from(t.assignment).where(c.article_id.in_(ids))
    return int(connection.execute(count).scalar_one())


def _keep_counts(connection: Connection, ids: Sequence[str]) -> None:
    c = t.assignment.c
    many = select(func.count()).where(c.article_id == t.article.c.id).scalar_subquery()
    connection.execute(update(t.article).where(t.article.c.id.in_(ids)).values(assigned=many))
