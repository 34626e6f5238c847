"""Statistics of decisions: by reviewer, by string, and of carried ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    text,
)

from annotator.core.anchoring import Overlap, PipelineOverlap, ReviewOverlaps, digits_of_blocks
from annotator.core.statistics.fates import fates_from_rows
from annotator.core.statistics.standing_notes import StandingNote
from annotator.core.statistics.totals import Totals
from annotator.core.statistics.work_done import DoneReview
from annotator.errors import ArticleDamaged
from annotator.store.listing.check_slots import of_no_check
from annotator.store.reviewing.noted_reviews import notes_newest_first
from annotator.store.reviewing.sight import Sight
from annotator.store.reviewing.suggester_work import suggester_work
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article
from annotator.store.sql.database import Database
from annotator.store.sql.paging import in_pages
from annotator.store.values import ADJUDICATION, REVIEW, CarriedCounts, SuggesterWork, Work

_PAGE = 200
"""So many reviews are read in one transaction."""


class Statistics:
    """Counts over all reviews but those of checks."""

    def __init__(self, database: Database, sight: Sight | None = None) -> None:
        """`sight` says which reviews of others are not to be seen yet; None: all are seen."""
        self.database, self._sight = database, sight or Sight()

    def reads_everything(self) -> bool:
        """Whether this role of the database may read all reviews; if not, all of these figures are
        only of what it may read."""
        if self.database.is_sqlite:
            return True
        with self.database.reading() as connection:
            limited = connection.execute(text("SELECT row_security_active('decision')"))
            return not limited.scalar_one()

    def work(self) -> tuple[Work, ...]:
        """The work of each reviewer on reviews, by name; adjudications are counted apart."""
        totals = Totals()
        for some in self.reviews_done():
            totals.take(some)
        return tuple(totals.work(name) for name in totals.reviewers)

    def count_done(self) -> int:
        """How many reviews have decisions; without adjudications and imports."""
        with self.database.reading() as connection:
            counted = select(func.count()).select_from(_done().subquery())
            return int(connection.execute(counted).scalar_one())

    def reviews_done(self) -> Iterator[tuple[DoneReview, ...]]:
        """All reviews with decisions, without adjudications and imports, some at a time."""
        for ids in in_pages(self.database, _done(), _PAGE):
            with self.database.reading() as connection:
                rows = connection.execute(_DONE, {"ids": list(ids)}).fetchall()
                spent = {row[0]: row for row in connection.execute(_SPENT, {"ids": list(ids)})}
                unseen = self._sight.hidden(connection, {row.article_id for row in rows})
            viewer = self._sight.viewer
            yield tuple(
                _done_review(
                    row,
                    spent[row.id],
                    is_hidden=viewer is not None
                    and row.article_id in unseen
                    and row.reviewer != viewer.reviewer,
                )
                for row in rows
                # The database does not let one read the decisions of some reviews.
                if row.id in spent
            )

    def names(self, articles: Collection[str]) -> dict[str, str]:
        """The names of a few articles by id; the beginning of the id for a damaged one."""
        found: dict[str, str] = {}
        for article_id in articles:
            with suppress(ArticleDamaged), of_article(article_id):
                with self.database.reading() as connection:
                    listed, title, origin = connection.execute(_NAMED, {"id": article_id}).one()
                found[article_id] = listed or title or origin["name"] or ""
        return {id: found.get(id) or id[:12] for id in articles}

    def notes(self) -> Iterator[tuple[StandingNote, ...]]:
        """The notes that stand in reviews that may be seen, some at a time, the newest first."""
        return notes_newest_first(self.database, self._sight)

    def adjudicated(self) -> dict[str, int]:
        """How many articles each adjudicator has adjudicated as their reviews are now, by name."""
        r = t.review.c
        done = select(r.reviewer, func.count()).where(
            r.kind == ADJUDICATION, r.finished_at.is_not(None), ~r.outdated
        )
        with self.database.reading() as connection:
            rows = connection.execute(done.group_by(r.reviewer).order_by(r.reviewer))
            return {name: int(number) for name, number in rows}

    def compared(self, *, assisted: bool) -> ReviewOverlaps:
        """Finished reviews compared with the pipeline: those whose reviewers saw its suggestions,
        or those who did not. A few hundred rows are read, however many reviews there are."""
        r = t.review.c
        sums = (r.same_entities, r.marked_entities, r.same_claims, r.marked_claims)
        theirs = and_(r.same_entities.is_not(None), r.assisted == assisted, of_no_check())
        with self.database.reading() as connection:
            reviews = connection.execute(select(func.count()).where(theirs)).scalar_one()
            digits = digits_of_blocks(reviews)
            block = r.article_id if digits is None else _first_digits(digits)
            wanted = select(block, func.count(r.article_id.distinct()), *map(func.sum, sums))
            rows = connection.execute(
                wanted.where(theirs).group_by(block).order_by(block)
            ).fetchall()
        articles = sum(row[1] for row in rows)
        return ReviewOverlaps(reviews, articles, tuple(_overlap(row[2:]) for row in rows))

    def overlaps(self) -> dict[tuple[str, str], PipelineOverlap]:
        """Each finished review (article, reviewer) that is compared with the pipeline."""
        r = t.review.c
        sums = (r.same_entities, r.marked_entities, r.same_claims, r.marked_claims)
        wanted = select(r.article_id, r.reviewer, *sums)
        wanted = wanted.where(r.same_entities.is_not(None), of_no_check())
        with self.database.reading() as connection:
            return {(row[0], row[1]): _overlap(row[2:]) for row in connection.execute(wanted)}

    def dropped_suggestions(self) -> int:
        """The number of suggestions in the newest sets dropped for unknown labels."""
        sets = t.suggestion_set.c
        newest = select(func.max(sets.id)).where(sets.comparison.is_(None))
        newest = newest.group_by(sets.article_id)
        with self.database.reading() as connection:
            total = connection.execute(select(func.sum(sets.dropped)).where(sets.id.in_(newest)))
            return int(total.scalar() or 0)

    def suggesters(self) -> tuple[SuggesterWork, ...]:
        """What came of the suggestions of each suggester; empty without suggesters."""
        with self.database.reading() as connection:
            return suggester_work(connection)

    def carried_counts(self) -> CarriedCounts:
        """Counts of reviews with carried decisions, carried decisions, and others by reason."""
        c = t.carried.c
        came = func.sum(case((c.carried_to.is_not(None), 1), else_=0))
        with self.database.reading() as connection:
            reviews, over = connection.execute(
                select(func.count(c.review_id.distinct()), came)
            ).one()
            reasons = connection.execute(
                select(c.reason, func.count())
                .where(c.carried_to.is_(None))
                .group_by(c.reason)
                .order_by(func.count().desc(), c.reason)
            ).all()
        return CarriedCounts(reviews, over or 0, dict(reasons))

    def alike_count(self) -> int:
        """The number of pairs of near-duplicates."""
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(t.likeness)).scalar_one()


def _done() -> Select[Any]:
    """Ids of the reviews with decisions."""
    r = t.review.c
    return select(r.id).where(r.kind == REVIEW, r.last_seq > 0, of_no_check()).order_by(r.id)


def _done_review(
    row: Row[*tuple[Any, ...]], spent: Row[*tuple[Any, ...]], *, is_hidden: bool
) -> DoneReview:
    keys, seconds = spent[1:]
    work = Work(
        row.reviewer,
        articles=1,
        one_by_one=row.one_by_one,
        in_bulk=row.in_bulk,
        keys=int(keys),
        seconds=float(seconds),
        finished=int(row.finished_at is not None),
    )
    return DoneReview(
        row.article_id,
        row.finished_at or row.opened_at,
        work,
        row.assisted,
        None if row.fates is None or is_hidden else fates_from_rows(row.fates),
        is_hidden,
    )


# Built once: building a statement takes longer than executing it.
_R, _D = t.review.c, t.decision.c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_DONE = (
    select(
        *(_R.id, _R.article_id, _R.reviewer, _R.opened_at, _R.finished_at),
        *(_R.one_by_one, _R.in_bulk, _R.assisted, _R.fates),
    )
    .where(_R.id.in_(_IDS))
    .order_by(_R.id)
)
_A = t.article.c
_NAMED = select(_A.listed_as, _A.title, _A.origin).where(_A.id == bindparam("id"))
_SPENT = (
    select(_D.review_id, func.sum(_D["keys"]), func.sum(_D.seconds))
    .where(_D.review_id.in_(_IDS))
    .group_by(_D.review_id)
)


def _first_digits(digits: int) -> ColumnElement[str]:
    """The first digits of the id of a review's article. As a parameter, their number would make
    PostgreSQL take the expression and its group for two."""
    return func.substr(t.review.c.article_id, literal_column("1"), literal_column(str(digits)))


def _overlap(sums: Iterable[int]) -> PipelineOverlap:
    same_entities, marked_entities, same_claims, marked_claims = map(int, sums)
    return PipelineOverlap(
        Overlap(same_entities, marked_entities), Overlap(same_claims, marked_claims)
    )
