"""The queue: articles in order, from one reviewer's point of view, a page at a time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    false,
    func,
    select,
    true,
)

from annotator.core.states import ArticleState, QueueFilter, QueueOrder
from annotator.store import columns as t
from annotator.store.database import Database
from annotator.store.listed import rows_shown
from annotator.store.queue_view import View, order_called, titled
from annotator.store.state_counters import (
    BLOCK,
    DONE,
    MIXED,
    NONE,
    OPEN,
    articles_beyond,
    keeps_places,
    read_places,
    read_tally,
)
from annotator.store.values import Counts, QueueRow, Stage

_MOST_ARRIVED = 100


class Queue:
    """Lists articles, from one reviewer's point of view.

    Everywhere, a `state` of None lists everything that is not superseded, and `outlet` keeps to one
    outlet.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def page(
        self,
        reviewer: str,
        *,
        offset: int,
        limit: int,
        state: QueueFilter | None = None,
        outlet: str | None = None,
        order: QueueOrder = QueueOrder.NEWEST,
        reviews_per_article: int = 1,
    ) -> tuple[QueueRow, ...]:
        """One page of the queue. A row speaks of the reviewer's own review, else of the other's
        that leaves no room for one."""
        view = View(reviewer, reviews_per_article, order)
        page = (
            select(t.article.c.number)
            .where(view.lists(state, outlet))
            .order_by(*view.order.terms)
            .limit(limit)
        )
        with self.database.reading() as connection:
            if view.by_place and state is None and outlet is None and offset > BLOCK:
                from_there, offset = _from_block(connection, view, offset)
                page = page.where(from_there)
            page = page.offset(offset)
            # Asked for in one statement with the rows, all articles would be gone through.
            return rows_shown(connection, view, connection.execute(page).scalars().all())

    def rows(
        self, reviewer: str, ids: tuple[str, ...], *, reviews_per_article: int = 1
    ) -> tuple[QueueRow, ...]:
        """The rows of these articles as they are now, the newest first."""
        view = View(reviewer, reviews_per_article)
        c = t.article.c
        page = select(c.number).where(c.id.in_(ids)).order_by(*view.order.terms)
        with self.database.reading() as connection:
            return rows_shown(connection, view, connection.execute(page).scalars().all())

    def size(
        self,
        reviewer: str,
        *,
        state: QueueFilter | None = None,
        outlet: str | None = None,
        reviews_per_article: int = 1,
    ) -> int:
        """How many articles the queue lists."""
        view = View(reviewer, reviews_per_article)
        listed = view.lists(state, outlet)
        with self.database.reading() as connection:
            kept = None if outlet is not None else _kept_size(connection, view, state)
            if kept is not None:
                return kept
            return connection.execute(
                select(func.count()).select_from(t.article).where(listed)
            ).scalar_one()

    def position(
        self,
        article_id: str,
        reviewer: str,
        *,
        state: QueueFilter | None = None,
        outlet: str | None = None,
        order: QueueOrder = QueueOrder.NEWEST,
        reviews_per_article: int = 1,
    ) -> int | None:
        """How many articles are listed before this one; None if it is not listed."""
        view = View(reviewer, reviews_per_article, order)
        listed = view.lists(state, outlet)
        with self.database.reading() as connection:
            before = _beside(connection, article_id, order, listed, after=False)
            if before is None:
                return None
            if view.by_place and state is None and outlet is None:
                return _kept_position(connection, view, article_id, before)
            count = select(func.count()).select_from(t.article).where(before, listed)
            return connection.execute(count).scalar_one()

    def next_ready(
        self,
        reviewer: str,
        after: str | None = None,
        *,
        outlet: str | None = None,
        order: QueueOrder = QueueOrder.NEWEST,
        reviews_per_article: int = 1,
        now: datetime | None = None,
    ) -> str | None:
        """The next article that this reviewer can take up or go on with, in the queue's order;
        after the last comes the first. None if there is none besides `after`.

        With `now`, articles whose hold by somebody else has run out by then are found as well;
        those in which somebody else has decided something only when there are no others.
        """
        view = View(reviewer, reviews_per_article, order)
        for begun_too in (False, True) if now is not None else (True,):
            takes = view.can_take(now, begun_too=begun_too)
            if outlet is not None:
                takes = (t.article.c.outlet == outlet) & takes
            if (found := self._next(takes, after, order)) is not None:
                return found
        return None

    def next_titled(
        self,
        words: str,
        reviewer: str,
        after: str | None = None,
        *,
        state: QueueFilter | None = None,
        outlet: str | None = None,
        order: QueueOrder = QueueOrder.NEWEST,
        reviews_per_article: int = 1,
    ) -> str | None:
        """The next listed article in whose title (or file name, where it has no title) all these
        words stand; after the last comes the first. None if there is none besides `after`."""
        listed = View(reviewer, reviews_per_article, order).lists(state, outlet)
        return self._next(listed & titled(words.split()), after, order)

    def outlets(self) -> tuple[tuple[str, int], ...]:
        """Every outlet of articles that were not superseded, with how many, the most first."""
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

    def counts(self, reviewer: str | None = None, *, reviews_per_article: int = 1) -> Counts:
        """How many articles are in which state (a reviewer of None: for anybody).

        Where one review is enough, an article is in the state of the one that it is listed with,
        whosever that is; else in that of the reviewer's own, and ready where there is none.
        """
        own = reviewer is not None and reviews_per_article > 1
        with self.database.reading() as connection:
            whole = read_tally(connection)
            reviews = read_tally(connection, reviewer) if own else whole
            rejected = connection.execute(
                select(func.count()).select_from(t.source).where(t.source.c.reason.is_not(None))
            ).scalar_one()
            mixed = sum(number for (_, under), number in reviews.items() if under == MIXED)
            begun = 0
            if mixed and reviewer is not None:
                begun = _mixed_shown_as(connection, View(reviewer, 1), ArticleState.IN_REVIEW)
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
            in_review=reviewed[OPEN] + begun,
            finished=reviewed[DONE] + mixed - begun,
            failed=stages[Stage.FAILED],
            rejected=rejected,
            superseded=stages[Stage.SUPERSEDED],
        )

    def newest(self) -> int:
        """The number of the article that came last; 0 where there is none."""
        with self.database.reading() as connection:
            return connection.execute(select(func.max(t.article.c.number))).scalar_one() or 0

    def arrived_among(
        self,
        reviewer: str,
        mark: int,
        *,
        state: QueueFilter | None = None,
        outlet: str | None = None,
        order: QueueOrder = QueueOrder.NEWEST,
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
            .limit(_MOST_ARRIVED)
        )
        with self.database.reading() as connection:
            return tuple(connection.execute(among).scalars())

    def _next(
        self, wanted: ColumnElement[bool], after: str | None, order: QueueOrder
    ) -> str | None:
        c = t.article.c
        found = select(c.id).where(wanted).order_by(*order_called(order).terms).limit(1)
        with self.database.reading() as connection:
            beyond = _beside(connection, after, order, after=True) if after is not None else None
            if beyond is None:
                return connection.execute(found).scalar()
            following = connection.execute(found.where(beyond)).scalar()
            return following or connection.execute(found.where(c.id != after)).scalar()


def _kept_size(connection: Connection, view: View, state: QueueFilter | None) -> int | None:
    """What the tally says of a list's length; None where that hangs on who reviewed what."""
    if state == QueueFilter.MINE:
        return sum(read_tally(connection, view.reviewer).values())
    kept = read_tally(connection)
    if state is None:
        superseded = Stage.SUPERSEDED.value
        return sum(number for (stage, _), number in kept.items() if stage != superseded)
    if view.room > 1:
        return None
    by_review: Counter[str] = Counter()
    for (stage, under), number in kept.items():
        by_review[stage if under == NONE else under] += number
    match state:
        case QueueFilter.OPEN:
            size = by_review[Stage.READY] + by_review[OPEN]
        case QueueFilter.IN_REVIEW:
            size = by_review[OPEN]
        case QueueFilter.FINISHED:
            size = by_review[DONE]
        case _:
            return by_review[state]
    if by_review[MIXED]:
        is_done = state is QueueFilter.FINISHED
        shown = ArticleState.FINISHED if is_done else ArticleState.IN_REVIEW
        size += _mixed_shown_as(connection, view, shown)
    return size


def _mixed_shown_as(connection: Connection, view: View, state: ArticleState) -> int:
    """How many articles with reviews of both kinds are listed with one in this state."""
    shown = select(func.count()).select_from(t.article)
    return connection.execute(shown.where(view.mixed, view.is_shown_as(state))).scalar_one()


def _from_block(connection: Connection, view: View, offset: int) -> tuple[ColumnElement[bool], int]:
    """Where to begin so that only one block is gone through for `offset`, and what is left of it
    there."""
    place = t.article.c.place
    if not keeps_places(connection):
        return true(), offset
    for block, number in read_places(connection, up=view.order.up):
        if number > offset:
            first = place >= block * BLOCK if view.order.up else place < (block + 1) * BLOCK
            return first, offset
        offset -= number
    return false(), 0


def _kept_position(
    connection: Connection, view: View, article_id: str, before: ColumnElement[bool]
) -> int:
    """How many articles that are not superseded come before this one; of its own block they are
    counted, of the others that is kept."""
    c = t.article.c
    counted, kept = before, 0
    if keeps_places(connection):
        place = connection.execute(select(c.place).where(c.id == article_id)).scalar_one()
        here = place // BLOCK
        within = c.place >= here * BLOCK if view.order.up else c.place < (here + 1) * BLOCK
        counted = and_(before, within)
        kept = articles_beyond(connection, here, below=view.order.up)
    count = select(func.count()).select_from(t.article).where(counted, view.lists(None))
    return kept + int(connection.execute(count).scalar_one())


def _beside(
    connection: Connection,
    article_id: str,
    order: QueueOrder,
    *listed: ColumnElement[bool],
    after: bool,
) -> ColumnElement[bool] | None:
    """Whether an article comes after or before this one; None if this one is not listed."""
    ordered, c = order_called(order), t.article.c
    here = select(ordered.column, c.number).where(c.id == article_id, *listed)
    row = connection.execute(here).first()
    if row is None:
        return None
    return ordered.after(*row) if after else ordered.before(*row)
