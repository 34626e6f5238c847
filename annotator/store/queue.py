"""The queue: articles in order, from one reviewer's point of view, a page at a time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)

from annotator.errors import StoreError
from annotator.store import tables as t
from annotator.store.database import Database
from annotator.store.values import Counts, QueueRow, Stage

# What `order` may be: the newest first, or the oldest.
ORDERS = ("newest", "oldest")
STATES = ("waiting", "failed", "superseded", "ready", "in review", "finished")


class Queue:
    """The part of the store that lists articles."""

    database: Database

    def queue(
        self,
        reviewer: str,
        *,
        offset: int,
        limit: int,
        state: str | None = None,
        order: str = "newest",
        reviews_per_article: int = 1,
    ) -> tuple[QueueRow, ...]:
        """One page of the queue. A row speaks of the reviewer's own review, else of the other's
        that leaves no room for one.

        `state` is one of STATES; without it everything is listed that is not superseded.
        """
        view = _View(reviewer, reviews_per_article)
        page = (
            select(t.article.c.number)
            .where(view.lists(state))
            .order_by(_ordered(order))
            .offset(offset)
            .limit(limit)
        ).subquery()
        return self._rows(view, page, order)

    def queue_rows(
        self, reviewer: str, ids: tuple[str, ...], *, reviews_per_article: int = 1
    ) -> tuple[QueueRow, ...]:
        """The rows of these articles as they are now, the newest first."""
        view = _View(reviewer, reviews_per_article)
        page = select(t.article.c.number).where(t.article.c.id.in_(ids)).subquery()
        return self._rows(view, page, "newest")

    def queue_size(
        self, reviewer: str, *, state: str | None = None, reviews_per_article: int = 1
    ) -> int:
        """How many articles the queue lists."""
        view = _View(reviewer, reviews_per_article)
        count = select(func.count()).select_from(t.article).where(view.lists(state))
        with self.database.reading() as connection:
            return connection.execute(count).scalar_one()

    def queue_position(
        self,
        article_id: str,
        reviewer: str,
        *,
        state: str | None = None,
        order: str = "newest",
        reviews_per_article: int = 1,
    ) -> int | None:
        """How many articles are listed before this one; None if it is not listed."""
        view = _View(reviewer, reviews_per_article)
        c = t.article.c
        here = select(c.number).where(c.id == article_id, view.lists(state))
        with self.database.reading() as connection:
            number = connection.execute(here).scalar()
            if number is None:
                return None
            before = c.number < number if _is_oldest(order) else c.number > number
            count = select(func.count()).select_from(t.article).where(before, view.lists(state))
            return connection.execute(count).scalar_one()

    def next_ready(
        self,
        reviewer: str,
        after: str | None = None,
        *,
        order: str = "newest",
        reviews_per_article: int = 1,
        now: datetime | None = None,
    ) -> str | None:
        """The next article that this reviewer can take up or go on with, in the queue's order;
        after the last comes the first. None if there is none besides `after`.

        With `now`, articles whose hold by somebody else has run out by then are found as well.
        """
        view = _View(reviewer, reviews_per_article)
        c = t.article.c
        free = select(c.id).where(view.can_take(now)).order_by(_ordered(order)).limit(1)
        with self.database.reading() as connection:
            number = connection.execute(select(c.number).where(c.id == after)).scalar()
            if number is None:
                return connection.execute(free).scalar()
            beyond = c.number > number if _is_oldest(order) else c.number < number
            found = connection.execute(free.where(beyond)).scalar()
            if found is None:
                found = connection.execute(free.where(not_(beyond), c.number != number)).scalar()
            return found

    def counts(self, reviewer: str | None = None) -> Counts:
        """How many articles are in which state, for one reviewer (None: for anybody)."""
        c, r = t.article.c, t.review.c
        a_review = exists().where(r.article_id == c.id)
        if reviewer is None:
            in_reviews = select(
                func.sum(case((c.reviews > 0, 1), else_=0)),
                func.sum(case((c.finished > 0, 1), else_=0)),
            )
        else:
            a_review = a_review.where(r.reviewer == reviewer)
            in_reviews = select(func.count(r.id), func.count(r.finished_at)).where(
                r.reviewer == reviewer
            )
        by_stage = select(c.stage, func.count()).group_by(c.stage)
        # Nearly all articles under review are ready, so the others alone are looked up one by one.
        elsewhere = by_stage.where(c.stage != Stage.READY.value, c.reviews > 0, a_review)
        with self.database.reading() as connection:
            stages: Counter[str] = Counter(dict(connection.execute(by_stage).all()))
            articles = stages.total()
            reviewed, finished = (number or 0 for number in connection.execute(in_reviews).one())
            not_ready: dict[str, int] = dict(connection.execute(elsewhere).all())
            rejected = connection.execute(
                select(func.count()).select_from(t.source).where(t.source.c.reason.is_not(None))
            ).scalar_one()
        stages.subtract(not_ready)
        stages[Stage.READY] -= reviewed - sum(not_ready.values())
        return Counts(
            articles=articles,
            waiting=stages[Stage.WAITING],
            ready=stages[Stage.READY],
            in_review=reviewed - finished,
            finished=finished,
            failed=stages[Stage.FAILED],
            rejected=rejected,
            superseded=stages[Stage.SUPERSEDED],
        )

    def _rows(self, view: _View, page: Any, order: str) -> tuple[QueueRow, ...]:
        wanted = view.rows(page).order_by(_ordered(order))
        with self.database.reading() as connection:
            return tuple(_queue_row(row) for row in connection.execute(wanted))


class _View:
    """Conditions on `article` from one reviewer's point of view.

    What an article counts of its reviews is asked first everywhere: it lies in the indexes, and
    where it is enough no review has to be looked at.
    """

    def __init__(self, reviewer: str, reviews_per_article: int) -> None:
        self.reviewer, self.room = reviewer, max(1, reviews_per_article)
        own, other = t.review.alias("own"), t.review.alias("other")
        mine = select(own.c.id).where(
            own.c.article_id == t.article.c.id, own.c.reviewer == reviewer
        )
        # The review of somebody else by which the article is full.
        others = (
            select(other.c.id)
            .where(other.c.article_id == t.article.c.id, other.c.reviewer != reviewer)
            .order_by(case((other.c.finished_at.is_not(None), 0), else_=1), other.c.id)
            .offset(self.room - 1)
            .limit(1)
        )
        self.shown = case(
            (t.article.c.reviews > 0, func.coalesce(_of_article(mine), _of_article(others))),
            else_=None,
        )

    def lists(self, state: str | None) -> ColumnElement[bool]:
        """Whether the queue lists an article under this state."""
        c, r = t.article.c, t.review.alias("listed").c
        if state is None:
            return c.stage != Stage.SUPERSEDED.value
        if state not in STATES:
            raise StoreError(f"No state is called {state!r}.", hint=f"One of {', '.join(STATES)}.")
        full = self.shown
        if state in ("in review", "finished"):
            done = _of_article(
                select(case((r.finished_at.is_not(None), "finished"), else_="in review")).where(
                    r.id == full
                )
            )
            if self.room > 1:
                return and_(c.reviews > 0, done == state)
            # Most often all reviews of an article are alike, and none has to be looked up.
            alike = c.finished == (c.reviews if state == "finished" else 0)
            mixed = and_(c.finished > 0, c.finished < c.reviews)
            return and_(c.reviews > 0, or_(alike, and_(mixed, done == state)))
        unread = c.reviews == 0
        return and_(c.stage == state, unread if self.room == 1 else or_(unread, full.is_(None)))

    def can_take(self, now: datetime | None) -> ColumnElement[bool]:
        c, r = t.article.c, t.review.alias("taken").c
        count = select(func.count()).where(r.article_id == c.id)
        done = _of_article(count.where(r.reviewer == self.reviewer, r.finished_at.is_not(None)))
        held = true() if now is None else or_(r.finished_at.is_not(None), r.leased_until > now)
        others = _of_article(count.where(r.reviewer != self.reviewer, held))
        return and_(
            c.stage == Stage.READY.value,
            or_(
                c.reviews == 0,
                # Where one review is enough, a finished one rules the article out unseen.
                and_(c.finished < self.room, done == 0, others < self.room),
            ),
        )

    def rows(self, page: Any) -> Select[Any]:
        a, r = t.article.c, t.review
        return (
            select(
                a.id,
                a.title,
                a.origin,
                a.stage,
                a.problem,
                a.language,
                a.received,
                a.entities,
                a.claims,
                a.total,
                r.c.entities.label("standing_entities"),
                r.c.claims.label("standing_claims"),
                r.c.total.label("held"),
                r.c.open,
                r.c.reviewer,
                r.c.finished_at,
                r.c.opened_at,
            )
            .select_from(t.article.join(page, page.c.number == a.number))
            .outerjoin(r, r.c.id == self.shown)
        )


def _of_article(query: Select[Any]) -> ScalarSelect[Any]:
    """A subquery about the article of the row around it."""
    return query.correlate(t.article).scalar_subquery()


def _queue_row(row: Row[Any]) -> QueueRow:
    origin, is_open = row.origin, row.reviewer is not None
    return QueueRow(
        id=row.id,
        title=row.title or origin.get("name") or row.id[:12],
        outlet=origin.get("outlet"),
        stage=Stage(row.stage),
        problem=row.problem,
        language=row.language,
        received=row.received,
        entities=row.standing_entities if is_open else row.entities,
        claims=row.standing_claims if is_open else row.claims,
        total=row.held if is_open else row.total,
        open=row.open if is_open else row.total,
        reviewer=row.reviewer,
        finished=row.finished_at,
        started=row.opened_at,
    )


def _is_oldest(order: str) -> bool:
    if order not in ORDERS:
        raise StoreError(f"No order is called {order!r}.", hint=f"One of {', '.join(ORDERS)}.")
    return order == "oldest"


def _ordered(order: str) -> Any:
    number = t.article.c.number
    return number.asc() if _is_oldest(order) else number.desc()
