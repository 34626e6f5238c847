"""The queue: articles in order, for one reviewer, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    false,
    func,
    select,
    true,
)

from annotator.core.assignment import ONE_REVIEW, ReviewPlan
from annotator.core.states import ArticleState, QueueFilter, QueueOrder
from annotator.store.listing.check_slots import are_checks, next_check_is_due, without_checks
from annotator.store.listing.listed import rows_shown
from annotator.store.listing.queue_view import ORDERS, QueueConditions, conditions_of, titled
from annotator.store.listing.state_counters import (
    BLOCK,
    DONE,
    MIXED,
    NONE,
    OPEN,
    SKIP,
    UNUSABLE,
    Counted,
    articles_beyond,
    keeps_places,
    read_places,
    read_tally,
)
from annotator.store.listing.story_groups import story_sizes
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database
from annotator.store.values import Counts, QueueRow, QueueView, Stage

_MOST_ARRIVED = 100
_UNDER: dict[QueueFilter, str] = {
    QueueFilter.IN_REVIEW: OPEN,
    QueueFilter.FINISHED: DONE,
    QueueFilter.SKIPPED: SKIP,
    QueueFilter.UNUSABLE: UNUSABLE,
}
"""The filters that counters tell by the state of all reviews of an article."""


class Queue:
    """Lists articles, from one reviewer's point of view."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def page(self, view: QueueView, *, offset: int, limit: int) -> tuple[QueueRow, ...]:
        """One page of the queue. A row shows the reviewer's own review, otherwise the review of
        somebody else that fills the article."""
        listed = conditions_of(view)
        page = (
            select(t.article.c.number)
            .where(listed.lists())
            .order_by(*listed.order.terms)
            .limit(limit)
        )
        with self.database.reading() as connection:
            if listed.by_place and listed.is_whole and offset > BLOCK:
                from_there, offset = _from_block(connection, listed, offset)
                page = page.where(from_there)
            page = page.offset(offset)
            # In one statement with the rows, the database would read all articles.
            return rows_shown(connection, listed, connection.execute(page).scalars().all())

    def size(self, view: QueueView) -> int:
        """How many articles the queue lists."""
        listed = conditions_of(replace(view, order=QueueOrder.NEWEST))
        with self.database.reading() as connection:
            kept = None if view.outlet is not None else _kept_size(connection, listed)
            count = select(func.count()).select_from(t.article)
            if kept is None:
                return connection.execute(count.where(listed.lists())).scalar_one()
            if listed.is_whole or not view.staying:
                return kept
            return kept + connection.execute(count.where(listed.only_stays())).scalar_one()

    def position(self, view: QueueView, article_id: str) -> int | None:
        """How many articles are listed before this one; None if it is not listed."""
        listed = conditions_of(view)
        with self.database.reading() as connection:
            key = _key_of(connection, article_id, view.order, listed.lists())
            if key is None:
                return None
            before = ORDERS[view.order].before(*key)
            if listed.by_place and listed.is_whole:
                return _kept_position(connection, listed, article_id, *before)
            count = select(func.count()).select_from(t.article).where(listed.lists())
            return sum(connection.execute(count.where(each)).scalar_one() for each in before)

    def next_ready(
        self,
        view: QueueView,
        after: str | None = None,
        *,
        now: datetime | None = None,
        before: str | None = None,
    ) -> str | None:
        """The next article that this reviewer can start or continue, in the order and the outlet
        of the view, wrapping around at the end; None if there is none besides `after`.

        With `now`, this includes articles whose lease by somebody else has expired by then; those
        on which somebody else has decided something come last. Where the view says so, it is a
        check when one is due, or when nothing else is left. After a check it goes on from `before`,
        the article that the check came after.
        """
        listed = conditions_of(view)
        if view.checks > 0:
            with self.database.reading() as connection:
                due = next_check_is_due(connection, view)
                if before is not None and after is not None and are_checks(connection, [after]):
                    after = before
            if due and (found := self._next_within(listed.can_check(), after, view)) is not None:
                return found
        for begun_too in (False, True) if now is not None else (True,):
            takes = listed.can_take(now, begun_too=begun_too)
            if (found := self._next_within(takes, after, view)) is not None:
                return found
        # An article listed as ready must not be skipped for ever: that would reveal a check.
        return self._next_within(listed.can_check(), after, view) if view.checks > 0 else None

    def _next_within(
        self, wanted: ColumnElement[bool], after: str | None, view: QueueView
    ) -> str | None:
        """The next such article of the outlet of the view."""
        if view.outlet is not None:
            wanted = (t.article.c.outlet == view.outlet) & wanted
        return self._next(wanted, after, view.order)

    def following(self, view: QueueView, after: str | None, *, limit: int) -> tuple[str, ...]:
        """The listed articles after this one, then those before it, in order; at most `limit`."""
        listed = conditions_of(view).lists()
        found = select(t.article.c.id).where(listed).order_by(*ORDERS[view.order].terms)
        with self.database.reading() as connection:
            beyond = None
            if after is not None:
                beyond = _after(connection, after, view.order)
            if beyond is None:
                return tuple(connection.execute(found.limit(limit)).scalars())
            ids = list(connection.execute(found.where(beyond).limit(limit)).scalars())
            rest = found.where(t.article.c.id != after, ~beyond).limit(limit - len(ids))
            return (*ids, *connection.execute(rest).scalars())

    def next_titled(self, view: QueueView, words: str, after: str | None = None) -> str | None:
        """The next listed article with all these words in its title (or file name, if it has no
        title), wrapping around at the end; None if there is none besides `after`."""
        listed = conditions_of(view).lists()
        return self._next(listed & titled(words.split()), after, view.order)

    def count_titled(self, view: QueueView, words: str) -> int:
        """How many listed articles `next_titled` finds for these words."""
        listed = conditions_of(view).lists()
        count = select(func.count()).select_from(t.article)
        with self.database.reading() as connection:
            found = connection.execute(count.where(listed, titled(words.split())))
            return found.scalar_one()

    def story_sizes(self, view: QueueView) -> tuple[tuple[str, int], ...]:
        """One article of each story that has listed articles, and how many it has, in the order by
        story."""
        with self.database.reading() as connection:
            return story_sizes(connection, conditions_of(view))

    def outlets(self) -> tuple[tuple[str, int], ...]:
        """Each outlet and its number of articles that are not superseded, the largest first."""
        c = t.article.c
        many = func.count()
        query = (
            select(c.outlet, many)
            .where(c.outlet.is_not(None), c.stage != Stage.SUPERSEDED.value)
            .group_by(c.outlet)
            .order_by(many.desc(), c.outlet)
        )
        with self.database.reading() as connection:
            return tuple((outlet, number) for outlet, number in connection.execute(query))

    def counts(
        self,
        reviewer: str | None = None,
        *,
        plan: ReviewPlan = ONE_REVIEW,
    ) -> Counts:
        """The number of articles in each state; with a reviewer of None for anybody, without
        checks.

        If one review per article is enough, an article has the state of the review that it is
        listed with, whoever made it; otherwise that of the reviewer's own, or ready without one.
        """
        own = reviewer is not None and plan.reviews_per_article > 1
        shares = (0.0, 0.0) if own else (plan.overlap, plan.checks)
        listed = conditions_of(QueueView(reviewer or "", overlap=shares[0], checks=shares[1]))
        with self.database.reading() as connection:
            whole = read_tally(connection)
            if reviewer is None:
                whole = without_checks(connection, whole)
            reviews = read_tally(connection, reviewer) if own else whole
            if reviewer is not None and listed.has_more:
                reviews = _as_listed(connection, listed, whole)
            rejected = connection.execute(
                select(func.count()).select_from(t.source).where(t.source.c.reason.is_not(None))
            ).scalar_one()
            mixed = sum(number for (_, under), number in reviews.items() if under == MIXED)
            shown: Counter[str] = Counter({ArticleState.FINISHED: mixed})
            if mixed and reviewer is not None:
                shown = _mixed_as_shown(connection, listed)
        stages: Counter[str] = Counter()
        for (stage, _), number in whole.items():
            stages[stage] += number
        articles, reviewed = stages.total(), Counter[str]()
        for (stage, under), number in reviews.items():
            if under != NONE:
                stages[stage] -= number
                reviewed[under] += number
        return Counts(
            articles=articles,
            waiting=stages[Stage.WAITING],
            ready=stages[Stage.READY],
            in_review=reviewed[OPEN] + shown[ArticleState.IN_REVIEW],
            finished=reviewed[DONE] + shown[ArticleState.FINISHED],
            skipped=reviewed[SKIP] + shown[ArticleState.SKIPPED],
            unusable=reviewed[UNUSABLE] + shown[ArticleState.UNUSABLE],
            failed=stages[Stage.FAILED],
            rejected=rejected,
            superseded=stages[Stage.SUPERSEDED],
        )

    def newest(self) -> int:
        """The number of the latest article; 0 if there is none."""
        with self.database.reading() as connection:
            return connection.execute(select(func.max(t.article.c.number))).scalar_one() or 0

    def arrived_above(self, view: QueueView, mark: int) -> int:
        """How many listed articles arrived after number `mark` and stand above all earlier ones;
        always 0 unless the newest come first."""
        listed = conditions_of(view)
        if not listed.by_place or listed.order.up:
            return 0
        newer = select(func.count()).where(t.article.c.place > mark, listed.lists())
        with self.database.reading() as connection:
            return connection.execute(newer).scalar_one()

    def arrived_among(self, view: QueueView, mark: int) -> tuple[str, ...]:
        """Articles that arrived after number `mark` and are listed between earlier ones: revisions
        beside the text they revise, near-duplicates. At most a hundred.

        Revisions that replaced the earlier text are not included; always empty unless the view is
        ordered by arrival.
        """
        listed = conditions_of(view)
        if not listed.by_place:
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
            .where(c.number > mark, c.place <= mark, listed.lists(), beside.exists())
            .order_by(c.number)
            .limit(_MOST_ARRIVED)
        )
        with self.database.reading() as connection:
            return tuple(connection.execute(among).scalars())

    def _next(
        self, wanted: ColumnElement[bool], after: str | None, order: QueueOrder
    ) -> str | None:
        c = t.article.c
        found = select(c.id).where(wanted).order_by(*ORDERS[order].terms).limit(1)
        with self.database.reading() as connection:
            beyond = _after(connection, after, order) if after is not None else None
            if beyond is None:
                return connection.execute(found).scalar()
            following = connection.execute(found.where(beyond)).scalar()
            return following or connection.execute(found.where(c.id != after)).scalar()


def _kept_size(connection: Connection, listed: QueueConditions) -> int | None:
    """The size of the list according to the counters; None if they cannot tell, because it depends
    on who reviewed what."""
    state = listed.view.state
    if state in (QueueFilter.TO_ADJUDICATE, QueueFilter.ASSIGNED, QueueFilter.NOTED):
        return None
    if state == QueueFilter.MINE:
        return sum(read_tally(connection, listed.reviewer).values())
    kept = read_tally(connection)
    if state is None:
        superseded = Stage.SUPERSEDED.value
        return sum(number for (stage, _), number in kept.items() if stage != superseded)
    if listed.reviews_per_article > 1:
        return None
    if listed.has_more:
        kept = _as_listed(connection, listed, kept)
    by_review: Counter[str] = Counter()
    for (stage, under), number in kept.items():
        by_review[stage if under == NONE else under] += number
    match state:
        case QueueFilter.OPEN:
            size = by_review[Stage.READY] + by_review[OPEN]
        case _ if state in _UNDER:
            size = by_review[_UNDER[state]]
        case _:
            return by_review[state]
    if by_review[MIXED]:
        shown = ArticleState.IN_REVIEW if state is QueueFilter.OPEN else ArticleState(state)
        size += _mixed_as_shown(connection, listed)[shown]
    return size


def _mixed_as_shown(connection: Connection, listed: QueueConditions) -> Counter[str]:
    """The articles that want one review and have reviews in different states, counted by the state
    of the one that they are listed with."""
    mixed = select(listed.shown_state().label("state")).where(listed.mixed)
    if listed.has_more:
        mixed = mixed.where(~listed.more)
    state = mixed.subquery().c.state
    rows = connection.execute(select(state, func.count()).group_by(state))
    return Counter({shown: number for shown, number in rows if shown is not None})


def _as_listed(
    connection: Connection, listed: QueueConditions, kept: Mapping[Counted, int]
) -> dict[Counted, int]:
    """The counters after the articles that want more reviews than others were counted by the
    reviews that they are listed with."""
    found = Counter(kept)
    for stage, under, shown, number in connection.execute(listed.more_counted):
        found[stage, under] -= number
        found[stage, shown] += number
    return dict(found)


def _from_block(
    connection: Connection, listed: QueueConditions, offset: int
) -> tuple[ColumnElement[bool], int]:
    """A condition on where to begin, so that only one block is scanned for `offset`, and the
    remaining offset from there."""
    place = t.article.c.place
    if not keeps_places(connection):
        return true(), offset
    for block, number in read_places(connection, up=listed.order.up):
        if number > offset:
            first = place >= block * BLOCK if listed.order.up else place < (block + 1) * BLOCK
            return first, offset
        offset -= number
    return false(), 0


def _kept_position(
    connection: Connection, listed: QueueConditions, article_id: str, before: ColumnElement[bool]
) -> int:
    """How many articles that are not superseded come before this one: counted within its block,
    taken from the counters for the others."""
    c = t.article.c
    counted, kept = before, 0
    if keeps_places(connection):
        place = connection.execute(select(c.place).where(c.id == article_id)).scalar_one()
        here = place // BLOCK
        within = c.place >= here * BLOCK if listed.order.up else c.place < (here + 1) * BLOCK
        counted = and_(before, within)
        kept = articles_beyond(connection, here, below=listed.order.up)
    count = select(func.count()).select_from(t.article).where(counted, listed.lists())
    return kept + int(connection.execute(count).scalar_one())


def _key_of(
    connection: Connection, article_id: str, order: QueueOrder, *listed: ColumnElement[bool]
) -> tuple[Any, int] | None:
    """The key and the number of an article in an order; None if it is not listed."""
    c = t.article.c
    here = select(ORDERS[order].column, c.number).where(c.id == article_id, *listed)
    row = connection.execute(here).first()
    return None if row is None else (row[0], row[1])


def _after(
    connection: Connection, article_id: str, order: QueueOrder
) -> ColumnElement[bool] | None:
    """The condition that an article comes after this one; None if it is not there."""
    key = _key_of(connection, article_id, order)
    return None if key is None else ORDERS[order].after(*key)
