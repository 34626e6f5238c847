"""Reviews: opening an article, appending decisions, reading them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select, update

from annotator.core.assignment import ONE_REVIEW, ReviewPlan
from annotator.core.decisions import Decision
from annotator.core.holds import extended
from annotator.core.memory.recall import Recalling
from annotator.core.review import Review
from annotator.core.reviewing.basis import is_made_upon
from annotator.core.reviewing.projection import Carried
from annotator.core.reviewing.rebase import Rebased, rebase_decisions
from annotator.errors import ArticlePurged, LeaseLost, StoreError
from annotator.store.identities.mention_cache import keep_mentions
from annotator.store.journal.chaining import put_decisions
from annotator.store.linking.near_duplicates import alike
from annotator.store.reviewing.carried_decisions import carried_from_row
from annotator.store.reviewing.pipeline_comparison import comparison_after
from annotator.store.reviewing.remembering import remember
from annotator.store.reviewing.review_cache import ReviewCache
from annotator.store.reviewing.stored_review import StoredReview, read_review
from annotator.store.reviewing.taking import (
    OpeningTerms,
    count_reviews,
    hold_of_bundle,
    not_found,
    remove_empty,
    review_row,
    take_up,
)
from annotator.store.roles.owner_functions import outdate_adjudications
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.sql.notices import notify
from annotator.store.sql.row_mapping import cache_after
from annotator.store.values import ADJUDICATION, OpenedReview


class _NothingNew(Exception):
    """Raised to roll back a transaction without changes."""

    def __init__(self, fitted: Rebased) -> None:
        super().__init__()
        self.fitted = fitted


class Reviews:
    """Operations of reviewers: open an article, decide, release it."""

    def __init__(
        self, database: Database, cache: ReviewCache, recalling: Recalling | None = None
    ) -> None:
        self.database = database
        self.cache = cache
        self.recalling = recalling

    def get(self, article_id: str, reviewer: str, *, adjudicates: bool = False) -> OpenedReview:
        """A review, or a reviewer's newest adjudication, without opening it; raises StoreError if
        there is none."""
        with self.database.reading() as connection:
            row = review_row(connection, article_id, reviewer, adjudicates=adjudicates)
            if row is None:
                raise StoreError(
                    f"{reviewer} has no review of this article.", hint="Open the article first."
                )
            return read_review(connection, row).opened()

    def open(
        self,
        article_id: str,
        reviewer: str,
        *,
        now: datetime,
        lease_seconds: float,
        plan: ReviewPlan = ONE_REVIEW,
    ) -> OpenedReview:
        """Open or continue a review; the article is then leased for `lease_seconds`.

        A new review is pinned to the newest suggestions, made better by memory, and takes over
        decisions on an earlier text (those of others only if one review is enough). Where the
        `plan` says so it starts with neither; once something is decided, it stays as it began.
        Raises LeaseLost, naming the others, if the maximum number of reviewers hold or have
        finished the article; expired leases do not count. Raises StoreError if there is no such
        article or it has no suggestions yet.
        """
        with self.database.writing() as connection:
            terms = OpeningTerms(now, lease_seconds, plan)
            taken = take_up(connection, article_id, reviewer, terms, self.recalling)
            told = alike(connection, article_id)
            notify(connection)
        opened = replace(
            taken.read.opened(),
            carried=taken.carried,
            alike=told,
            half_done=taken.half_done,
            assigned=taken.assigned,
        )
        # Fold later decisions into this object, so that the review is in memory once.
        self.cache.keep(taken.read.row, opened.review)
        return opened

    def append(self, decisions: Sequence[Decision], *, text: str) -> None:
        """Append decisions to one review; they are durable when this returns.

        A repeated decision is ignored. Raises LeaseLost if the review was taken over or changed
        since their basis, ArticlePurged if the article was purged, and ReviewError if a decision
        does not fit; then nothing is stored.
        """
        if not decisions:
            return
        article_id, reviewer, adjudicates = _one_review_of(decisions)
        with self.database.writing() as connection:
            row = review_row(connection, article_id, reviewer, lock=True, adjudicates=adjudicates)
            new = _not_stored(connection, decisions)
            if not new:
                return
            if row is None or not _is_still_theirs(connection, row):
                raise _lost(connection, article_id, reviewer)
            before = self.cache.of(row) or read_review(connection, row).review()
            review = _gone_on(before, new)
            held_until = extended(
                row.leased_until or new[-1].at,
                new[-1].at,
                row.lease_seconds,
                now=self.database.now(),
            )
            write_decisions(connection, row, before, review, text=text, leased_until=held_until)
        self.cache.keep(row, review)

    def append_late(
        self,
        decisions: Sequence[Decision],
        *,
        text: str,
        now: datetime,
        lease_seconds: float,
        plan: ReviewPlan = ONE_REVIEW,
    ) -> Rebased:
        """Append those late decisions of one review that fit, in one transaction; returns the
        outcome of each.

        Raises LeaseLost, naming the others, if they hold or have finished the article, and
        StoreError if there is no such article or it has no suggestions yet.
        """
        article_id, reviewer, adjudicates = _one_review_of(decisions)
        try:
            with self.database.writing() as connection:
                if adjudicates:
                    read = _begun_adjudication(connection, article_id, reviewer)
                else:
                    terms = OpeningTerms(now, lease_seconds, plan, hold=False)
                    read = take_up(connection, article_id, reviewer, terms, self.recalling).read
                row = read.row
                before = read.review()
                fitted = rebase_decisions(before, decisions)
                if not fitted.new:
                    raise _NothingNew(fitted)
                after = before.decide(*fitted.new)
                write_decisions(connection, row, before, after, text=text)
        except _NothingNew as nothing:
            return nothing.fitted
        self.cache.forget(row)
        return fitted

    def renew(
        self, article_id: str, reviewer: str, *, now: datetime, adjudicates: bool = False
    ) -> None:
        """Renew the lease of a review; raises LeaseLost if somebody else has it."""
        with self.database.writing() as connection:
            row = review_row(connection, article_id, reviewer, lock=True, adjudicates=adjudicates)
            if row is None or not _is_still_theirs(connection, row):
                raise _lost(connection, article_id, reviewer)
            until = extended(row.leased_until or now, now, row.lease_seconds, now=now)
            connection.execute(
                update(t.review).where(t.review.c.id == row.id).values(leased_until=until)
            )

    def release(self, article_id: str, reviewer: str, *, adjudicates: bool = False) -> None:
        """Release the lease, but for that of a bundle. A review without decisions is removed."""
        with self.database.writing() as connection:
            row = review_row(connection, article_id, reviewer, lock=True, adjudicates=adjudicates)
            if row is None:
                return
            self.cache.forget(row)
            notify(connection)
            if row.last_seq == 0 and row.taken_at is None:
                remove_empty(connection, row)
                return
            connection.execute(
                update(t.review).where(t.review.c.id == row.id).values(hold_of_bundle(row))
            )

    def carried(self, article_id: str, reviewer: str) -> tuple[Carried, ...]:
        """The outcomes of decisions on an earlier text, in its order; empty if there was none."""
        r = t.review.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(t.carried)
                .join(t.review, r.id == t.carried.c.review_id)
                .where(r.article_id == article_id, r.reviewer == reviewer)
                .order_by(t.carried.c.id)
            ).fetchall()
        return tuple(carried_from_row(row) for row in rows)


def _is_still_theirs(connection: Connection, row: Row[Any]) -> bool:
    """Whether the reviewer may continue: the lease was not released, or by another session of the
    same reviewer, and nobody else has worked on the article."""
    if row.leased_until is not None:
        return True
    c = t.review.c
    others = select(c.id).where(
        c.article_id == row.article_id,
        c.reviewer != row.reviewer,
        c.kind == ADJUDICATION if row.kind == ADJUDICATION else c.kind != ADJUDICATION,
    )
    return connection.execute(others.limit(1)).first() is None


def _one_review_of(decisions: Sequence[Decision]) -> tuple[str, str, bool]:
    """The review that all these decisions belong to: article, reviewer, whether it adjudicates."""
    reviews = {(one.article, one.reviewer, one.adjudicates) for one in decisions}
    if len(reviews) > 1:
        raise StoreError("Decisions of several reviews must be stored one review at a time.")
    return reviews.pop()


def _begun_adjudication(connection: Connection, article_id: str, reviewer: str) -> StoredReview:
    """A reviewer's newest adjudication of an article, locked."""
    row = review_row(connection, article_id, reviewer, lock=True, adjudicates=True)
    if row is None:
        raise StoreError(f"{reviewer} has no adjudication of this article.", hint="Open it first.")
    return read_review(connection, row)


def _not_stored(connection: Connection, decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that are not in the log yet, each once, in order."""
    known: set[str] = set()
    for some in chunks(d.id for d in decisions):
        known.update(
            connection.execute(select(t.decision.c.id).where(t.decision.c.id.in_(some))).scalars()
        )
    new = {d.id: d for d in decisions if d.id not in known}
    return sorted(new.values(), key=lambda d: d.seq)


def _gone_on(before: Review, new: Sequence[Decision]) -> Review:
    """The review after new decisions; raises LeaseLost if it changed since their basis."""
    review = before
    first = before.next_seq
    fits = [d.seq for d in new] == list(range(first, first + len(new)))
    for _, some in groupby(new, key=lambda decision: decision.group):
        press = tuple(some)
        if not fits or not is_made_upon(review, press):
            raise LeaseLost(
                "This article was decided on elsewhere in the meantime.",
                hint="Open it again to continue from the stored review.",
            )
        review = review.decide(*press)
    return review


def write_decisions(
    connection: Connection,
    row: Row[Any],
    before: Review,
    after: Review,
    *,
    text: str,
    **values: Any,
) -> None:
    """Store the new decisions of `after` and the cached columns of `row`."""
    new = after.decisions[len(before.decisions) :]
    head = put_decisions(connection, row, new, text)
    values |= cache_after(row, before, after) | {"chain": head}
    values |= comparison_after(connection, row, before, after)
    connection.execute(update(t.review).where(t.review.c.id == row.id).values(values))
    by = bool(after.finished) - bool(row.finished_at)
    is_answered_anew = after.finished and after.answer.value != row.answer
    if (by or is_answered_anew) and row.kind != ADJUDICATION:
        count_reviews(connection, row.article_id, finished=by)
        if by > 0:
            outdate_adjudications(connection, [row.article_id])
    keep_mentions(connection, row, before, after, text)
    remember(connection, row, before, after, text)
    notify(connection)


def _lost(connection: Connection, article_id: str, reviewer: str) -> StoreError:
    gone = not_found(connection, article_id)
    if isinstance(gone, ArticlePurged):
        return gone
    c = t.review.c
    others = connection.execute(
        select(c.reviewer).where(c.article_id == article_id, c.reviewer != reviewer)
    ).scalars()
    who = " and ".join(sorted(others))
    why = f"{who} took it up" if who else "its lease was released"
    return LeaseLost(
        f"You no longer hold this article: {why}.",
        hint="Open it again; everything saved before is safe.",
    )
