"""Filters and orders of the queue, as conditions on `article`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
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
from annotator.core.decisions import Answer
from annotator.core.states import ArticleState, QueueFilter, QueueOrder
from annotator.store.hold_conditions import is_held
from annotator.store.listing.assignments import is_assigned_to
from annotator.store.listing.set_aside import DIFFER
from annotator.store.listing.state_counters import DONE, MIXED, NONE, OPEN
from annotator.store.sql import columns as t
from annotator.store.sql.aliases import alias_of
from annotator.store.values import ADJUDICATION, QueueView, Stage

_SET_ASIDE = {
    ArticleState.SKIPPED: Answer.SKIP.value,
    ArticleState.UNUSABLE: Answer.UNUSABLE.value,
}
_REVIEWED_STATES = {
    QueueFilter(state): state
    for state in (ArticleState.IN_REVIEW, ArticleState.FINISHED, *_SET_ASIDE)
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
        first = first.asc() if self.up else first.desc()
        if self.nullable:
            first = first.nulls_last()
        return first, number.asc() if self.up else number.desc()

    @property
    def nullable(self) -> bool:
        return self.column in (t.article.c.confidence, t.article.c.story_place)

    def before(self, key: Any, number: int) -> tuple[ColumnElement[bool], ...]:
        """The conditions, no two of which hold of one article, that it comes before the one with
        this key and number; each is a range of an index."""
        within = self._within(key, number, smaller=self.up)
        return (within,) if key is not None else (self.column.is_not(None), within)

    def after(self, key: Any, number: int) -> ColumnElement[bool]:
        """The condition that an article comes after the one with this key and number."""
        within = self._within(key, number, smaller=not self.up)
        is_last = key is None or not self.nullable
        return within if is_last else or_(within, self.column.is_(None))

    def _within(self, key: Any, number: int, *, smaller: bool) -> ColumnElement[bool]:
        """The condition on the articles that have a key, or on those that have none."""
        c = t.article.c.number
        if key is None:
            return and_(self.column.is_(None), c < number if smaller else c > number)
        pair, here = tuple_(self.column, c), tuple_(key, number)
        return pair < here if smaller else pair > here


ORDERS = {
    order.name: order
    for order in (
        Order(QueueOrder.NEWEST, t.article.c.place, up=False),
        Order(QueueOrder.OLDEST, t.article.c.place, up=True),
        Order(QueueOrder.LEAST_CONFIDENT, t.article.c.confidence, up=True),
        Order(QueueOrder.MOST_CONFIDENT, t.article.c.confidence, up=False),
        Order(QueueOrder.MOST_CLAIMS, t.article.c.claims, up=False),
        Order(QueueOrder.FEWEST_CLAIMS, t.article.c.claims, up=True),
        Order(QueueOrder.MOST_ENTITIES, t.article.c.entities, up=False),
        Order(QueueOrder.FEWEST_ENTITIES, t.article.c.entities, up=True),
        Order(QueueOrder.LONGEST, t.article.c.words, up=False),
        Order(QueueOrder.SHORTEST, t.article.c.words, up=True),
        Order(QueueOrder.BY_STORY, t.article.c.story_place, up=False),
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

    @cached_property
    def shown(self) -> ColumnElement[Any]:
        """The review that an article is listed with; null without one."""
        own = alias_of(t.review, "own").c
        mine = select(own.id).where(
            own.article_id == t.article.c.id,
            own.reviewer == self.reviewer,
            own.kind != ADJUDICATION,
        )
        return case(
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
        other = alias_of(t.review, "other").c
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
        staying = self.view.staying
        if self.is_whole or not staying:
            return self._fits
        return or_(self._fits, t.article.c.id.in_(staying))

    def only_stays(self) -> ColumnElement[bool]:
        """The condition that an article stays listed although the filter does not fit it."""
        fits = func.coalesce(self._fits, false())
        return and_(t.article.c.id.in_(self.view.staying), ~fits)

    @cached_property
    def _fits(self) -> ColumnElement[bool]:
        """The condition that an article is in the state and of the outlet of the view."""
        state, outlet = self.view.state, self.view.outlet
        listed = self._in_state(state)
        return listed if outlet is None else and_(t.article.c.outlet == outlet, listed)

    def _in_state(self, state: QueueFilter | None) -> ColumnElement[bool]:
        c = t.article.c
        if state is None:
            return self._stage != Stage.SUPERSEDED.value
        if state is QueueFilter.MINE:
            r = alias_of(t.review, "listed").c
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
        if state is QueueFilter.NOTED:
            return and_(_REVIEWED, self._stage != Stage.SUPERSEDED.value, self._is_noted())
        if state is QueueFilter.OPEN:
            return or_(self._in_state(QueueFilter.READY), self._in_state(QueueFilter.IN_REVIEW))
        if state in _REVIEWED_STATES:
            wanted = _REVIEWED_STATES[state]
            shown = self.is_shown_as(wanted)
            if self.reviews_per_article > 1:
                return and_(_REVIEWED, shown)
            # Usually all reviews of an article are in the same state, and none needs to be read.
            once = or_(_all_are(wanted), and_(self.mixed, shown))
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
        """The condition that not all reviews of an article are in the same state."""
        c = t.article.c
        differ = or_(c.finished < c.reviews, c.set_aside == DIFFER)
        return and_(_REVIEWED, c.finished > 0, differ)

    def is_shown_as(self, state: ArticleState) -> ColumnElement[bool]:
        """The condition that the review shown for an article is in this state."""
        return self.shown_state() == state.value

    def shown_state(self) -> ScalarSelect[Any]:
        """A subquery: the state of the review that an article is listed with; null without one."""
        r = alias_of(t.review, "listed").c
        aside = ((r.answer == answer, state.value) for state, answer in _SET_ASIDE.items())
        says = case(
            (r.finished_at.is_(None), ArticleState.IN_REVIEW.value),
            *aside,
            else_=ArticleState.FINISHED.value,
        )
        return _of_article(select(says).where(r.id == self.shown))

    def _is_noted(self) -> ColumnElement[bool]:
        """The condition that a review with notes is the reviewer's, or the one that is enough."""
        r = alias_of(t.review, "noted").c
        noted = select(r.article_id).where(r.notes > literal_column("0"), r.kind != ADJUDICATION)
        of_it = t.article.c.id
        own = of_it.in_(noted.where(r.reviewer == self.reviewer))
        if self.reviews_per_article > 1:
            return own
        # The few articles with notes are found first.
        return and_(of_it.in_(noted), or_(own, ~self.more))

    @cached_property
    def more_counted(self) -> Select[Any]:
        """A query: the reviewed articles that want more reviews than others, counted by their
        stage, the state of their reviews, and the state of the review that they are listed with."""
        c, r = t.article.c, alias_of(t.review, "listed").c
        all_done = func.coalesce(c.set_aside, DONE)
        under = case((c.finished == 0, OPEN), (c.finished >= c.reviews, all_done), else_=MIXED)
        done = case(
            (r.finished_at.is_(None), OPEN), (r.answer == Answer.ACCEPT.value, DONE), else_=r.answer
        )
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
        c, r = t.article.c, alias_of(t.review, "taken").c
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
        r = alias_of(t.review, "begun").c
        begun = exists().where(r.article_id == t.article.c.id, r.reviewer == self.reviewer)
        c = t.article.c
        return and_(
            is_check(),
            c.stage == Stage.READY.value,
            or_(c.assigned == 0, is_assigned_to(self.reviewer)),
            ~begun.correlate(t.article),
        )


@lru_cache(maxsize=32)
def conditions_of(view: QueueView) -> QueueConditions:
    """The conditions of a view. To build them takes longer than the database takes for most lists,
    and screens show the same view again and again."""
    return QueueConditions(view)


def is_check() -> ColumnElement[bool]:
    """The condition that an article is a check. A literal, so that SQLite recognises that it can
    use the index of these."""
    return t.article.c.draw < literal_column("0")


def _all_are(state: ArticleState) -> ColumnElement[bool]:
    """The condition that all reviews of an article are in this state, told without reading them."""
    c = t.article.c
    if state is ArticleState.IN_REVIEW:
        return c.finished == 0
    aside = _SET_ASIDE.get(state)
    is_so = c.set_aside.is_(None) if aside is None else c.set_aside == aside
    return and_(c.finished == c.reviews, is_so)


def is_adjudicated() -> ColumnElement[bool]:
    """The condition that an article has a finished adjudication of the reviews as they are."""
    r = alias_of(t.review, "adjudication").c
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
    """The condition that what the article is listed as (or the file name, without a title)
    contains all these words, ignoring case."""
    c = t.article.c
    shown, name = func.coalesce(c.listed_as, c.title, ""), c.origin["name"].as_string()

    def holds(told: ColumnElement[str]) -> ColumnElement[bool]:
        return and_(*(told.icontains(word, autoescape=True) for word in words))

    return or_(holds(shown), and_(c.title.is_(None), holds(name)))


def _of_article(query: Select[Any]) -> ScalarSelect[Any]:
    """A subquery correlated with the article of the outer row."""
    return query.correlate(t.article).scalar_subquery()
