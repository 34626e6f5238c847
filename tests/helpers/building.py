"""Short ways to prepare a store, through the store's own methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from annotator.core.annotations import Item
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, identity_of, title_line
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import Change
from annotator.core.record import PipelineId
from annotator.core.states import QueueFilter
from annotator.store.sql import columns
from annotator.store.store import Store
from annotator.store.values import OpenedReview, QueueRow, QueueView, Stage, Suggested
from tests.helpers.items import entity
from tests.helpers.strategies import stamped

NOW = datetime(2018, 12, 19, 9, 0, tzinfo=UTC)
PIPELINE = PipelineId("annotator-en", "1.0", "0123abcd")
TEXT = "Ada Low met Bo Marsh in Port Ellis.\n\nShe said nothing.\n"
HOLD = 600.0


def at(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def article(text: str = TEXT, *, name: str = "one.txt", part: str | None = None) -> Article:
    return Article(text, title=title_line(text), origin=Origin(name=name, part=part))


def arrival(path: str, *texts: str, inode: int = 1, now: datetime = NOW) -> Arrival:
    """A file with these articles; several make it a file of parts."""
    name = path.rpartition("/")[2]
    parts = [None] if len(texts) == 1 else [str(n + 1) for n in range(len(texts))]
    return Arrival(
        path,
        FileState(inode, sum(map(len, texts)), 1, 1),
        now,
        tuple(article(text, name=name, part=part) for text, part in zip(texts, parts, strict=True)),
    )


def waiting(store: Store, *texts: str) -> list[str]:
    """Articles taken in and not analysed yet; their ids."""
    arrivals = [arrival(f"/inbox/{identity_of(text)[:8]}.txt", text) for text in texts]
    store.files.take_in(arrivals)
    return [one.articles[0].id for one in arrivals]


def ready(store: Store, text: str = TEXT, items: Sequence[Item] | None = None) -> str:
    """An article with suggestions (by default two people and a place); its id."""
    if items is None:
        found = (("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Port Ellis", "GPE"))
        items = [entity(text, words, label) for words, label in found if words in text]
    (article_id,) = waiting(store, text)
    suggest(store, {article_id: items})
    return article_id


def suggest(store: Store, items: dict[str, Sequence[Item]]) -> int:
    """Make every waiting article ready, with these items or none."""
    leased = store.work.lease("worker", limit=1000, seconds=60, now=NOW)
    results = [Suggested(one.id, tuple(items.get(one.id, ())), "en") for one in leased]
    return store.work.attach("worker", results, PIPELINE, now=NOW)


def open_(
    store: Store,
    article_id: str,
    reviewer: str = "ada",
    *,
    now: datetime = NOW,
    reviews_per_article: int = 1,
) -> OpenedReview:
    return store.reviews.open(
        article_id,
        reviewer,
        now=now,
        lease_seconds=HOLD,
        plan=ReviewPlan(reviews_per_article),
    )


def press(
    store: Store, opened: OpenedReview, *changes: Change, now: datetime = NOW
) -> OpenedReview:
    """One key press in an open review, stored; the review after it."""
    made = stamped(changes, opened.review, at=now)
    store.reviews.append(made, text=opened.article.text)
    return OpenedReview(
        opened.article, opened.review.decide(*made), opened.pipeline, opened.started
    )


def row_of(store: Store, article_id: str, reviewer: str = "ada") -> QueueRow:
    """The queue's row of an article, which may be superseded."""
    views = QueueView(reviewer), QueueView(reviewer, state=QueueFilter.SUPERSEDED)
    rows = (row for view in views for row in store.queue.page(view, offset=0, limit=1000))
    return next(row for row in rows if row.id == article_id)


def stage_of(store: Store, article_id: str) -> Stage:
    """The stage of an article, listed or not."""
    with store.database.reading() as connection:
        wanted = select(columns.article.c.stage).where(columns.article.c.id == article_id)
        return Stage(connection.execute(wanted).scalar_one())


class WithId(Protocol):
    """Rows, leased articles and others that have an id."""

    @property
    def id(self) -> str: ...


def ids(rows: Iterable[WithId]) -> list[str]:
    return [row.id for row in rows]
