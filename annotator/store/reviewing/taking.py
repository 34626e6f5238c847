"""Opens a review: checks who may, pins its suggestions, and carries decisions over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from annotator.core.assignment import ReviewPlan
from annotator.core.holds import counts
from annotator.core.journal.chain import Opening
from annotator.core.memory.recall import Recalling
from annotator.core.review import Review
from annotator.core.reviewing.projection import Carried
from annotator.errors import ArticleNotFound, ArticlePurged, LeaseLost, StoreError
from annotator.store.journal.chaining import opening_columns
from annotator.store.listing.set_aside import set_aside_now
from annotator.store.reviewing.carried_decisions import carry_into, forget_carried
from annotator.store.reviewing.recalled import pin, unpin
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.roles import owner_functions
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import review_to_cache
from annotator.store.tombstones import why_purged
from annotator.store.values import ADJUDICATION, REVIEW, Stage


@dataclass(frozen=True)
class Taken:
    """An opened review: its rows, the carried decisions, and the names of those who released the
    article unfinished, and of those whom it is assigned to."""

    read: StoredReview
    carried: tuple[Carried, ...] = ()
    half_done: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningTerms:
    """When a review is opened, for how many seconds the article is then leased, and how the team
    shares articles. Without `hold` the lease is not changed."""

    now: datetime
    hold_seconds: float
    plan: ReviewPlan
    hold: bool = True


def take_up(
    connection: Connection,
    article_id: str,
    reviewer: str,
    terms: OpeningTerms,
    recalling: Recalling | None,
) -> Taken:
    """Open or create a reviewer's review of an article.

    Raises LeaseLost, naming the others, if the maximum number of reviewers hold or have finished
    the article.
    """
    now, hold = terms.now, terms.hold
    a = t.article.c
    article = connection.execute(
        select(a.stage, a.supersedes, a.assigned, a.draw)
        .where(a.id == article_id)
        .with_for_update()
    ).first()
    if article is None:
        raise not_found(connection, article_id)
    wanted = terms.plan.reviews_of(article_id, is_check=article.draw < 0)
    r = t.review.c
    rows = connection.execute(
        select(t.review).where(r.article_id == article_id, is_no_adjudication())
    ).fetchall()
    mine = next((row for row in rows if row.reviewer == reviewer), None)
    others = [row for row in rows if row.reviewer != reviewer]
    if mine is None or mine.finished_at is None:
        _check_free(others, wanted, now)
    if mine is None and article.stage == Stage.WAITING:
        raise StoreError(
            "This article has no suggestions yet.",
            hint="Open another one, or wait until it is ready.",
        )
    half_done: tuple[str, ...] = ()
    if len(others) >= wanted:
        half_done = _give_up_expired(connection, others, now)
    if hold or mine is None:
        _begin(connection, article_id, reviewer, mine, terms, recalling)
    read = _read(connection, article_id, reviewer)
    carried: tuple[Carried, ...] = ()
    is_new = read.row.last_seq == 0 and (hold or mine is None)
    if article.supersedes is not None and is_new and read.row.assisted:
        carried = carry_into(connection, read, now=now, only_own=wanted > 1)
        read = _read(connection, article_id, reviewer)
    assigned = _assigned(connection, article_id) if article.assigned else ()
    return Taken(read, carried, half_done, () if reviewer in assigned else assigned)


def _assigned(connection: Connection, article_id: str) -> tuple[str, ...]:
    c = t.assignment.c
    names = connection.execute(select(c.reviewer).where(c.article_id == article_id))
    return tuple(sorted(names.scalars()))


def review_row(
    connection: Connection,
    article_id: str,
    reviewer: str,
    *,
    lock: bool = False,
    adjudicates: bool = False,
) -> Row[Any] | None:
    """The row of a reviewer's review, or of their newest adjudication, if any."""
    if lock:
        # Articles are always locked before reviews, to avoid deadlocks.
        connection.execute(
            select(t.article.c.id).where(t.article.c.id == article_id).with_for_update()
        )
    wanted = _ADJUDICATION if adjudicates else _REVIEW
    return connection.execute(wanted, {"of": article_id, "who": reviewer}).first()


def _newest(is_kind: ColumnElement[bool]) -> Select[Any]:
    c = t.review.c
    wanted = select(t.review).where(
        c.article_id == bindparam("of"), c.reviewer == bindparam("who"), is_kind
    )
    return wanted.order_by(c.id.desc()).limit(1)


def not_found(connection: Connection, article_id: str) -> ArticleNotFound:
    """The error for a missing article: ArticlePurged if it was purged."""
    if why := why_purged(connection, [article_id]):
        return ArticlePurged(why[article_id], hint="Open another one.")
    return ArticleNotFound(
        f"No article has the id {article_id[:12]}.",
        hint="It may have been removed; refresh the list.",
    )


def _read(connection: Connection, article_id: str, reviewer: str) -> StoredReview:
    row = review_row(connection, article_id, reviewer)
    assert row is not None  # it exists, or was written in this transaction
    return read_review(connection, row)


def _begin(
    connection: Connection,
    article_id: str,
    reviewer: str,
    mine: Row[Any] | None,
    terms: OpeningTerms,
    recalling: Recalling | None,
) -> None:
    until = terms.now + timedelta(seconds=terms.hold_seconds) if terms.hold else None
    lease = {"leased_until": until, "lease_seconds": terms.hold_seconds}
    if mine is not None and until is not None and mine.taken_until and mine.taken_until > until:
        lease = hold_of_bundle(mine)
    if mine is not None and (mine.last_seq > 0 or mine.taken_at is not None):
        connection.execute(update(t.review).where(t.review.c.id == mine.id).values(lease))
        return
    # Pinned without help too, so that it can be compared with what would have been shown.
    pinned = pin(connection, article_id, recalling)
    assisted = terms.plan.assists(article_id, reviewer)
    opening = Opening(article_id, reviewer, REVIEW, terms.now, pinned.digest, assisted)
    shown = pinned.items if assisted else ()
    fresh = {
        **lease,
        **review_to_cache(Review.of(article_id, reviewer, shown)),
        **opening_columns(opening),
        "assisted": assisted,
        "suggestion_set_id": pinned.set_id,
        "opened_at": terms.now,
    }
    if mine is not None:
        forget_carried(connection, mine.id)
        connection.execute(update(t.review).where(t.review.c.id == mine.id).values(fresh))
        unpin(connection, mine.suggestion_set_id)
        return
    whose = {"article_id": article_id, "reviewer": reviewer, "kind": REVIEW}
    connection.execute(insert(t.review).values(**whose, **fresh))
    count_reviews(connection, article_id, reviews=1)


def hold_of_bundle(row: Row[Any]) -> dict[str, Any]:
    """The lease that an article has while its review is away in a bundle, as columns; none for a
    review that came in one."""
    if row.taken_until is None:
        # Its length stays: another terminal of the same reviewer may renew it.
        return {"leased_until": None}
    seconds = (row.taken_until - row.taken_at).total_seconds()
    return {"leased_until": row.taken_until, "lease_seconds": seconds}


def _check_free(others: Sequence[Row[Any]], wanted: int, now: datetime) -> None:
    holding = [row for row in others if row.finished_at or _is_held(row, now)]
    if len(holding) < wanted:
        return
    names = " and ".join(sorted(row.reviewer for row in holding))
    done = "has reviewed" if len(holding) == 1 else "have reviewed"
    if not all(row.finished_at for row in holding):
        done = "is reviewing" if len(holding) == 1 else "are reviewing"
    raise LeaseLost(f"{names} {done} this article.", hint="Open another one.")


def _is_held(row: Row[Any], now: datetime) -> bool:
    return counts(row.leased_until, now, row.lease_seconds)


def _give_up_expired(
    connection: Connection, others: Sequence[Row[Any]], now: datetime
) -> tuple[str, ...]:
    """Release expired leases, whose holders must reopen the article; returns the names of those who
    had decided something."""
    let_go = [row for row in others if not row.finished_at and not _is_held(row, now)]
    for row in let_go:
        if connection.dialect.name != "sqlite":
            _release_expired(connection, row)
        elif row.last_seq == 0:
            remove_empty(connection, row)
        else:
            connection.execute(
                update(t.review).where(t.review.c.id == row.id).values(leased_until=None)
            )
    return tuple(sorted(row.reviewer for row in let_go if row.last_seq > 0))


def _release_expired(connection: Connection, row: Row[Any]) -> None:
    """The same for one review on PostgreSQL, where it may be somebody else's row."""
    if owner_functions.release_expired(connection, row.id) and row.last_seq == 0:
        unpin(connection, row.suggestion_set_id)
        count_reviews(connection, row.article_id, reviews=-1)


def remove_empty(connection: Connection, row: Row[Any]) -> None:
    """Remove a review without decisions."""
    forget_carried(connection, row.id)
    connection.execute(delete(t.review).where(t.review.c.id == row.id))
    unpin(connection, row.suggestion_set_id)
    if row.kind != ADJUDICATION:
        count_reviews(connection, row.article_id, reviews=-1)


def count_reviews(
    connection: Connection, article_id: str, *, reviews: int = 0, finished: int = 0
) -> None:
    """Add to the numbers of reviews of an article, among which adjudications are not, after its
    reviews were written."""
    connection.execute(_COUNTS, {"of": article_id, "more": reviews, "done": finished})


def is_no_adjudication() -> ColumnElement[bool]:
    """The condition that a row is somebody's own review of an article."""
    return t.review.c.kind != ADJUDICATION


# Built once: building a statement takes longer than executing it.
_REVIEW = _newest(is_no_adjudication())
_ADJUDICATION = _newest(t.review.c.kind == ADJUDICATION)
_COUNTS = (
    update(t.article)
    .where(t.article.c.id == bindparam("of"))
    .values(
        reviews=t.article.c.reviews + bindparam("more"),
        finished=t.article.c.finished + bindparam("done"),
        set_aside=set_aside_now(),
    )
)
