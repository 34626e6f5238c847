"""Merges suggestions with second opinions, and improves them by memory, when an article is opened.

Saving a decision does not change pending articles: the memory is looked up by form when needed, so
the cost of a decision does not depend on the number of pending articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, tuple_

from annotator.core.annotations import Item
from annotator.core.memory.entries import Subject
from annotator.core.memory.known import Form, Known, known_from_dict
from annotator.core.memory.recall import Recalling, forms_asked, heads_in, recall
from annotator.core.opinions import merged, once_each
from annotator.core.records.suggesters import SuggesterId, suggesters_to_list
from annotator.core.text.words import Words
from annotator.store.journal.chaining import suggestions_digest
from annotator.store.reviewing.carried_decisions import earlier_texts
from annotator.store.reviewing.remembering import forms_among, known_without
from annotator.store.reviewing.second_opinions import opinions_beside, suggester_of
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.sql.row_mapping import items_from_rows, items_to_rows, newest_suggestions


def with_memory(
    connection: Connection,
    article_id: str,
    text: str,
    items: tuple[Item, ...],
    recalling: Recalling | None,
) -> tuple[Item, ...]:
    """The suggestions for an article, improved by decisions on other articles.

    Decisions of others on the same article do not count, so that reviews are independent; nor do
    decisions on its earlier text, since they are carried over.
    """
    if recalling is None:
        return items
    memory = _known(connection, forms_asked(items, text), heads_in(text))
    if not memory:
        return items
    texts = (article_id, *earlier_texts(connection, article_id))
    reviews = connection.execute(
        select(t.review.c.id).where(t.review.c.article_id.in_(texts), t.review.c.last_seq > 0)
    )
    if own := reviews.scalars().all():
        shared = forms_among(connection, memory.keys(), own)
        memory |= known_without(connection, shared, own)
    return recall(items, Words(text), memory, recalling)


@dataclass(frozen=True, slots=True)
class Pinned:
    """The suggestions of a review, with the id and the digest of their set; without suggestions,
    there is no set."""

    set_id: int | None = None
    items: tuple[Item, ...] = ()
    digest: str | None = None


def pin(connection: Connection, article_id: str, recalling: Recalling | None) -> Pinned:
    """The suggestions for a new review of an article: those of the newest set, or of one made from
    it with the opinions beside it and by memory."""
    newest = newest_suggestions(connection, article_id)
    if newest is None:
        return Pinned()
    items = items_from_rows(newest.items)
    text = connection.execute(select(t.article.c.text).where(t.article.c.id == article_id))
    words = text.scalar_one()
    opinions = [one for one in opinions_beside(connection, newest.id) if one.problem is None]
    together = merged(items, [one.opinion for one in opinions])
    better = with_memory(connection, article_id, words, together, recalling)
    if opinions:  # two suggestions may now be the same
        better = once_each(better)
    same = {id(item) for item in items}
    if len(better) == len(items) and all(id(item) in same for item in better) and not opinions:
        return Pinned(newest.id, items, suggestions_digest(newest))
    made_of = [suggester_of(one) for one in opinions]
    set_id, digest = _put(connection, newest, items_to_rows(better, words), made_of)
    return Pinned(set_id, better, digest)


def unpin(connection: Connection, set_id: int | None) -> None:
    """Remove a set that was made for a review without decisions, once nothing refers to it."""
    c = t.suggestion_set.c
    connection.execute(
        delete(t.suggestion_set).where(
            c.id == set_id,
            c.base_id.is_not(None),
            c.id.not_in(
                select(t.review.c.suggestion_set_id).where(t.review.c.suggestion_set_id == set_id)
            ),
        )
    )


def known_forms(connection: Connection, forms: Iterable[Form]) -> dict[Form, Known]:
    """The statistics of these forms, as far as known."""
    c = t.memory_form.c
    found: dict[Form, Known] = {}
    for some in chunks(forms):
        asked = tuple_(c.subject, c.form).in_([(subject.value, form) for subject, form in some])
        found |= _read(connection, asked)
    return found


def _known(
    connection: Connection, forms: Iterable[Form], heads: Iterable[str]
) -> dict[Form, Known]:
    """The same, including sure names that begin with one of these words."""
    found = known_forms(connection, forms)
    for some in chunks(heads):
        found |= _read(connection, t.memory_form.c.head.in_(some))
    return found


def _read(connection: Connection, wanted: ColumnElement[bool]) -> dict[Form, Known]:
    c = t.memory_form.c
    rows = connection.execute(select(c.subject, c.form, c.known).where(wanted))
    return {(Subject(row.subject), row.form): known_from_dict(row.known) for row in rows}


def _put(
    connection: Connection,
    base: Row[Any],
    items: Sequence[dict[str, Any]],
    suggesters: Sequence[SuggesterId],
) -> tuple[int, str]:
    """Store a set made from `base` and the opinions of `suggesters`; returns its id and digest."""
    copied = ("article_id", "pipeline_name", "pipeline_version", "pipeline_hash", "at", "dropped")
    values = {name: getattr(base, name) for name in copied}
    by = suggesters_to_list(suggesters) or None
    values |= {"items": items, "base_id": base.id, "suggesters": by}
    key = connection.execute(insert(t.suggestion_set).values(values)).inserted_primary_key
    assert key is not None  # of one row inserted
    return int(key[0]), suggestions_digest(values)
