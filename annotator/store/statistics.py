"""Statistics of decisions: by reviewer, by string, and of carried ones."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, case, func, literal_column, select

from annotator.core.anchoring import Overlap, PipelineOverlap, ReviewOverlaps, digits_of_blocks
from annotator.store.listing.check_slots import of_no_check
from annotator.store.reviewing.suggester_work import suggester_work
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database
from annotator.store.values import ADJUDICATION, REVIEW, CarriedCounts, SuggesterWork, Work


class Statistics:
    """Counts over all reviews but those of checks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def work(self) -> tuple[Work, ...]:
        """The work of each reviewer on reviews, by name; adjudications are counted apart."""
        r, d = t.review.c, t.decision.c
        spent = (
            select(
                d.review_id,
                func.sum(d["keys"]).label("pressed"),
                func.sum(d.seconds).label("seconds"),
            )
            .group_by(d.review_id)
            .subquery()
        )
        query = (
            select(
                r.reviewer,
                func.count(),
                func.sum(r.one_by_one),
                func.sum(r.in_bulk),
                func.sum(spent.c.pressed),
                func.sum(spent.c.seconds),
            )
            .select_from(t.review)
            .join(spent, spent.c.review_id == r.id)
            .where(r.kind == REVIEW, of_no_check())
            .group_by(r.reviewer)
            .order_by(r.reviewer)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).fetchall()
        return tuple(
            Work(name, articles, int(alone), int(in_bulk), int(keys), float(seconds))
            for name, articles, alone, in_bulk, keys, seconds in rows
        )

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


def _first_digits(digits: int) -> ColumnElement[str]:
    """The first digits of the id of a review's article. As a parameter, their number would make
    PostgreSQL take the expression and its group for two."""
    return func.substr(t.review.c.article_id, literal_column("1"), literal_column(str(digits)))


def _overlap(sums: Iterable[int]) -> PipelineOverlap:
    same_entities, marked_entities, same_claims, marked_claims = map(int, sums)
    return PipelineOverlap(
        Overlap(same_entities, marked_entities), Overlap(same_claims, marked_claims)
    )
