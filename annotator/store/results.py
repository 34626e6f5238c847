"""What became of articles: finished reviews, articles nobody looked at, decisions on a string."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Function,
    Select,
    Text,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)

from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.carry import GROUP
from annotator.core.decisions import Kind
from annotator.core.record import PipelineId
from annotator.errors import ArticleDamaged
from annotator.store import columns as t
from annotator.store.damage import Told, of_article, told_or_raised
from annotator.store.database import Database, chunks
from annotator.store.rows import (
    ARTICLE_COLUMNS,
    SURFACE_LENGTH,
    article_from_row,
    items_from_rows,
    newest_suggestions,
    pipeline_of,
)
from annotator.store.stored_review import StoredReview, read_review
from annotator.store.values import OpenedReview, Stage, Work

_HISTORY = 1000


class Results:
    """The part of the store that export and statistics use."""

    database: Database

    def finished(
        self,
        *,
        reviewer: str | None = None,
        since: datetime | None = None,
        outlet: str | None = None,
        damaged: Told | None = None,
    ) -> Iterator[OpenedReview]:
        """Finished reviews, ordered by article id, then reviewer; one after the other is read.

        `since` leaves out what was finished before, `outlet` what did not come from this one.
        Their decisions come without what was there before them. Articles that cannot be read are
        told to `damaged`, and left out; without it they are an error.
        """
        c = t.review.c
        ids = select(c.id).where(c.finished_at.is_not(None)).order_by(c.article_id, c.reviewer)
        if reviewer is not None:
            ids = ids.where(c.reviewer == reviewer)
        if since is not None:
            ids = ids.where(c.finished_at >= since)
        if outlet is not None:
            ids = ids.where(c.article_id.in_(_from_outlet(outlet)))
        for some in self._in_pages(ids, 20):
            finished = select(t.review).where(c.id.in_(some), c.finished_at.is_not(None))
            for opened in self._reviews(finished.order_by(c.article_id, c.reviewer), damaged):
                if outlet is None or opened.article.is_from(outlet):
                    yield opened

    def finished_mark(self) -> tuple[int, ...]:
        """Something that is another whenever a review was finished, taken up again or purged.

        It may also be another where nothing of that happened. On SQLite it costs next to nothing to
        ask, however many reviews there are.
        """
        stones = select(func.count()).select_from(t.stone).scalar_subquery()
        if self.database.is_sqlite:
            newest: Function[int] = func.max(t.decision.c.number)
        else:
            # There decisions may appear in another order than they were numbered in. Their count
            # grows with each; only a purge makes it less, and that leaves a stone.
            newest = func.sum(t.review.c.last_seq)
        mark = select(func.coalesce(newest, 0), stones)
        with self.database.reading() as connection:
            return tuple(map(int, connection.execute(mark).one()))

    def finished_keys(self) -> dict[tuple[str, str], int]:
        """For each finished review (article id, reviewer), the number of its last decision."""
        c = t.review.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(c.article_id, c.reviewer, c.last_seq).where(c.finished_at.is_not(None))
            )
            return {(article_id, reviewer): seq for article_id, reviewer, seq in rows}

    def unreviewed(
        self,
        *,
        since: datetime | None = None,
        outlet: str | None = None,
        damaged: Told | None = None,
    ) -> Iterator[tuple[Article, tuple[Item, ...], PipelineId | None]]:
        """Ready articles on which nobody has decided anything, with their newest suggestions,
        ordered by id.

        `since` leaves out what was taken in before, `outlet` what did not come from this one;
        `damaged` is told of articles that cannot be read, as in `finished`.
        """
        c, review = t.article.c, t.review.c
        decided = exists().where(review.article_id == c.id, review.last_seq > 0)
        ids = select(c.id).where(c.stage == Stage.READY.value, ~decided).order_by(c.id)
        if since is not None:
            ids = ids.where(c.received >= since)
        if outlet is not None:
            ids = ids.where(c.id.in_(_from_outlet(outlet)))
        for some in self._in_pages(ids, 50):
            for article_id in some:
                try:
                    found = self._untouched(article_id)
                except ArticleDamaged as error:
                    told_or_raised(error, damaged)
                    continue
                if found is not None and (outlet is None or found[0].is_from(outlet)):
                    yield found

    def work(self) -> tuple[Work, ...]:
        """What each reviewer has done so far, by name."""
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
        """How many suggestions of the newest sets had labels that the scheme does not know."""
        sets = t.suggestion_set.c
        newest = select(func.max(sets.id)).group_by(sets.article_id)
        with self.database.reading() as connection:
            total = connection.execute(select(func.sum(sets.dropped)).where(sets.id.in_(newest)))
            return int(total.scalar() or 0)

    def history(self, surface: str, *, besides: tuple[str, str] | None = None) -> Mapping[str, int]:
        """How often this string stands as accepted, corrected or added with each label, whoever
        said so; looks at its last thousand decisions. What was carried over from an earlier text
        counts there. `besides` names an article and an item in it that are left out."""
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

    def _reviews(self, wanted: Select[Any], damaged: Told | None) -> Iterator[OpenedReview]:
        """These reviews, read in one transaction."""
        read: list[StoredReview] = []
        with self.database.reading() as connection:
            for row in connection.execute(wanted).fetchall():
                try:
                    read.append(read_review(connection, row, before=False))
                except ArticleDamaged as error:
                    told_or_raised(error, damaged)
        for one in read:
            try:
                opened = one.opened()
            except ArticleDamaged as error:
                told_or_raised(error, damaged)
            else:
                yield opened

    def _untouched(
        self, article_id: str
    ) -> tuple[Article, tuple[Item, ...], PipelineId | None] | None:
        """An article with its newest suggestions; None if it is gone by now."""
        with of_article(article_id):
            with self.database.reading() as connection:
                row = connection.execute(
                    select(*ARTICLE_COLUMNS).where(t.article.c.id == article_id)
                ).first()
                suggested = newest_suggestions(connection, article_id)
            if row is None:
                return None
            items = items_from_rows(suggested.items) if suggested else ()
            return article_from_row(row), items, pipeline_of(suggested)

    def _in_pages(self, ids: Select[Any], size: int) -> Iterator[Sequence[Any]]:
        with self.database.reading() as connection:
            found = connection.execute(ids).scalars().all()
        yield from chunks(found, size)


def _is_not(decision: FromClause, article: str, item: str) -> ColumnElement[bool]:
    """Whether a decision is about another item than this one of an article."""
    of_article = select(t.review.c.id).where(t.review.c.article_id == article)
    d = decision.c
    return or_(d.target.is_distinct_from(item), d.review_id.not_in(of_article))


def _from_outlet(outlet: str) -> Select[Any]:
    """Ids of articles that came from an outlet, and of all that came in more than once.

    Databases differ in how they look into lists; the few that have one are looked at afterwards.
    """
    c = t.article.c
    return select(c.id).where(or_(c.outlet == outlet, cast(c.also_from, Text) != "[]"))


def _last_undo(undo: Any, d: Any) -> Any:
    """Whether the group of decision `d` was last withdrawn or restored; null if neither."""
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
