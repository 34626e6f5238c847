"""Tombstones of purged articles, which prevent taking them in again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks

HINT = (
    "Its text was removed for good. To add it again, change a word, which makes it a new article."
)


def why_purged(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Maps each purged article among these to a sentence saying when and by whom."""
    c = t.stone.c
    found: dict[str, str] = {}
    for some in chunks(dict.fromkeys(ids)):
        for row in connection.execute(
            select(c.article_id, c.at, c.by).where(c.article_id.in_(some))
        ):
            found[row.article_id] = f"This article was purged on {row.at:%Y-%m-%d} by {row.by}."
    return found
