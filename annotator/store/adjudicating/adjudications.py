"""Adjudications for screens: opened, found, and what they decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select

from annotator.core.adjudicating.who_adjudicates import check_may_adjudicate
from annotator.core.states import QueueFilter
from annotator.errors import AnnotatorError, ArticleDamaged, ReviewError
from annotator.store.adjudicating.opening_adjudication import (
    changes_since_begun,
    known_reviewers,
    take_up_adjudication,
)
from annotator.store.listing.queue import Queue
from annotator.store.reviewing.review_cache import ReviewCache
from annotator.store.reviewing.stored_review import read_review
from annotator.store.sql import columns as t
from annotator.store.sql.aliases import alias_of
from annotator.store.sql.damage import Told, told_or_raised
from annotator.store.sql.database import Database
from annotator.store.sql.paging import in_pages
from annotator.store.values import ADJUDICATION, AdjudicationTerms, OpenedReview, QueueView

_TRIED = 50


class Adjudications:
    """Operations of adjudicators. Decisions are appended, and leases renewed and released, by
    `Reviews`, as those of any review."""

    def __init__(self, database: Database, cache: ReviewCache, queue: Queue) -> None:
        self.database, self.cache, self.queue = database, cache, queue

    def open(self, article_id: str, adjudicator: str, terms: AdjudicationTerms) -> OpenedReview:
        """Open or continue the adjudication of an article, which is then leased.

        It is pinned to the finished reviews as they are when it is begun; `changed` of the result
        says what happened to them since. Where the terms say so, a new one is begun then, and
        choices on differences that are still the same are taken over; the old one stays in the log.
        Raises ReviewError if there are fewer than two finished reviews, or if the adjudicator may
        not or has not finished their own review; LeaseLost, naming the others, if somebody else
        adjudicates it or has done so.
        """
        with self.database.writing() as connection:
            taken = take_up_adjudication(connection, article_id, adjudicator, terms)
        opened = replace(taken.read.opened(), changed=taken.changed)
        self.cache.keep(taken.read.row, opened.review)
        return opened

    def changes(self, article_id: str, adjudicator: str) -> tuple[str, ...]:
        """What happened to the reviews since a reviewer's adjudication of them was begun."""
        with self.database.reading() as connection:
            return changes_since_begun(connection, article_id, adjudicator)

    def next_article(
        self, view: QueueView, after: str | None = None, *, appointed: Sequence[str] = ()
    ) -> str | None:
        """The next article that this reviewer can adjudicate, in the order of the view, wrapping
        around at the end; None if there is none besides `after`."""
        view = replace(view, state=QueueFilter.TO_ADJUDICATE)
        for article in self.queue.following(view, after, limit=_TRIED):
            try:
                self.check(article, view.reviewer, appointed=appointed)
            except AnnotatorError:
                continue
            return article
        return None

    def check(self, article_id: str, adjudicator: str, *, appointed: Sequence[str] = ()) -> None:
        """Raises ReviewError if this reviewer may not adjudicate the article."""
        r = t.review.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(r.reviewer, r.finished_at, r.last_seq).where(
                    r.article_id == article_id, r.kind != ADJUDICATION
                )
            ).fetchall()
            differing = {row.reviewer for row in rows if row.finished_at is not None}
            if any(row.reviewer == adjudicator and row.finished_at is None for row in rows):
                raise ReviewError("This reviewer has not finished their own review.")
            check_may_adjudicate(
                adjudicator, differing, appointed=appointed, others=known_reviewers(connection)
            )

    def finished(
        self, *, damaged: Told | None = None, concerning: str | None = None
    ) -> Iterator[OpenedReview]:
        """Finished adjudications, the newest first, read one at a time; `concerning` names a
        reviewer whose reviews were adjudicated. `damaged` is called for unreadable ones."""
        r, own = t.review.c, alias_of(t.review, "own").c
        wanted = select(r.id).where(r.kind == ADJUDICATION, r.finished_at.is_not(None))
        if concerning is not None:
            theirs = select(own.article_id).where(
                own.reviewer == concerning, own.kind != ADJUDICATION
            )
            wanted = wanted.where(r.article_id.in_(theirs))
        for some in in_pages(self.database, wanted.order_by(r.id.desc()), 20):
            for id in some:
                try:
                    opened = self._finished(id)
                except ArticleDamaged as error:
                    told_or_raised(error, damaged)
                    continue
                if opened is not None:
                    yield opened

    def _finished(self, id: int) -> OpenedReview | None:
        r = t.review.c
        with self.database.reading() as connection:
            wanted = select(t.review).where(r.id == id, r.finished_at.is_not(None))
            row = connection.execute(wanted).first()
            if row is None:
                return None
            read = read_review(connection, row)
        return read.opened()
