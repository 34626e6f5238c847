"""Opens an adjudication: compares the finished reviews of an article, and pins what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from annotator.core.adjudicating.choices import Changes
from annotator.core.adjudicating.compared_reviews import ComparedReviews, compare
from annotator.core.adjudicating.compared_rows import comparison_to_dict
from annotator.core.adjudicating.taking_over import take_over
from annotator.core.adjudicating.who_adjudicates import (
    changes_since,
    check_may_adjudicate,
    listed,
)
from annotator.core.decisions import DecisionGroup, to_decisions
from annotator.core.holds import counts
from annotator.core.journal.chain import Opening
from annotator.core.review import Review
from annotator.core.reviewing.projection import GROUP
from annotator.errors import LeaseLost, ReviewError
from annotator.store.journal.chaining import opening_columns, suggestions_digest
from annotator.store.listing.check_slots import are_checks
from annotator.store.reviewing.recalled import unpin
from annotator.store.reviewing.reviews import write_decisions
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.reviewing.taking import not_found, remove_empty
from annotator.store.roles import owner_functions
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import items_to_rows, pipeline_of, review_to_cache
from annotator.store.values import ADJUDICATION, IMPORTED, AdjudicationTerms


@dataclass(frozen=True)
class TakenAdjudication:
    """An opened adjudication, and what happened to its reviews since it was begun."""

    read: StoredReview
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rows:
    """The rows of an article's reviews: finished ones, unfinished ones, the adjudicator's newest
    adjudication, and those of others."""

    finished: tuple[Row[Any], ...]
    unfinished: tuple[Row[Any], ...]
    mine: Row[Any] | None
    others: tuple[Row[Any], ...]


def take_up_adjudication(
    connection: Connection, article_id: str, adjudicator: str, terms: AdjudicationTerms
) -> TakenAdjudication:
    """Open or create an adjudication; `Adjudications.open` says what it raises."""
    lock = select(t.article.c.id).where(t.article.c.id == article_id).with_for_update()
    if connection.execute(lock).first() is None:
        raise not_found(connection, article_id)
    rows = _rows(connection, article_id, adjudicator)
    mine = rows.mine
    is_done = mine is not None and mine.finished_at is not None and not mine.outdated
    if not is_done:
        _check(connection, adjudicator, rows, terms)
    if mine is None or mine.last_seq == 0:
        compared = _compared(connection, rows.finished)
        return TakenAdjudication(_begin(connection, article_id, adjudicator, mine, compared, terms))
    read = read_review(connection, mine)
    changed = _changes(connection, read, rows)
    if not changed and mine.outdated:
        _set(connection, mine.id, outdated=False)
    if changed and terms.anew and len(rows.finished) > 1:
        return TakenAdjudication(_begin_anew(connection, read, adjudicator, rows, terms))
    until = terms.now + timedelta(seconds=terms.hold_seconds)
    _set(connection, mine.id, leased_until=until, lease_seconds=terms.hold_seconds)
    return TakenAdjudication(_read(connection, mine.id), changed)


def changes_since_begun(
    connection: Connection, article_id: str, adjudicator: str
) -> tuple[str, ...]:
    """What happened to the reviews since an adjudication of them was begun, in sentences; nothing
    if they say the same as before."""
    rows = _rows(connection, article_id, adjudicator)
    if rows.mine is None or not rows.mine.outdated:
        return ()
    return _changes(connection, read_review(connection, rows.mine), rows)


def known_reviewers(connection: Connection) -> Iterator[str]:
    """The names of all who have reviewed something here, in order; imported reviews do not
    count."""
    r = t.review.c
    last = ""
    while True:
        # One step through the index for each name: there are few names and many reviews.
        wanted = select(r.reviewer).where(r.reviewer > last).order_by(r.reviewer).limit(1)
        name = connection.execute(wanted).scalar()
        if name is None:
            return
        here = select(r.id).where(r.reviewer == name, r.kind != IMPORTED).limit(1)
        if connection.execute(here).first() is not None:
            yield name
        last = name


def _rows(connection: Connection, article_id: str, adjudicator: str) -> _Rows:
    r = t.review.c
    wanted = select(t.review).where(r.article_id == article_id).order_by(r.id)
    every = connection.execute(wanted).fetchall()
    reviews = [row for row in every if row.kind != ADJUDICATION]
    made = [row for row in every if row.kind == ADJUDICATION]
    mine = [row for row in made if row.reviewer == adjudicator]
    return _Rows(
        tuple(row for row in reviews if row.finished_at is not None),
        tuple(row for row in reviews if row.finished_at is None),
        mine[-1] if mine else None,
        tuple(row for row in made if row.reviewer != adjudicator),
    )


def _check(connection: Connection, adjudicator: str, rows: _Rows, terms: AdjudicationTerms) -> None:
    """Raises ReviewError or LeaseLost if the adjudicator may not, or somebody else does it."""
    finished = _that_count(connection, adjudicator, rows)
    if len(finished) < 2:
        raise ReviewError(
            "There is nothing to adjudicate: this article has "
            f"{'one finished review' if finished else 'no finished review'}.",
            hint="Two reviewers must have finished it.",
        )
    if any(row.reviewer == adjudicator and row.last_seq > 0 for row in rows.unfinished):
        raise ReviewError(
            "You are reviewing this article yourself.",
            hint="Finish your review first; until then you do not see what others answered.",
        )
    differing = {row.reviewer for row in rows.finished}
    check_may_adjudicate(
        adjudicator, differing, appointed=terms.appointed, others=known_reviewers(connection)
    )
    held = [row for row in rows.others if _is_held(row, terms.now)]
    done = [row for row in rows.others if row.finished_at is not None and not row.outdated]
    if done or held:
        names = listed(sorted({row.reviewer for row in done or held}))
        what = "has adjudicated" if done else "is adjudicating"
        raise LeaseLost(f"{names} {what} this article.", hint="Open another one.")
    for row in rows.others:
        if row.finished_at is None:
            _let_go(connection, row)


def _that_count(connection: Connection, adjudicator: str, rows: _Rows) -> Sequence[Row[Any]]:
    """The finished reviews as far as they count: a check is the reviewer's own affair."""
    if rows.finished and are_checks(connection, [rows.finished[0].article_id]):
        return [row for row in rows.finished if row.reviewer == adjudicator]
    return rows.finished


def _is_held(row: Row[Any], now: datetime) -> bool:
    return row.finished_at is None and counts(row.leased_until, now, row.lease_seconds)


def _let_go(connection: Connection, row: Row[Any]) -> None:
    """End an expired lease; an adjudication without decisions is removed."""
    if connection.dialect.name != "sqlite":  # the row is somebody else's
        if owner_functions.release_expired(connection, row.id) and row.last_seq == 0:
            unpin(connection, row.suggestion_set_id)
    elif row.last_seq == 0:
        remove_empty(connection, row)
    else:
        _set(connection, row.id, leased_until=None)


def _changes(connection: Connection, read: StoredReview, rows: _Rows) -> tuple[str, ...]:
    """What happened to the reviews since; nothing if they say the same as before."""
    pinned = read.comparison()
    assert pinned is not None  # it is an adjudication
    finished = {row.reviewer: row.last_seq for row in rows.finished}
    changed = changes_since(pinned, finished, {row.reviewer for row in rows.unfinished})
    if changed and len(finished) == len(pinned.reviews):
        again, _ = _compared(connection, rows.finished)
        if replace(again, reviews=pinned.reviews) == pinned:
            return ()
    return changed


def _begin_anew(
    connection: Connection,
    old: StoredReview,
    adjudicator: str,
    rows: _Rows,
    terms: AdjudicationTerms,
) -> StoredReview:
    """A new adjudication with those choices of an old one that still apply."""
    _set(connection, old.row.id, leased_until=None)
    compared = _compared(connection, rows.finished)
    read = _begin(connection, old.row.article_id, adjudicator, None, compared, terms)
    before = read.review()
    group = f"{GROUP}{uuid4()}"

    def decide(review: Review, changes: Changes) -> Review:
        made = DecisionGroup(
            group,
            review.article,
            review.reviewer,
            terms.now,
            review.next_seq,
            adjudicates=True,
        )
        return review.decide(*to_decisions(changes, made, ids=(str(uuid4()) for _ in changes)))

    earlier = old.comparison()
    assert earlier is not None  # it is an adjudication
    after = take_over((old.review(), earlier), before, compared[0], decide)
    if after is not before:
        write_decisions(connection, read.row, before, after, text=old.article.text)
    return _read(connection, read.row.id)


def _begin(
    connection: Connection,
    article_id: str,
    adjudicator: str,
    mine: Row[Any] | None,
    compared: tuple[ComparedReviews, dict[str, Any]],
    terms: AdjudicationTerms,
) -> StoredReview:
    """Create an adjudication, or pin one without decisions (`mine`) to the reviews as they are."""
    comparison, made_of = compared
    text = connection.execute(select(t.article.c.text).where(t.article.c.id == article_id))
    suggested = {
        "article_id": article_id,
        "at": terms.now,
        "dropped": 0,
        "items": items_to_rows(comparison.items, text.scalar_one()),
        "suggesters": None,
        "comparison": comparison_to_dict(comparison),
        **made_of,
    }
    pinned = suggestions_digest(suggested)
    opening = Opening(article_id, adjudicator, ADJUDICATION, terms.now, pinned)
    review = Review.of(article_id, adjudicator, comparison.items, settled=comparison.settled)
    fresh = {
        **review_to_cache(review),
        **opening_columns(opening),
        "suggestion_set_id": _key(connection.execute(insert(t.suggestion_set).values(suggested))),
        "opened_at": terms.now,
        "leased_until": terms.now + timedelta(seconds=terms.hold_seconds),
        "lease_seconds": terms.hold_seconds,
        "outdated": False,
    }
    if mine is not None:
        _set(connection, mine.id, **fresh)
        unpin(connection, mine.suggestion_set_id)
        return _read(connection, mine.id)
    row = {"article_id": article_id, "reviewer": adjudicator, "kind": ADJUDICATION, **fresh}
    return _read(connection, _key(connection.execute(insert(t.review).values(row))))


def _compared(
    connection: Connection, rows: Sequence[Row[Any]]
) -> tuple[ComparedReviews, dict[str, Any]]:
    """The finished reviews compared, and the columns of a suggestion set made of them: their
    pipeline, if it is the same; a base, so that it is never the newest set of the article."""
    read = [read_review(connection, row) for row in rows]
    for one in read:
        if one.is_hidden:
            raise ReviewError(
                f"The database does not let you read the review by {one.row.reviewer}.",
                hint="Ask the owner of the database for the role annotator_lead.",
            )
    imported = [row.reviewer for row in rows if row.kind == IMPORTED]
    unassisted = [row.reviewer for row in rows if not row.assisted]
    pipelines = {pipeline_of(one.suggested) for one in read if one.row.assisted}
    pipeline = pipelines.pop() if len(pipelines) == 1 else None
    bases = [one.suggested.base_id or one.suggested.id for one in read if one.suggested]
    reviews = [one.review() for one in read]
    return compare(reviews, imported=imported, unassisted=unassisted), {
        "pipeline_name": pipeline.name if pipeline else "",
        "pipeline_version": pipeline.version if pipeline else "",
        "pipeline_hash": pipeline.hash if pipeline else "",
        "base_id": max(bases, default=0),
    }


def _read(connection: Connection, review_id: int) -> StoredReview:
    row = connection.execute(select(t.review).where(t.review.c.id == review_id)).one()
    return read_review(connection, row)


def _set(connection: Connection, review_id: int, **values: Any) -> None:
    connection.execute(update(t.review).where(t.review.c.id == review_id).values(values))


def _key(result: Any) -> int:
    (key,) = result.inserted_primary_key
    return int(key)
