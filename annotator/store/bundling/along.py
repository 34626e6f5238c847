"""What a bundle takes along: articles with their suggestions and reviews, held where they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select, update

from annotator.core.adjudicating.compared_rows import comparison_from_dict
from annotator.core.bundled import BundledArticle, BundledOpinion, BundledReview, BundledSet
from annotator.core.memory.recall import Recalling
from annotator.errors import LeaseLost
from annotator.store.reviewing.second_opinions import opinions_beside
from annotator.store.reviewing.stored_review import read_review
from annotator.store.reviewing.taking import (
    OpeningTerms,
    is_no_adjudication,
    not_found,
    remove_empty,
    review_row,
    take_up,
)
from annotator.store.sql import columns as t
from annotator.store.sql.damage import of_article
from annotator.store.sql.row_mapping import (
    ARTICLE_COLUMNS,
    article_from_row,
    items_from_rows,
    newest_suggestions,
    pipeline_of,
    suggesters_of,
)


class Taking(StrEnum):
    """How a review goes along: its article is held from now on, was held already, or is not held,
    because the review is finished or came in a bundle itself."""

    HELD = "held"
    AGAIN = "again"
    ALONG = "along"


def take_along(
    connection: Connection,
    article_id: str,
    reviewer: str,
    terms: OpeningTerms,
    recalling: Recalling | None,
) -> Taking:
    """Open a review and hold its article for the bundle. What somebody has decided goes along
    whoever holds the article.

    Raises LeaseLost, naming the others, if they hold or have finished the article, and StoreError.
    """
    row = review_row(connection, article_id, reviewer, lock=True)
    if row is not None and (row.finished_at or came_in_a_bundle(row)):
        return Taking.ALONG
    if row is None and _has_adjudicated(connection, article_id, reviewer):
        return Taking.ALONG
    try:
        taken = take_up(connection, article_id, reviewer, terms, recalling)
    except LeaseLost:
        if row is None or row.last_seq == 0:
            raise
        return Taking.ALONG
    until = taken.read.row.leased_until
    values = {"taken_at": terms.now, "taken_until": until}
    here = t.review.c.id == taken.read.row.id
    connection.execute(update(t.review).where(here).values(values))
    return Taking.HELD if row is None or row.taken_at is None else Taking.AGAIN


def _has_adjudicated(connection: Connection, article_id: str, reviewer: str) -> bool:
    row = review_row(connection, article_id, reviewer, adjudicates=True)
    return row is not None and row.last_seq > 0


def end_taking(connection: Connection, article_id: str, reviewer: str) -> bool:
    """Free an article that was taken along; returns whether it was. Its bundle can still come
    home."""
    row = review_row(connection, article_id, reviewer, lock=True)
    if row is None or row.taken_until is None:
        return False
    if row.last_seq == 0:
        remove_empty(connection, row)
        return True
    free = {"taken_at": None, "taken_until": None}
    if row.leased_until == row.taken_until:
        free["leased_until"] = None
    connection.execute(update(t.review).where(t.review.c.id == row.id).values(free))
    return True


def came_in_a_bundle(row: Row[Any]) -> bool:
    """Whether a review came here in a bundle."""
    return row.taken_at is not None and row.taken_until is None


def taken_along(
    connection: Connection, reviewers: Sequence[str] | None = None
) -> list[tuple[str, str, datetime, datetime]]:
    """The articles and reviewers of bundles that left here, with the times when they did, and when
    the articles are free again; in the order in which they left."""
    c = t.review.c
    wanted = select(c.article_id, c.reviewer, c.taken_at, c.taken_until).where(
        c.taken_until.is_not(None)
    )
    if reviewers is not None:
        wanted = wanted.where(c.reviewer.in_(reviewers))
    rows = connection.execute(wanted.order_by(c.taken_at, c.article_id, c.reviewer))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def decided_of_bundles(connection: Connection, reviewers: Sequence[str]) -> list[str]:
    """The articles that came here in bundles and on which one of these has decided something."""
    c, came = t.review.c, t.review.alias("came").c
    from_elsewhere = exists().where(
        came.article_id == c.article_id, came.taken_at.is_not(None), came.taken_until.is_(None)
    )
    wanted = select(c.article_id).where(c.reviewer.in_(reviewers), c.last_seq > 0, from_elsewhere)
    return list(connection.execute(wanted.distinct().order_by(c.article_id)).scalars())


def others_of_bundles(connection: Connection, reviewers: Sequence[str]) -> dict[str, int]:
    """How many reviews others have decided on, of the articles that came here in bundles."""
    c, came = t.review.c, t.review.alias("came").c
    from_elsewhere = exists().where(
        came.article_id == c.article_id, came.taken_at.is_not(None), came.taken_until.is_(None)
    )
    wanted = (
        select(c.reviewer, func.count())
        .where(and_(c.reviewer.not_in(reviewers), c.last_seq > 0, from_elsewhere))
        .group_by(c.reviewer)
        .order_by(c.reviewer)
    )
    return {name: int(number) for name, number in connection.execute(wanted)}


def read_along(connection: Connection, article_id: str, reviewers: Iterable[str]) -> BundledArticle:
    """An article as a bundle holds it, with the reviews of these reviewers only.

    Raises ArticleNotFound if it is gone, and ArticleDamaged.
    """
    a, r = t.article.c, t.review.c
    with of_article(article_id):
        row = connection.execute(
            select(*ARTICLE_COLUMNS, a.received, a.supersedes).where(a.id == article_id)
        ).first()
        if row is None:
            raise not_found(connection, article_id)
        own = and_(r.article_id == article_id, r.reviewer.in_([*reviewers]))
        begun = or_(is_no_adjudication(), r.last_seq > 0)
        wanted = select(t.review).where(own, begun).order_by(r.reviewer, r.opened_at, r.id)
        reviews = connection.execute(wanted).fetchall()
        sets = _sets(connection, article_id, reviews)
        places = {one.id: place for place, one in enumerate(sets)}
        return BundledArticle(
            article_from_row(row),
            row.received,
            tuple(_set(connection, one, places) for one in sets),
            tuple(_review(connection, one, places) for one in reviews),
            row.supersedes,
        )


def _sets(connection: Connection, article_id: str, reviews: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The newest set and those of the reviews, each after the one that it was made from."""
    newest = newest_suggestions(connection, article_id)
    ids = {one.suggestion_set_id for one in reviews} | {newest.id if newest else None}
    c = t.suggestion_set.c
    own = ids - {None}
    bases = select(c.base_id).where(c.id.in_(own), c.base_id.is_not(None))
    every = own | {*connection.execute(bases).scalars()}
    found = select(t.suggestion_set).where(c.id.in_(every)).order_by(c.id)
    return list(connection.execute(found).fetchall())


def _set(connection: Connection, row: Row[Any], places: dict[int, int]) -> BundledSet:
    return BundledSet(
        pipeline_of(row),
        row.at,
        items_from_rows(row.items),
        row.dropped,
        places.get(row.base_id),
        suggesters_of(row),
        tuple(
            BundledOpinion(one.opinion, one.pipeline, one.dropped, one.problem)
            for one in opinions_beside(connection, row.id)
        ),
        None
        if row.comparison is None
        else comparison_from_dict(row.comparison, items_from_rows(row.items)),
    )


def _review(connection: Connection, row: Row[Any], places: dict[int, int]) -> BundledReview:
    return BundledReview(
        row.reviewer,
        row.kind,
        row.opened_at,
        row.assisted,
        places.get(row.suggestion_set_id),
        read_review(connection, row).review().decisions,
    )


def free_of(row: Row[Any]) -> dict[str, Any]:
    """The columns of a review that has come home: its article is free, or held as before."""
    if row.taken_until is None:
        return {}
    return {"taken_at": None, "taken_until": None, "leased_until": None}
