"""The stories in a queue that is grouped by them: how many articles of each are listed."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from annotator.store.listing.queue_view import QueueConditions
from annotator.store.sql import columns as t


def story_sizes(connection: Connection, listed: QueueConditions) -> tuple[tuple[str, int], ...]:
    """One article of each story with listed articles, and their number, in the order by story.

    Only articles in stories are read.
    """
    c = t.article.c
    sizes = (
        select(func.min(c.id), func.count())
        .where(c.story_place.is_not(None), listed.lists())
        .group_by(c.story_place)
        .order_by(c.story_place.desc())
    )
    return tuple((article, number) for article, number in connection.execute(sizes))
