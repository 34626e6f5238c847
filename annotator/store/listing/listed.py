"""Reads the rows of the queue; a damaged article gets a row marked as damaged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    case,
    cast,
    exists,
    false,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError

from annotator.core.decisions import Answer
from annotator.errors import ArticleDamaged
from annotator.store.listing.assignments import reviewers_assigned
from annotator.store.listing.check_slots import are_checks
from annotator.store.listing.queue_view import QueueConditions, is_adjudicated
from annotator.store.sql import columns as t
from annotator.store.sql.aliases import alias_of
from annotator.store.sql.damage import HOW_DAMAGE_SHOWS, of_article
from annotator.store.sql.database import chunks
from annotator.store.values import ADJUDICATION, InWork, QueueRow, Stage


def rows_shown(
    connection: Connection, view: QueueConditions, numbers: Sequence[int]
) -> tuple[QueueRow, ...]:
    """The rows of the articles with these numbers, in this order."""
    found: dict[int, QueueRow] = {}
    for some in chunks(numbers):
        try:
            rows = connection.execute(_rows_of(view, some)).fetchall()
            found.update((row.number, _queue_row(row, view.reviewer)) for row in rows)
        except (*HOW_DAMAGE_SHOWS, DBAPIError):
            found.update((number, _row_alone(connection, view, number)) for number in some)
    listed = [found[number] for number in numbers if number in found]
    work = _in_work(connection, [one.id for one in listed])
    checks = are_checks(connection, [one.id for one in listed]) if view.has_more else ()
    shown = tuple(
        _with_work(one, work.get(one.id, []), view.reviewer, is_check=one.id in checks)
        for one in listed
    )
    if not view.view.fold_below:
        return shown
    # Reading reviews takes longer than all the rest: only where it is needed.
    from annotator.store.listing.folded_counts import without_folded

    return without_folded(connection, shown, view.view.fold_below)


def _with_work(row: QueueRow, work: Sequence[InWork], reviewer: str, *, is_check: bool) -> QueueRow:
    """The row with its reviews. Of a check only the reviewer's own is shown: many reviews
    of one article would reveal that it is a check."""
    if not is_check:
        return replace(row, in_work=tuple(work))
    own = tuple(one for one in work if one.reviewer == reviewer)
    done = sum(one.is_finished for one in own)
    return replace(row, in_work=own, finished_reviews=done, adjudicated=False)


def _in_work(connection: Connection, ids: Sequence[str]) -> dict[str, list[InWork]]:
    """The reviews of these articles, in the order in which they began."""
    r = t.review.c
    found: dict[str, list[InWork]] = defaultdict(list)
    for some in chunks(ids):
        begun = select(
            *(r.article_id, r.reviewer, r.opened_at, r.leased_until, r.lease_seconds),
            *(r.finished_at, r.taken_at, r.taken_until),
        ).where(r.article_id.in_(some), r.kind != ADJUDICATION)
        for row in connection.execute(begun.order_by(r.opened_at, r.id)):
            found[row.article_id].append(
                InWork(
                    row.reviewer,
                    row.opened_at,
                    row.leased_until,
                    row.lease_seconds,
                    row.finished_at is not None,
                    row.taken_at if row.taken_until is not None else None,
                )
            )
    return found


def _row_alone(connection: Connection, view: QueueConditions, number: int) -> QueueRow:
    """The row of one article, marked as damaged if it cannot be read."""
    a = t.article.c
    id_, received = connection.execute(
        select(a.id, cast(a.received, Text)).where(a.number == number)
    ).one()
    try:
        with of_article(id_):
            return _queue_row(connection.execute(_rows_of(view, [number])).one(), view.reviewer)
    except ArticleDamaged as error:
        problem = f"{error.message} {error.hint}"
        return QueueRow(
            id=id_,
            title=f"damaged: {id_[:12]}",
            outlet=None,
            stage=Stage.FAILED,
            problem=problem,
            language=None,
            received=_time(received),
            entities=0,
            claims=0,
            total=0,
            open=0,
            reviewer=None,
            finished=None,
            started=None,
        )


def _time(words: str) -> datetime:
    """The time in a column; 1970-01-01 if it is not a time."""
    try:
        return datetime.fromisoformat(words).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        return datetime.fromtimestamp(0, UTC)


def _rows_of(view: QueueConditions, numbers: Sequence[int]) -> Select[Any]:
    a, r, pair = t.article.c, t.review, t.likeness.c
    alike = _linked(pair.article_id, pair.other_id) + _linked(pair.other_id, pair.article_id)
    newer = alias_of(t.article, "newer").c
    before = alias_of(t.review, "before").c
    earlier = select(before.one_by_one + before.in_bulk).where(
        before.article_id == a.supersedes,
        before.reviewer == view.reviewer,
        before.kind != ADJUDICATION,
    )
    decided = earlier.correlate(t.article).scalar_subquery()
    has_newer = exists().where(newer.supersedes == a.id).correlate(t.article)
    return (
        select(
            a.number,
            a.id,
            a.title,
            a.listed_as,
            a.words,
            a.place,
            a.origin,
            a.stage,
            a.problem,
            a.language,
            a.received,
            a.entities,
            a.claims,
            a.total,
            a.confidence,
            a.finished,
            view.wanted.label("wanted"),
            case((a.assigned > 0, reviewers_assigned()), else_=None).label("assigned"),
            alike.label("alike"),
            case((a.finished > 1, is_adjudicated()), else_=false()).label("adjudicated"),
            has_newer.label("has_newer"),
            case((a.supersedes.is_not(None), func.coalesce(decided, 0))).label("replaces"),
            _nearest(pair.article_id, pair.other_id).label("to_earlier"),
            _nearest(pair.other_id, pair.article_id).label("to_later"),
            r.c.answer,
            r.c.notes,
            r.c.entities.label("standing_entities"),
            r.c.claims.label("standing_claims"),
            r.c.total.label("held"),
            r.c.open,
            r.c.reviewer,
            r.c.finished_at,
            r.c.opened_at,
            r.c.leased_until,
            r.c.lease_seconds,
        )
        .select_from(t.article)
        .outerjoin(r, r.c.id == view.shown)
        .where(a.number.in_(numbers))
    )


def _linked(this: ColumnElement[str], that: ColumnElement[str]) -> Any:
    """A subquery: the number of near-duplicates that are not superseded."""
    other = alias_of(t.article, "other").c
    count = select(func.count()).where(
        this == t.article.c.id, that == other.id, other.stage != Stage.SUPERSEDED.value
    )
    return count.correlate(t.article).scalar_subquery()


def _nearest(this: ColumnElement[str], that: ColumnElement[str]) -> Any:
    """A subquery: the similarity of the nearest near-duplicate of the same place."""
    other = alias_of(t.article, "near").c
    most = select(func.max(t.likeness.c.similarity)).where(
        this == t.article.c.id,
        that == other.id,
        other.place == t.article.c.place,
        other.stage != Stage.SUPERSEDED.value,
    )
    return most.correlate(t.article).scalar_subquery()


def _queue_row(row: Row[Any], reviewer: str) -> QueueRow:
    origin = row.origin
    # Nothing is counted of a review by somebody else while the reviewer may review the article too.
    theirs = row.reviewer not in (None, reviewer) and row.finished < row.wanted > 1
    is_open = row.reviewer is not None and not theirs
    near = (row.to_earlier, row.to_later)
    return QueueRow(
        id=row.id,
        title=row.listed_as or row.title or origin.get("name") or row.id[:12],
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
        held_until=row.leased_until,
        held_seconds=row.lease_seconds or 0.0,
        confidence=row.confidence,
        alike=row.alike,
        assigned=tuple(sorted(row.assigned.split("\n"))) if row.assigned else (),
        finished_reviews=row.finished,
        adjudicated=bool(row.adjudicated),
        answer=Answer(row.answer) if row.answer else Answer.ACCEPT,
        notes=row.notes if is_open else 0,
        words=row.words,
        published=origin.get("published"),
        url=origin.get("url"),
        place=row.place,
        similarity=max((one for one in near if one is not None), default=None),
        replaces=None if row.reviewer == reviewer else row.replaces,
        has_newer=bool(row.has_newer),
    )
