"""Reviews: taking an article, appending decisions, reading back what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from annotator.core.article import Article
from annotator.core.carry import Carried
from annotator.core.decisions import Decision
from annotator.core.holds import counts, extended
from annotator.core.review import Review
from annotator.errors import ArticleNotFound, LeaseLost, StoreError
from annotator.store import columns as t
from annotator.store.carrying import carry_into, forget_carried
from annotator.store.damage import of_article
from annotator.store.database import Database, chunks
from annotator.store.folds import Folds
from annotator.store.likeness import alike
from annotator.store.rows import (
    ARTICLE_COLUMNS,
    article_from_row,
    cache_after,
    decision_to_row,
    items_from_rows,
    newest_suggestions,
    review_to_cache,
)
from annotator.store.stored_review import read_review
from annotator.store.values import OpenedReview, Stage


class Reviews:
    """The part of the store that reviewers use."""

    database: Database
    folds: Folds

    def article(self, article_id: str) -> Article:
        """The article with this id; ArticleNotFound if there is none."""
        with of_article(article_id), self.database.reading() as connection:
            row = connection.execute(
                select(*ARTICLE_COLUMNS).where(t.article.c.id == article_id)
            ).first()
            if row is None:
                raise _not_found(article_id)
            return article_from_row(row)

    def review(self, article_id: str, reviewer: str) -> OpenedReview:
        """A review as it stands, without taking it up; StoreError if there is none."""
        with self.database.reading() as connection:
            row = _review_row(connection, article_id, reviewer)
            if row is None:
                raise StoreError(
                    f"{reviewer} has no review of this article.", hint="Open the article first."
                )
            return read_review(connection, row).opened()

    def open_review(
        self,
        article_id: str,
        reviewer: str,
        *,
        now: datetime,
        lease_seconds: float,
        reviews_per_article: int = 1,
    ) -> OpenedReview:
        """Take an article up, or go on with it; it is then held for `lease_seconds`.

        A new review is pinned to the newest suggestions, and takes over what was decided on an
        earlier text (what others decided only where one review is enough). LeaseLost, saying who,
        if as many others as may review an article hold it or have finished it; a hold that ran out
        counts no more. StoreError if there is no such article, or it has no suggestions yet.
        """
        with self.database.writing() as connection:
            article = connection.execute(
                select(t.article.c.stage, t.article.c.supersedes)
                .where(t.article.c.id == article_id)
                .with_for_update()
            ).first()
            if article is None:
                raise _not_found(article_id)
            rows = connection.execute(
                select(t.review).where(t.review.c.article_id == article_id)
            ).fetchall()
            mine = next((row for row in rows if row.reviewer == reviewer), None)
            others = [row for row in rows if row.reviewer != reviewer]
            if mine is None or mine.finished_at is None:
                _check_free(others, reviews_per_article, now)
            if mine is None and article.stage == Stage.WAITING:
                raise StoreError(
                    "This article still waits for its suggestions.",
                    hint="Take another one, or wait until it is ready.",
                )
            half_done: tuple[str, ...] = ()
            if len(others) >= reviews_per_article:
                half_done = _give_up_expired(connection, others, now)
            until = now + timedelta(seconds=lease_seconds)
            self._take(connection, article_id, reviewer, mine, now, until, lease_seconds)
            row = _review_row(connection, article_id, reviewer)
            assert row is not None  # written just above, in this transaction
            read = read_review(connection, row)
            carried: tuple[Carried, ...] = ()
            if article.supersedes is not None and row.last_seq == 0:
                carried = carry_into(connection, read, now=now, only_own=reviews_per_article > 1)
                row = _review_row(connection, article_id, reviewer)
                assert row is not None  # as above
                read = read_review(connection, row)
            told = alike(connection, article_id)
        opened = replace(read.opened(), carried=carried, alike=told, half_done=half_done)
        # What is decided next is folded into this very review, which then is in memory only once.
        self.folds.keep(row.id, opened.review)
        return opened

    def append(self, decisions: Sequence[Decision], *, text: str) -> None:
        """Keep decisions of one review for ever; when this returns, they are on the disk.

        The same decision twice is one. LeaseLost if the review was decided on elsewhere or taken
        over in the meantime, ReviewError if a decision does not fit; then nothing was stored.
        """
        if not decisions:
            return
        article_id, reviewer = decisions[0].article, decisions[0].reviewer
        if any((d.article, d.reviewer) != (article_id, reviewer) for d in decisions):
            raise StoreError("Decisions of several reviews must be stored one review at a time.")
        with self.database.writing() as connection:
            row = _review_row(connection, article_id, reviewer, lock=True)
            new = _not_stored(connection, decisions)
            if not new:
                return
            if row is None or row.leased_until is None:
                raise _lost(connection, article_id, reviewer)
            if [d.seq for d in new] != list(range(row.last_seq + 1, row.last_seq + len(new) + 1)):
                raise LeaseLost(
                    "This article was decided on elsewhere in the meantime.",
                    hint="Open it again to go on from what is stored.",
                )
            before = self.folds.at(row.id, row.last_seq) or read_review(connection, row).review()
            review = before.decide(*new)
            connection.execute(insert(t.decision), [decision_to_row(d, row.id, text) for d in new])
            connection.execute(
                update(t.review)
                .where(t.review.c.id == row.id)
                .values(
                    leased_until=extended(
                        row.leased_until, new[-1].at, row.lease_seconds, now=self.database.now()
                    ),
                    **cache_after(row, before, review),
                )
            )
            by = bool(review.finished) - bool(row.finished_at)
            if by:
                _count_reviews(connection, article_id, finished=by)
        self.folds.keep(row.id, review)

    def renew_review(self, article_id: str, reviewer: str, *, now: datetime) -> None:
        """Hold a review longer while its reviewer reads; LeaseLost if somebody else has it."""
        with self.database.writing() as connection:
            row = _review_row(connection, article_id, reviewer, lock=True)
            if row is None or row.leased_until is None:
                raise _lost(connection, article_id, reviewer)
            until = extended(row.leased_until, now, row.lease_seconds, now=now)
            connection.execute(
                update(t.review).where(t.review.c.id == row.id).values(leased_until=until)
            )

    def release_review(self, article_id: str, reviewer: str) -> None:
        """Give the hold up. A review in which nothing was decided leaves no trace."""
        with self.database.writing() as connection:
            row = _review_row(connection, article_id, reviewer, lock=True)
            if row is None:
                return
            self.folds.forget(row.id)
            if row.last_seq == 0:
                _remove_empty(connection, row)
                return
            connection.execute(
                update(t.review).where(t.review.c.id == row.id).values(leased_until=None)
            )

    # Inside

    def _take(
        self,
        connection: Connection,
        article_id: str,
        reviewer: str,
        mine: Row[Any] | None,
        now: datetime,
        until: datetime,
        lease_seconds: float,
    ) -> None:
        lease = {"leased_until": until, "lease_seconds": lease_seconds}
        if mine is not None and mine.last_seq > 0:
            connection.execute(update(t.review).where(t.review.c.id == mine.id).values(lease))
            return
        newest = newest_suggestions(connection, article_id)
        items = items_from_rows(newest.items) if newest else ()
        fresh = {
            **lease,
            **review_to_cache(Review.of(article_id, reviewer, items)),
            "suggestion_set_id": newest.id if newest else None,
            "opened_at": now,
        }
        if mine is not None:
            forget_carried(connection, mine.id)
            connection.execute(update(t.review).where(t.review.c.id == mine.id).values(fresh))
            return
        connection.execute(
            insert(t.review).values(article_id=article_id, reviewer=reviewer, **fresh)
        )
        _count_reviews(connection, article_id, reviews=1)


def _not_found(article_id: str) -> ArticleNotFound:
    return ArticleNotFound(
        f"There is no article {article_id[:12]}.", hint="It may have been removed; look again."
    )


def _review_row(
    connection: Connection, article_id: str, reviewer: str, *, lock: bool = False
) -> Row[Any] | None:
    c = t.review.c
    if lock:
        # Everywhere the article is locked before its reviews, so that two never wait in a circle.
        connection.execute(
            select(t.article.c.id).where(t.article.c.id == article_id).with_for_update()
        )
    wanted = select(t.review).where(c.article_id == article_id, c.reviewer == reviewer)
    return connection.execute(wanted).first()


def _not_stored(connection: Connection, decisions: Sequence[Decision]) -> list[Decision]:
    """Those that the log does not hold yet, each once, in order."""
    known: set[str] = set()
    for some in chunks(d.id for d in decisions):
        known.update(
            connection.execute(select(t.decision.c.id).where(t.decision.c.id.in_(some))).scalars()
        )
    new = {d.id: d for d in decisions if d.id not in known}
    return sorted(new.values(), key=lambda d: d.seq)


def _check_free(others: Sequence[Row[Any]], reviews_per_article: int, now: datetime) -> None:
    holding = [row for row in others if row.finished_at or _is_held(row, now)]
    if len(holding) < reviews_per_article:
        return
    names = " and ".join(sorted(row.reviewer for row in holding))
    done = "has reviewed" if len(holding) == 1 else "have reviewed"
    if not all(row.finished_at for row in holding):
        done = "is reviewing" if len(holding) == 1 else "are reviewing"
    raise LeaseLost(f"{names} {done} this article.", hint="Take another one.")


def _is_held(row: Row[Any], now: datetime) -> bool:
    return counts(row.leased_until, now, row.lease_seconds)


def _give_up_expired(
    connection: Connection, others: Sequence[Row[Any]], now: datetime
) -> tuple[str, ...]:
    """Whoever let a hold run out has to take the article up again before going on; the names of
    those who had decided something."""
    let_go = [row for row in others if not row.finished_at and not _is_held(row, now)]
    for row in let_go:
        if row.last_seq == 0:
            _remove_empty(connection, row)
        else:
            connection.execute(
                update(t.review).where(t.review.c.id == row.id).values(leased_until=None)
            )
    return tuple(sorted(row.reviewer for row in let_go if row.last_seq > 0))


def _remove_empty(connection: Connection, row: Row[Any]) -> None:
    forget_carried(connection, row.id)
    connection.execute(delete(t.review).where(t.review.c.id == row.id))
    _count_reviews(connection, row.article_id, reviews=-1)


def _count_reviews(
    connection: Connection, article_id: str, *, reviews: int = 0, finished: int = 0
) -> None:
    c = t.article.c
    connection.execute(
        update(t.article)
        .where(c.id == article_id)
        .values(reviews=c.reviews + reviews, finished=c.finished + finished)
    )


def _lost(connection: Connection, article_id: str, reviewer: str) -> LeaseLost:
    c = t.review.c
    others = connection.execute(
        select(c.reviewer).where(c.article_id == article_id, c.reviewer != reviewer)
    ).scalars()
    who = " and ".join(sorted(others))
    why = f"{who} took it up" if who else "the hold on it was given up"
    return LeaseLost(
        f"This article is no longer in your hands: {why}.",
        hint="Open it again; what was saved before is safe.",
    )
