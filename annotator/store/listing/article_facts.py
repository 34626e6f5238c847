"""What lists say of an article, kept beside it: its name, its length, whether it was set aside."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.exc import DBAPIError

from annotator.core.text.lead import count_words, listed_as
from annotator.errors import ArticleDamaged
from annotator.store.listing.set_aside import set_aside_now
from annotator.store.reviewing.stored_review import read_review
from annotator.store.sql import columns as t
from annotator.store.sql.damage import HOW_DAMAGE_SHOWS, of_article
from annotator.store.sql.row_mapping import ARTICLE_COLUMNS, article_from_row, review_to_cache

Progress = Callable[[int, int], None]
_AT_ONCE = 500
_log = logging.getLogger(__name__)


def describe_everything(connection: Connection, progress: Progress | None = None) -> None:
    """Compute what earlier versions did not keep: names and lengths of all articles, whether they
    were set aside, the notes of reviews. Damaged articles are skipped.

    `progress` is called with (done, total).
    """
    connection.execute(
        update(t.article).where(t.article.c.finished > 0).values(set_aside=set_aside_now())
    )
    _describe_articles(connection, progress)
    _count_notes(connection)


def _describe_articles(connection: Connection, progress: Progress | None) -> None:
    c = t.article.c
    total = connection.execute(select(func.count()).select_from(t.article)).scalar_one()
    done, last = 0, -1
    while True:
        wanted = select(c.number, c.id).where(c.number > last).order_by(c.number).limit(_AT_ONCE)
        rows = connection.execute(wanted).fetchall()
        if not rows:
            return
        _describe(connection, [row.number for row in rows])
        done, last = done + len(rows), rows[-1].number
        if progress is not None:
            progress(done, total)


def _describe(connection: Connection, numbers: list[int]) -> None:
    """Describe the articles with these numbers; one by one where one of them cannot be read."""
    c = t.article.c
    wanted = select(c.number, *ARTICLE_COLUMNS).where(c.number.in_(numbers))
    try:
        articles = [
            (row.number, article_from_row(row)) for row in connection.execute(wanted).fetchall()
        ]
    except (*HOW_DAMAGE_SHOWS, DBAPIError):
        if len(numbers) > 1:
            for number in numbers:
                _describe(connection, [number])
        return
    said = [
        {"of": number, "name": listed_as(article), "length": count_words(article.text)}
        for number, article in articles
    ]
    if said:
        one = update(t.article).where(c.number == bindparam("of"))
        one = one.values(listed_as=bindparam("name"), words=bindparam("length"))
        connection.execute(one, said)


def _count_notes(connection: Connection) -> None:
    last, c = 0, t.review.c
    while True:
        wanted = select(t.review).where(c.id > last).order_by(c.id).limit(_AT_ONCE)
        rows = connection.execute(wanted).fetchall()
        if not rows:
            return
        for row in rows:
            try:
                with of_article(row.article_id):
                    review = read_review(connection, row, before=False).review()
            except ArticleDamaged as error:
                _log.warning("Its notes are not counted: %s", error.message)
                continue
            if notes := review_to_cache(review)["notes"]:
                connection.execute(update(t.review).where(c.id == row.id).values(notes=notes))
        last = rows[-1].id
