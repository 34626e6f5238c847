"""Which suggestion sets hold which forms: written with the sets, read to count pending articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select

from annotator.core.memory.entries import form_of
from annotator.core.memory.known import Known
from annotator.core.memory.recall import Recalling, is_changed
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.values import PendingChanges, Stage

MOST_COUNTED = 10_000
"""The most sets examined in one count."""
_AT_ONCE = 200


def index_sets(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    opinions: Mapping[str, Sequence[Mapping[str, Any]]] = MappingProxyType({}),
) -> dict[str, int]:
    """Index the newest set of each article in `rows`, rows of `suggestion_set` just inserted, with
    the opinions on it, rows of `opinion` by article; returns the id of each article's set."""
    c = t.suggestion_set.c
    ids: dict[str, int] = {}
    newest = select(c.article_id, func.max(c.id)).group_by(c.article_id)
    for some in chunks(row["article_id"] for row in rows):
        found = connection.execute(newest.where(c.article_id.in_(some)))
        ids |= {row.article_id: row[1] for row in found}
    said = {
        article: [item for one in own for item in one["items"]] for article, own in opinions.items()
    }
    _index(
        connection,
        [
            (ids[id], [*row["items"], *said.get(id, ())])
            for row in rows
            for id in [row["article_id"]]
        ],
    )
    return ids


def index_everything(connection: Connection) -> None:
    """Index the newest sets of all articles that nobody has opened, some at a time."""
    connection.execute(delete(t.suggested_form))
    last, c = 0, t.suggestion_set.c
    while True:
        wanted = select(c.id, c["items"]).where(c.id > last, _is_pending())
        rows = connection.execute(wanted.order_by(c.id).limit(_AT_ONCE)).fetchall()
        if not rows:
            return
        _index(connection, [(row.id, [*row.items, *_opinions(connection, row.id)]) for row in rows])
        last = rows[-1].id


def _opinions(connection: Connection, set_id: int) -> Iterator[Mapping[str, Any]]:
    """The items of the opinions beside a set."""
    c = t.opinion.c
    for items in connection.execute(select(c["items"]).where(c.set_id == set_id)).scalars():
        yield from items


def forget_sets(connection: Connection, article_id: str) -> None:
    """Remove the sets of an article from the index; reads all of it."""
    c = t.suggestion_set.c
    theirs = select(c.id).where(c.article_id == article_id)
    connection.execute(delete(t.suggested_form).where(t.suggested_form.c.set_id.in_(theirs)))


def pending_articles(
    connection: Connection, memory: Mapping[str, Known], recalling: Recalling
) -> PendingChanges:
    """How many articles that nobody has opened hold a suggestion that these entities' statistics
    change. Looks at `MOST_COUNTED` sets."""
    held: set[int] = set()
    for form, known in memory.items():
        held.update(_sets_changed(connection, form, known, recalling))
        if len(held) >= MOST_COUNTED:
            break
    c = t.suggestion_set.c
    count = select(func.count(c.article_id.distinct())).where(_is_pending())
    articles = sum(
        connection.execute(count.where(c.id.in_(some))).scalar_one() for some in chunks(held)
    )
    return PendingChanges(articles, is_complete=len(held) < MOST_COUNTED)


def _sets_changed(
    connection: Connection, form: str, known: Known, recalling: Recalling
) -> Iterator[int]:
    c = t.suggested_form.c
    here = c.key == key_of(form)
    for label in connection.execute(select(c.label).where(here).distinct()).scalars().all():
        if is_changed(known, label, recalling):
            wanted = select(c.set_id).where(here, c.label == label).limit(MOST_COUNTED)
            yield from connection.execute(wanted).scalars()


def key_of(form: str) -> int:
    """The number that stands for a form in the index."""
    return int.from_bytes(blake2b(form.encode(), digest_size=8).digest(), signed=True)


def _index(connection: Connection, sets: Iterable[tuple[int, Iterable[Mapping[str, Any]]]]) -> None:
    rows = [
        {"key": key_of(form), "label": label, "set_id": set_id}
        for set_id, items in sets
        for form, label in {
            (form_of(item["text"]), item["label"]) for item in items if "label" in item
        }
        if form
    ]
    if rows:
        connection.execute(insert(t.suggested_form), rows)


def _is_pending() -> Any:
    """Whether a set is the newest of an article that is ready and that nobody has opened."""
    c, a = t.suggestion_set.c, t.article.c
    later = t.suggestion_set.alias("later").c
    ready = exists().where(a.id == c.article_id, a.stage == Stage.READY.value, a.reviews == 0)
    newer = exists().where(
        later.article_id == c.article_id, later.id > c.id, later.base_id.is_(None)
    )
    return ready & ~newer & c.base_id.is_(None)
