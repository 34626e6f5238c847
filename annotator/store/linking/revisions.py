"""Recognises revisions by page, and texts that a file returns to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, exists, or_, select, update

from annotator.core.article import Article
from annotator.core.reviewing.projection import GROUP
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.sql.row_mapping import page_of_article
from annotator.store.values import Stage


class NewestByPage:
    """The newest article of each page while a batch is stored."""

    def __init__(self, connection: Connection, pages: Iterable[str | None]) -> None:
        self._newest: dict[str, str] = {}
        c = t.article.c
        for some in chunks({page for page in pages if page is not None}):
            rows = connection.execute(
                select(c.url, c.id)
                .where(c.url.in_(some), c.stage != Stage.SUPERSEDED.value)
                .order_by(c.number)
            )
            self._newest |= dict(rows.all())

    def newest(self, page: str | None) -> str | None:
        """The last article of this page that is still in the queue."""
        return None if page is None else self._newest.get(page)

    def put(self, page: str | None, article_id: str) -> None:
        """Record the newest article of a page."""
        if page is not None:
            self._newest[page] = article_id


def shared_pages(articles: Iterable[Article]) -> frozenset[str | None]:
    """Pages named by several articles of one file: lists, not pages of one article."""
    counts = Counter(page_of_article(article) for article in {a.id: a for a in articles}.values())
    return frozenset(page for page, count in counts.items() if count > 1)


def common_lines(articles: Iterable[Article]) -> frozenset[str]:
    """Lines shared by several articles of one file: boilerplate of the outlet."""
    texts = {article.id: article.text for article in articles}.values()
    counts = Counter(line for text in texts for line in set(text.split("\n")))
    return frozenset(line for line, count in counts.items() if count > 1)


def without_lines(text: str, lines: Collection[str]) -> str:
    """`text` without `lines`; the whole text if nothing would be left."""
    kept = "\n".join(line for line in text.split("\n") if line not in lines)
    return kept if kept.strip() else text


def let_go(connection: Connection, ids: Iterable[str], is_gone: Callable[[str], bool]) -> None:
    """Unlink articles from removed files; a file that returns is read again."""
    c, source = t.source_article.c, t.source.c
    for some in chunks(ids):
        holding = connection.execute(select(c.path).where(c.article_id.in_(some)).distinct())
        gone = [path for path in holding.scalars() if is_gone(path)]
        for paths in chunks(gone):
            connection.execute(
                delete(t.source_article).where(c.path.in_(paths), c.article_id.in_(some))
            )
            connection.execute(update(t.source).where(source.path.in_(paths)).values(retry=True))


def has_been_decided(review: Any) -> Any:
    """Whether a review (its columns in a query) has a decision that was not carried over.

    Carried ones are also in the review of the earlier text.
    """
    d = t.decision.alias("own").c
    own = exists().where(d.review_id == review.id, d.group.not_like(f"{GROUP}%"))
    return (review.last_seq > 0) & own


def put_after(connection: Connection, article_id: str, last: str) -> None:
    """Make an article that its file returned to the revision of the one it replaces now.

    Its former revision is linked to its predecessor, to avoid a cycle.
    """
    c = t.article.c
    before = connection.execute(select(c.supersedes).where(c.id == article_id)).scalar()
    connection.execute(
        update(t.article).where(c.supersedes == article_id).values(supersedes=before)
    )
    connection.execute(update(t.article).where(c.id == article_id).values(supersedes=last))


def places_of(connection: Connection, ids: Iterable[str]) -> Mapping[str, int]:
    """The queue positions of articles."""
    c = t.article.c
    places: dict[str, int] = {}
    for some in chunks(dict.fromkeys(ids)):
        rows = connection.execute(select(c.id, c.place).where(c.id.in_(some)))
        places |= dict(rows.all())
    return places


def in_work(article: Any, review: Any, now: Any) -> Any:
    """Whether anybody has decided on an article or has it open."""
    return exists().where(
        review.article_id == article.id,
        or_(has_been_decided(review), review.leased_until > now),
    )
