"""Statistics of decisions: by reviewer, by string, and of carried ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, exists, func, or_, select, true

from annotator.core.decisions import Kind
from annotator.core.reviewing.projection import GROUP
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database
from annotator.store.sql.row_mapping import SURFACE_LENGTH
from annotator.store.values import CarriedCounts, Work

_HISTORY = 1000


class Statistics:
    """Counts over all reviews."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def work(self) -> tuple[Work, ...]:
        """The work of each reviewer, by name."""
        r, d, carried = t.review.c, t.decision.c, t.carried.c
        spent = (
            select(
                d.review_id,
                func.sum(d["keys"]).label("pressed"),
                func.sum(d.seconds).label("seconds"),
            )
            .group_by(d.review_id)
            .subquery()
        )
        given = (
            select(carried.review_id, func.count().label("many"))
            .where(carried.carried_to.is_not(None))
            .group_by(carried.review_id)
            .subquery()
        )
        items = r.total - r.open - func.coalesce(given.c.many, 0)
        query = (
            select(
                r.reviewer,
                func.count(),
                func.sum(case((items > 0, items), else_=0)),
                func.sum(spent.c.pressed),
                func.sum(spent.c.seconds),
            )
            .select_from(t.review)
            .join(spent, spent.c.review_id == r.id)
            .outerjoin(given, given.c.review_id == r.id)
            .where(r.kind != "import")
            .group_by(r.reviewer)
            .order_by(r.reviewer)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).fetchall()
        return tuple(
            Work(name, articles, int(items), int(keys), float(seconds))
            for name, articles, items, keys, seconds in rows
        )

    def dropped_suggestions(self) -> int:
        """The number of suggestions in the newest sets dropped for unknown labels."""
        sets = t.suggestion_set.c
        newest = select(func.max(sets.id)).group_by(sets.article_id)
        with self.database.reading() as connection:
            total = connection.execute(select(func.sum(sets.dropped)).where(sets.id.in_(newest)))
            return int(total.scalar() or 0)

    def history(self, surface: str, *, besides: tuple[str, str] | None = None) -> Mapping[str, int]:
        """How often this string is accepted, corrected or added with each label, by any reviewer,
        in its last thousand decisions. Carried decisions count only in the earlier text. `besides`
        is an article and an item in it to leave out."""
        d, later, undo = t.decision, t.decision.alias("later"), t.decision.alias("undo")
        kinds = [Kind.ACCEPT.value, Kind.CORRECT.value, Kind.ADD.value]
        deciding = [*kinds, Kind.REJECT.value]
        stands = _last_undo(undo, d).is_distinct_from(Kind.WITHDRAW.value)
        again = t.decision.alias("again")
        replaced = exists().where(
            later.c.review_id == d.c.review_id,
            later.c.target == d.c.target,
            later.c.seq > d.c.seq,
            later.c.kind.in_(deciding),
            _last_undo(again, later).is_distinct_from(Kind.WITHDRAW.value),
        )
        wanted = (
            select(d.c.label)
            .where(d.c.surface == surface[:SURFACE_LENGTH], d.c.kind.in_(kinds), stands, ~replaced)
            .where(d.c.group.not_like(f"{GROUP}%"))
            .where(true() if besides is None else _is_not(d, *besides))
            .order_by(d.c.number.desc())
            .limit(_HISTORY)
        )
        counts: dict[str, int] = {}
        with self.database.reading() as connection:
            for label in connection.execute(wanted).scalars():
                counts[label] = counts.get(label, 0) + 1
        return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))

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


def _is_not(decision: FromClause, article: str, item: str) -> ColumnElement[bool]:
    """The condition that a decision concerns another item than this one."""
    of_article = select(t.review.c.id).where(t.review.c.article_id == article)
    d = decision.c
    return or_(d.target.is_distinct_from(item), d.review_id.not_in(of_article))


def _last_undo(undo: Any, d: Any) -> Any:
    """The last withdraw or restore of the group of decision `d`; null if none."""
    return (
        select(undo.c.kind)
        .where(
            undo.c.review_id == d.c.review_id,
            undo.c.target == d.c.group,
            undo.c.kind.in_([Kind.WITHDRAW.value, Kind.RESTORE.value]),
        )
        .order_by(undo.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
