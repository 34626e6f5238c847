"""Checks in the queue: when a reviewer gets one, and which articles are checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from annotator.core.assignment import check_block, check_is_due
from annotator.core.states import QueueView
from annotator.store.listing.queue_view import is_check
from annotator.store.listing.state_counters import (
    DONE,
    MIXED,
    NONE,
    OPEN,
    SKIP,
    UNUSABLE,
    Counted,
    read_tally,
)
from annotator.store.sql import columns as t
from annotator.store.sql.aliases import alias_of
from annotator.store.sql.database import chunks
from annotator.store.values import REVIEW

_ENDED = (DONE, SKIP, UNUSABLE)


def next_check_is_due(connection: Connection, view: QueueView) -> bool:
    """Whether the next article of this reviewer is to be a check."""
    mine = read_tally(connection, view.reviewer)
    finished = sum(number for (_, under), number in mine.items() if under in _ENDED)
    within = finished % check_block(view.checks)
    given = _has_open_check(connection, view.reviewer) or _checked_among_last(
        connection, view.reviewer, within
    )
    return check_is_due(view.checks, view.reviewer, finished, is_given=given)


def are_checks(connection: Connection, articles: Collection[str]) -> frozenset[str]:
    """Those of these articles that are checks."""
    found: set[str] = set()
    for some in chunks(articles):
        wanted = select(t.article.c.id).where(t.article.c.id.in_(some), is_check())
        found.update(connection.execute(wanted).scalars())
    return frozenset(found)


def of_no_check() -> ColumnElement[bool]:
    """The condition that a review is not one of a check."""
    return t.review.c.article_id.not_in(select(t.article.c.id).where(is_check()))


def without_checks(connection: Connection, kept: Mapping[Counted, int]) -> dict[Counted, int]:
    """The counters of articles by stage and reviews without those of checks."""
    a = t.article.c
    grouped_by = (a.stage, a.reviews, a.finished, a.set_aside)
    # The few checks first: SQLite would rather read all articles in the order of the groups.
    check = alias_of(t.article, "gold").c
    there = select(check.id).where(check.draw < literal_column("0"))
    checks = select(*grouped_by, func.count()).where(a.id.in_(there))
    found = Counter(kept)
    grouped = checks.group_by(*grouped_by)
    for stage, reviews, finished, set_aside, number in connection.execute(grouped):
        found[stage, _under(reviews, finished, set_aside)] -= number
    return dict(found)


def _under(reviews: int, finished: int, set_aside: str | None) -> str:
    if reviews == 0:
        return NONE
    if finished == 0:
        return OPEN
    return (set_aside or DONE) if finished >= reviews else MIXED


def _has_open_check(connection: Connection, reviewer: str) -> bool:
    r, a = t.review.c, t.article.c
    wanted = select(r.id).join(t.article, a.id == r.article_id)
    wanted = wanted.where(is_check(), r.reviewer == reviewer, r.finished_at.is_(None))
    return connection.execute(wanted.limit(1)).first() is not None


def _checked_among_last(connection: Connection, reviewer: str, reviews: int) -> bool:
    """Whether a check is among so many reviews that a reviewer finished last."""
    r = t.review.c
    wanted = select(r.article_id).where(
        r.reviewer == reviewer, r.finished_at.is_not(None), r.kind == REVIEW
    )
    last = wanted.order_by(r.finished_at.desc(), r.id.desc()).limit(reviews)
    return bool(are_checks(connection, connection.execute(last).scalars().all()))
