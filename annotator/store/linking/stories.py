"""Groups articles that belong together: revisions, near-duplicates, stories that people made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, select

from annotator.core.components import connected_components
from annotator.store.reviewing.sight import Sight
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.stories.story_store import StoryStore


def stories(database: Database) -> dict[str, str]:
    """Maps each linked article to the oldest article of its story.

    Links are revisions, near-duplicates, equal queue positions and the stories that people made,
    also through other articles.
    """
    oldest = connected_components(_links(database))
    ids: dict[int, str] = {}
    c = t.article.c
    with database.reading() as connection:
        for some in chunks(sorted(oldest)):
            rows = connection.execute(select(c.number, c.id).where(c.number.in_(some)))
            ids.update((number, article_id) for number, article_id in rows)
    # A purged article may have been the oldest; then the next oldest represents the story.
    speaks: dict[int, int] = {}
    for number in sorted(ids):
        speaks.setdefault(oldest[number], number)
    return {ids[number]: ids[speaks[oldest[number]]] for number in ids}


def _links(database: Database) -> Iterator[tuple[int, int]]:
    one, other, likeness = t.article, t.article.alias("other"), t.likeness
    wanted: tuple[Select[Any], ...] = (
        select(one.c.number, other.c.number).join(other, one.c.supersedes == other.c.id),
        select(one.c.number, other.c.number)
        .join(likeness, likeness.c.article_id == one.c.id)
        .join(other, likeness.c.other_id == other.c.id),
        select(one.c.number, one.c.place).where(one.c.place != one.c.number, one.c.place > 0),
    )
    for links in wanted:
        with database.reading() as connection:
            rows = connection.execute(links).fetchall()
        yield from ((row[0], row[1]) for row in rows)
    yield from _made_by_people(database)


def _made_by_people(database: Database) -> Iterator[tuple[int, int]]:
    """Each article of a story with the next one, by number."""
    c = t.article.c
    for story in StoryStore(database, Sight()).all().standing:
        numbers: list[int] = []
        with database.reading() as connection:
            for some in chunks(story.articles):
                numbers += connection.execute(select(c.number).where(c.id.in_(some))).scalars()
        yield from pairwise(sorted(numbers))
