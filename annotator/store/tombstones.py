"""What is left of purged articles: they do not come back by themselves."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from annotator.store import columns as t
from annotator.store.database import chunks

HINT = "Its words were removed for good. If it must come back, change a word: it is a new article."


def why_purged(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """For each of these articles that was purged, a sentence that says when and by whom."""
    c = t.stone.c
    found: dict[str, str] = {}
    for some in chunks(dict.fromkeys(ids)):
        for row in connection.execute(
            select(c.article_id, c.at, c.by).where(c.article_id.in_(some))
        ):
            found[row.article_id] = f"This article was purged on {row.at:%Y-%m-%d} by {row.by}."
    return found
