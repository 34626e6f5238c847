"""Long lists of rows, read a page at a time, so that no transaction lasts as long as the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, or_, select

from annotator.store import columns as t
from annotator.store.database import Database, chunks


def in_pages(database: Database, ids: Select[Any], size: int) -> Iterator[Sequence[Any]]:
    """What `ids` selects now, `size` at a time."""
    with database.reading() as connection:
        found = connection.execute(ids).scalars().all()
    yield from chunks(found, size)


def from_outlet(outlet: str) -> Select[Any]:
    """Ids of articles that came from an outlet, and of all that came in more than once.

    Databases differ in how they look into lists; the few that have one are looked at afterwards.
    """
    c = t.article.c
    return select(c.id).where(or_(c.outlet == outlet, cast(c.also_from, Text) != "[]"))
