"""The place of each story in the queue, kept with its articles: the number of its newest one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select, update

from annotator.core.across.story_log import Stories
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks


def keep_places(connection: Connection, before: Stories, after: Stories) -> None:
    """Keep the places of the stories that have other articles than before."""
    moved = {
        article
        for article in {*before.of_article, *after.of_article}
        if before.of_article.get(article) != after.of_article.get(article)
    }
    if not moved:
        return
    told = (stories.of_article.get(article) for stories in (before, after) for article in moved)
    named = {story for story in told if story is not None}
    members = [id for story in named if story in after.named for id in after.named[story].articles]
    _keep(connection, after.of_article, {*moved, *members})


def _keep(connection: Connection, story_of: Mapping[str, str], articles: Iterable[str]) -> None:
    """Write the places of these articles; all articles of their stories are among them."""
    a = t.article.c
    numbers: dict[str, int] = {}
    for some in chunks(sorted(articles)):
        rows = connection.execute(select(a.id, a.number).where(a.id.in_(some)))
        numbers |= {row.id: row.number for row in rows}
    newest: dict[str, int] = {}
    for article, number in numbers.items():
        story = story_of.get(article)
        if story is not None:
            newest[story] = max(number, newest.get(story, 0))
    if numbers:
        one = update(t.article).where(a.id == bindparam("of")).values(story_place=bindparam("at"))
        places = [
            {"of": article, "at": newest.get(story_of.get(article, ""))} for article in numbers
        ]
        connection.execute(one, places)
