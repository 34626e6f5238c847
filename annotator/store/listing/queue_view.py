"""Filters and orders of the queue, as conditions on `article`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
)

from annotator.core.assignment import EVERYBODY, draws_in
from annotator.core.states import ArticleState, QueueFilter, QueueOrder
from annotator.store.hold_conditions import is_held
from annotator.store.listing.assignments import is_assigned_to
from annotator.store.listing.state_counters import DONE, MIXED, NONE, OPEN
from annotator.store.sql import columns as t
from annotator.store.values import ADJUDICATION, QueueView, Stage

_REVIEWED_STATES = {
    QueueFilter.IN_REVIEW: ArticleState.IN_REVIEW,
    QueueFilter.FINISHED: ArticleState.FINISHED,
}
# A literal, so that SQLite recognises that it can use the indexes of such articles.
_REVIEWED = t.article.c.reviews > literal_column("0")
_TWICE = t.article.c.finished > literal_column("1")
_ASSIGNED = t.article.c.assigned > literal_column("0")


@dataclass(frozen=True)
class Order:
    """An order of the queue: by a column, then by number, both up or both down; nulls come last."""

    name: QueueOrder
    column: ColumnElement[Any]
    up: bool

    @property
    def terms(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """The terms of ORDER BY."""
        first, number = self.column, t.article.c.number
        if not self.up:
            return first.desc(), number.desc()
        return first.asc().nulls_last() if self.nullable else first.asc(), number.asc()

    @property
    def nullable(self) -> bool:
        return self.column is t.article.c.confidence

    def before(self, key: Any, number: int) -> ColumnElement[bool]:
        """The condition that an article comes before the one with this key and number."""
        return self._beyond(key, number, smaller=self.up)

    def after(self, key: Any, number: int) -> ColumnElement[bool]:
        """The condition that an article comes after the one with this key and number."""
        return self._beyond(key, number, smaller=not self.up)

    def _beyond(self, key: Any, number: int, *, smaller: bool) -> ColumnElement[bool]:
        c = t.article.c.number
        if key is None:
            within = and_(self.column.is_(None), c < number if smaller else c > number)
            return or_(self.column.is_not(None), within) if smaller else within
        pair = tuple_(self.column, c)
        found = pair < tuple_(key, number) if smaller else pair > tuple_(key, number)
        return or_(found, self.column.is_(None)) if self.nullable and not smaller else found


ORDERS = {
    order.name: order
    for order in (
        Order(QueueOrder.NEWEST, t.article.c.place, up=False),
        Order(QueueOrder.OLDEST, t.article.c.place, up=True),
        Order(QueueOrder.LEAST_CONFIDENT, t.article.c.confidence, up=True),
        Order(QueueOrder.MOST_CLAIMS, t.article.c.claims, up=False),
    )
}


class QueueConditions:
    """Conditions on `article` from one reviewer's point of view.

    The counts of reviews in `article` are compared first: they are in the indexes, and where they
    decide, no review needs to be read.
    """

    def __init__(self, view: QueueView) -> None:
        self.view, self.reviewer = view, view.reviewer
        self.reviews_per_article = max(1, view.reviews_per_article)
        # Only where others want one review, the articles of the overlap want more: two. Checks,
        # whose draw is below 0, want one of each reviewer.
        share = draws_in(view.overlap) if self.reviews_per_article == 1 else 0
        self.has_more = share > 0 or view.checks > 0
        self.more = t.article.c.draw < literal_column(str(share)) if self.has_more else false()
        self.order = ORDERS[view.order]
        # Except in the order by place, using the index of stages would force a sort of its matches;
        # as an expression, the stage is read from the index that provides the order.
        stage = t.article.c.stage
        self._stage: ColumnElement[str] = stage if self.by_place else func.coalesce(stage, "")
        own = t.review.alias("own").c
        mine = select(own.id).where(
            own.article_id == t.article.c.id,
            own.reviewer == self.reviewer,
            own.kind != ADJUDICATION,
        )
        self.shown = case(
            (t.article.c.reviews > 0, func.coalesce(_of_article(mine), self._filling())),
            else_=None,
        )

    @property
    def wanted(self) -> ColumnElement[int]:
        """The number of reviews that an article wants."""
        many = literal(self.reviews_per_article)
        if not self.has_more:
            return many
        return case((is_check(), EVERYBODY), (self.more, 2), else_=many)

    def _filling(self) -> ColumnElement[Any]:
        """The review of somebody else that fills the article; nobody fills a check."""
        usual = self._other(self.reviews_per_article)
        if not self.has_more:
            return usual
        return case((is_check(), null()), (self.more, self._other(2)), else_=usual)

    def _other(self, nth: int) -> ScalarSelect[Any]:
        """The n-th review of somebody else, finished ones first."""
        other = t.review.alias("other").c
        return _of_article(
            select(other.id)
            .where(
                other.article_id == t.article.c.id,
                other.reviewer != self.reviewer,
                other.kind != ADJUDICATION,
            )
            .order_by(case((other.finished_at.is_not(None), 0), else_=1), other.id)
            .offset(nth - 1)
            .limit(1)
        )

    @property
    def by_place(self) -> bool:
        """Whether the order is by arrival, in either direction."""
        return self.order.column is t.article.c.place

    @property
    def is_whole(self) -> bool:
        """Whether there is no filter: everything not superseded is listed."""
        return self.view.state is None and self.view.outlet is None

    def lists(self) -> ColumnElement[bool]:
        """The condition that the queue lists an article."""
        state, outlet = self.view.state, self.view.outlet
        listed = self._in_state(state)
        return listed if outlet is None else and_(t.article.c.outlet == outlet, listed)

    def _in_state(self, state: QueueFilter | None) -> ColumnElement[bool]:
        c = t.article.c
        if state is None:
            return self._stage != Stage.SUPERSEDED.value
        if state is QueueFilter.MINE:
            r = t.review.alias("listed").c
            own = (r.article_id == c.id, r.reviewer == self.reviewer, r.kind != ADJUDICATION)
            return and_(_REVIEWED, exists().where(*own))
        if state is QueueFilter.TO_ADJUDICATE:
            return and_(
                _TWICE, ~is_check(), self._stage != Stage.SUPERSEDED.value, ~is_adjudicated()
            )
        if state is QueueFilter.ASSIGNED:
            return and_(
                _ASSIGNED, self._stage != Stage.SUPERSEDED.value, is_assigned_to(self.reviewer)
            )
        if state is QueueFilter.OPEN:
            return or_(self._in_state(QueueFilter.READY), self._in_state(QueueFilter.IN_REVIEW))
        if state in _REVIEWED_STATES:
            shown = self.is_shown_as(_REVIEWED_STATES[state])
            if self.reviews_per_article > 1:
                return and_(_REVIEWED, shown)
            # Usually all reviews of an article are in the same state, and none needs to be read.
            alike = c.finished == (c.reviews if state is QueueFilter.FINISHED else 0)
            once = or_(alike, and_(self.mixed, shown))
            if not self.has_more:
                return and_(_REVIEWED, once)
            return and_(_REVIEWED, or_(and_(~self.more, once), and_(self.more, shown)))
        unread: ColumnElement[bool] = c.reviews == 0
        if self.reviews_per_article > 1:
            unread = or_(unread, self.shown.is_(None))
        elif self.has_more:
            unread = or_(unread, and_(self.more, self.shown.is_(None)))
        return and_(self._stage == state.value, unread)

    @property
    def mixed(self) -> ColumnElement[bool]:
        """The condition that some reviews of an article are finished and some are not."""
        c = t.article.c
        return and_(_REVIEWED, c.finished > 0, c.finished < c.reviews)

    def is_shown_as(self, state: ArticleState) -> ColumnElement[bool]:
        """The condition that the review shown for an article is `in review` or `finished`."""
        r = t.review.alias("listed").c
        says = case(
            (r.finished_at.is_not(None), ArticleState.FINISHED.value),
            else_=ArticleState.IN_REVIEW.value,
        )
        return _of_article(select(says).where(r.id == self.shown)) == state.value

    def more_counted(self) -> Select[Any]:
        """A query: the reviewed articles that want more reviews than others, counted by their
        stage, the state of their reviews, and the state of the review that they are listed with."""
        c, r = t.article.c, t.review.alias("listed").c
        under = case((c.finished == 0, OPEN), (c.finished >= c.reviews, DONE), else_=MIXED)
        done = case((r.finished_at.is_not(None), DONE), else_=OPEN)
        shown = func.coalesce(_of_article(select(done).where(r.id == self.shown)), NONE)
        each = select(c.stage, under.label("under"), shown.label("shown")).where(
            _REVIEWED, self.more
        )
        rows = each.subquery().c
        return select(rows.stage, rows.under, rows.shown, func.count()).group_by(
            rows.stage, rows.under, rows.shown
        )

    def can_take(self, now: datetime | None, *, begun_too: bool = True) -> ColumnElement[bool]:
        """The condition that the reviewer can start or continue an article, which is not assigned
        to others only.

        With `now`, leases of others that have expired by then do not count; without `begun_too`
        they still count if their holders have decided something. A check is only continued here:
        `can_check` says which can be started.
        """
        c, r = t.article.c, t.review.alias("taken").c
        count = select(func.count()).where(r.article_id == c.id, r.kind != ADJUDICATION)
        done = _of_article(count.where(r.reviewer == self.reviewer, r.finished_at.is_not(None)))
        held: ColumnElement[bool] = true()
        if now is not None:
            in_hand = is_held(r.leased_until, now, r.lease_seconds)
            held = or_(r.finished_at.is_not(None), in_hand)
        if not begun_too:
            held = or_(held, r.last_seq > 0)
        others = _of_article(count.where(r.reviewer != self.reviewer, held))
        own = _of_article(count.where(r.reviewer == self.reviewer))
        return and_(
            or_(~is_check(), and_(_REVIEWED, own > 0)),
            self._stage == Stage.READY.value,
            or_(c.assigned == 0, is_assigned_to(self.reviewer)),
            or_(
                c.reviews == 0,
                # If one review is enough, a finished one excludes the article without reading it.
                and_(c.finished < self.wanted, done == 0, others < self.wanted),
            ),
        )

    def can_check(self) -> ColumnElement[bool]:
        """The condition that an article is a check that the reviewer has not begun."""
        r = t.review.alias("begun").c
        begun = exists().where(r.article_id == t.article.c.id, r.reviewer == self.reviewer)
        c = t.article.c
        return and_(
            is_check(),
            c.stage == Stage.READY.value,
            or_(c.assigned == 0, is_assigned_to(self.reviewer)),
            ~begun.correlate(t.article),
        )


def is_check() -> ColumnElement[bool]:
    """The condition that an article is a check. A literal, so that SQLite recognises that it can
    use the index of these."""
    return t.article.c.draw < literal_column("0")


def is_adjudicated() -> ColumnElement[bool]:
    """The condition that an article has a finished adjudication of the reviews as they are."""
    r = t.review.alias("adjudication").c
    return (
        exists()
        .where(
            r.article_id == t.article.c.id,
            r.kind == ADJUDICATION,
            r.finished_at.is_not(None),
            ~r.outdated,
        )
        .correlate(t.article)
    )


def titled(words: Sequence[str]) -> ColumnElement[bool]:
    """The condition that the title (or the file name, without one) contains all these words,
    ignoring case."""
    shown = func.coalesce(t.article.c.title, t.article.c.origin["name"].as_string())
    return and_(*(shown.icontains(word, autoescape=True) for word in words))


def _of_article(query: Select[Any]) -> ScalarSelect[Any]:
    """A subquery correlated with the article of the outer row."""
    return query.correlate(t.article).scalar_subquery()
