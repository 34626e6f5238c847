"""Iterates over finished reviews, with a token that changes when they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Function, Select, and_, exists, func, or_, select, tuple_

from annotator.errors import ArticleDamaged, StoreError
from annotator.store.listing.check_slots import of_no_check
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.sql import columns as t
from annotator.store.sql.damage import Told, told_or_raised
from annotator.store.sql.database import Database
from annotator.store.sql.paging import from_outlet, in_pages
from annotator.store.values import ADJUDICATION, OpenedReview


class Which(StrEnum):
    """Which finished reviews: those that stand (an adjudication supersedes the reviews that it is
    about), all of them, or all but adjudications. Those of checks are never among them."""

    STANDING = "standing"
    ALL = "all"
    REVIEWS = "reviews"


class FinishedReviews:
    """Queries on finished reviews."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def reviews(
        self,
        *,
        reviewer: str | None = None,
        since: datetime | None = None,
        outlet: str | None = None,
        damaged: Told | None = None,
        which: Which = Which.STANDING,
    ) -> Iterator[OpenedReview]:
        """Finished reviews, ordered by article id, reviewer and kind, read one at a time.

        `since` selects those finished then or later, `outlet` those of one outlet. Decisions come
        without `before`. `damaged` is called for unreadable articles, which are omitted; without
        it, they raise an error.
        """
        c = t.review.c
        in_order = (c.article_id, c.reviewer, c.kind, c.id)
        ids = select(c.id).where(c.finished_at.is_not(None), _is(which)).order_by(*in_order)
        if reviewer is not None:
            ids = ids.where(c.reviewer == reviewer)
        if since is not None:
            ids = ids.where(c.finished_at >= since)
        if outlet is not None:
            ids = ids.where(c.article_id.in_(from_outlet(outlet)))
        for some in in_pages(self.database, ids, 20):
            finished = select(t.review).where(c.id.in_(some), c.finished_at.is_not(None))
            for opened in self._reviews(finished.order_by(*in_order), damaged):
                if outlet is None or opened.article.is_from(outlet):
                    yield opened

    def compared(
        self,
        kinds: Sequence[str],
        *,
        damaged: Told | None = None,
        hidden: Callable[[str], object] | None = None,
    ) -> Iterator[tuple[OpenedReview, ...]]:
        """The articles with two or more finished reviews of these kinds, ordered by id: for each
        its reviews, ordered by reviewer, read some articles at a time.

        Decisions come without `before`. `damaged` is called for unreadable reviews, and `hidden`
        with the reviewers of those that this role of the database may not read; these reviews are
        omitted. Without them, they raise an error.
        """
        c = t.review.c
        for some in in_pages(self.database, _several(kinds), 20):
            wanted = (
                select(t.review)
                .where(c.article_id.in_(some), c.finished_at.is_not(None), c.kind.in_(kinds))
                .order_by(c.article_id)
            )
            found = self._reviews(wanted, damaged, hidden)
            for _, reviews in groupby(found, key=lambda one: one.review.article):
                ordered = tuple(sorted(reviews, key=lambda one: one.review.reviewer))
                if len(ordered) > 1:
                    yield ordered

    def compared_count(self, kinds: Sequence[str]) -> int:
        """The number of articles with two or more finished reviews of these kinds."""
        counted = select(func.count()).select_from(_several(kinds).subquery())
        with self.database.reading() as connection:
            return int(connection.execute(counted).scalar_one())

    def mark(self) -> tuple[int, ...]:
        """A change token: differs after any review was finished, reopened or purged, and after any
        decision on stories or identities.

        It may also differ without such a change. On SQLite it is cheap for any number of reviews.
        """
        tombstones = select(func.count()).select_from(t.stone).scalar_subquery()
        if self.database.is_sqlite:
            newest: Function[int] = func.max(t.decision.c.number)
        else:
            # On PostgreSQL decisions may become visible out of order. Their count grows with each;
            # only a purge reduces it, and leaves a tombstone.
            newest = func.sum(t.review.c.last_seq)
        stories = select(func.coalesce(func.max(t.story_decision.c.number), 0)).scalar_subquery()
        named = select(func.coalesce(func.max(t.identity_decision.c.number), 0)).scalar_subquery()
        mark = select(func.coalesce(newest, 0), tombstones, stories, named)
        with self.database.reading() as connection:
            return tuple(map(int, connection.execute(mark).one()))

    def last_decisions(self) -> dict[tuple[str, str], int]:
        """Maps each finished review (article id, reviewer), without adjudications, to the number of
        its last decision."""
        return {key: seq for key, (seq, _) in self._last(Which.REVIEWS).items()}

    def standing(self, article_id: str | None = None) -> dict[tuple[str, str], tuple[int, str]]:
        """Maps each finished review that stands (article id, reviewer), perhaps only those of one
        article, to the number of its last decision and its kind."""
        return self._last(Which.STANDING, article_id)

    def knows(self, article_id: str, reviewer: str) -> bool:
        """Whether a reviewer has a review of an article, finished or not."""
        c = t.review.c
        wanted = select(c.id).where(c.article_id == article_id, c.reviewer == reviewer)
        with self.database.reading() as connection:
            return connection.execute(wanted.limit(1)).first() is not None

    def _last(
        self, which: Which, article_id: str | None = None
    ) -> dict[tuple[str, str], tuple[int, str]]:
        c = t.review.c
        wanted = select(c.article_id, c.reviewer, c.last_seq, c.kind)
        if article_id is not None:
            wanted = wanted.where(c.article_id == article_id)
        with self.database.reading() as connection:
            rows = connection.execute(wanted.where(c.finished_at.is_not(None), _is(which)))
            return {(article_id, reviewer): (seq, kind) for article_id, reviewer, seq, kind in rows}

    def _reviews(
        self,
        wanted: Select[Any],
        damaged: Told | None,
        hidden: Callable[[str], object] | None = None,
    ) -> Iterator[OpenedReview]:
        """Read these reviews in one transaction."""
        read: list[StoredReview] = []
        with self.database.reading() as connection:
            for row in connection.execute(wanted).fetchall():
                try:
                    read.append(read_review(connection, row, before=False))
                except ArticleDamaged as error:
                    told_or_raised(error, damaged)
        for one in read:
            if one.is_hidden:
                if hidden is None:
                    raise _hidden(one.row.reviewer)
                hidden(one.row.reviewer)
                continue
            try:
                opened = one.opened()
            except ArticleDamaged as error:
                told_or_raised(error, damaged)
            else:
                yield opened


def _several(kinds: Sequence[str]) -> Select[Any]:
    """Ids of the articles with two or more finished reviews of these kinds."""
    c = t.review.c
    return (
        select(c.article_id)
        .where(c.finished_at.is_not(None), c.kind.in_(kinds), of_no_check())
        .group_by(c.article_id)
        .having(func.count() > 1)
        .order_by(c.article_id)
    )


def _hidden(reviewer: str) -> StoreError:
    return StoreError(
        f"The database does not let you read a finished review by {reviewer}.",
        hint="Export your own reviews with --reviewer and your name, or ask the owner of the "
        "database for the role annotator_lead.",
    )


def _is(which: Which) -> ColumnElement[bool]:
    """The condition that a finished review is one of these."""
    c, later = t.review.c, t.review.alias("later").c
    match which:
        case Which.ALL:
            return of_no_check()
        case Which.REVIEWS:
            return and_(of_no_check(), c.kind != ADJUDICATION)
        case Which.STANDING:
            supersedes = exists().where(
                later.article_id == c.article_id,
                later.kind == ADJUDICATION,
                later.finished_at.is_not(None),
                or_(c.kind != ADJUDICATION, _is_later(later, c)),
            )
            return and_(of_no_check(), ~supersedes.correlate(t.review))


def _is_later(one: Any, other: Any) -> ColumnElement[bool]:
    """The condition that one adjudication was begun after another: ids do not tell, since bundles
    bring adjudications in any order."""
    return tuple_(one.opened_at, one.reviewer, one.opening) > tuple_(
        other.opened_at, other.reviewer, other.opening
    )
