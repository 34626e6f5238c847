"""Reads long lists page by page, so that transactions stay short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, or_, select

from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks


def in_pages(database: Database, ids: Select[Any], size: int) -> Iterator[Sequence[Any]]:
    """The ids that `ids` selects, in pages of `size`."""
    with database.reading() as connection:
        found = connection.execute(ids).scalars().all()
    yield from chunks(found, size)


def from_outlet(outlet: str) -> Select[Any]:
    """Ids of articles from an outlet, and of all with several origins.

    Databases differ in how they query JSON lists, so the few with a list are filtered afterwards.
    """
    c = t.article.c
    return select(c.id).where(or_(c.outlet == outlet, cast(c.also_from, Text) != "[]"))
