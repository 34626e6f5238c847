"""Stores the memory: entries of reviews, and statistics of each form.

Both are derived from decisions only, and written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    true,
)

from annotator.core.decisions import Kind
from annotator.core.memory.entries import (
    Entry,
    Outcome,
    Replacement,
    Subject,
    Way,
    entries_of,
)
from annotator.core.memory.known import MOST, Form, Known, known_to_dict
from annotator.core.memory.recall import head_of, is_sure
from annotator.core.review import Review
from annotator.core.reviewing.presses import changed_items
from annotator.errors import ArticleDamaged
from annotator.store.reviewing.stored_review import read_review
from annotator.store.roles import owner_functions
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks, take_lock
from annotator.store.values import ADJUDICATION, IMPORTED

_TEACHING = frozenset(Kind) - {
    Kind.NOTE,
    Kind.LINK,
    Kind.RELATE,
    Kind.SKIP,
    Kind.FINISH,
    Kind.REOPEN,
}
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Entries that are not counted: those of these reviews, or only those of this item in them; and
    those of the `others`."""

    reviews: tuple[int, ...] = ()
    item: str | None = None
    others: tuple[int, ...] = ()


_NOTHING = _LeftOut()


def remember(
    connection: Connection, row: Row[Any], before: Review, after: Review, text: str
) -> None:
    """Store the entries of decisions that `after` has in addition to `before`.

    Imports are not remembered, since they were not decided here.
    """
    made = after.decisions[len(before.decisions) :]
    if row.kind == IMPORTED or _TEACHING.isdisjoint(decision.kind for decision in made):
        return
    changed = changed_items(before, after)
    if not changed:
        return
    found = entries_of(after, changed, text, adjudicates=row.kind == ADJUDICATION)
    gone = _forget(connection, row.id, changed)
    _keep(connection, row.id, found)
    recount(connection, gone | {(entry.subject, entry.form) for entry in found})


def forget_reviews(connection: Connection, article_id: str) -> set[Form]:
    """Remove the entries of an article's reviews; returns the forms to `recount`."""
    gone: set[Form] = set()
    for review_id in connection.execute(
        select(t.review.c.id).where(t.review.c.article_id == article_id)
    ).scalars():
        gone |= _forget(connection, review_id, None)
    return gone


def remember_everything(connection: Connection) -> None:
    """Rebuild the memory from all reviews, a hundred at a time, skipping damaged ones."""
    connection.execute(delete(t.memory_entry))
    connection.execute(delete(t.memory_form))
    last, c = 0, t.review.c
    while True:
        wanted = select(t.review).where(c.id > last, c.kind != IMPORTED, c.last_seq > 0)
        rows = connection.execute(wanted.order_by(c.id).limit(_AT_ONCE)).fetchall()
        if not rows:
            break
        for row in rows:
            _keep(connection, row.id, _taught_by(connection, row))
        last = rows[-1].id
    m, listed = t.memory_entry.c, select(t.listed_form.c.form).distinct()
    forms = select(m.subject, m.form).distinct()
    known = {(Subject(s), form) for s, form in connection.execute(forms)}
    known |= {(Subject.ENTITY, form) for form in connection.execute(listed).scalars()}
    recount(connection, known)


def known_without(
    connection: Connection, forms: Iterable[Form], reviews: Sequence[int]
) -> dict[Form, Known]:
    """The statistics of each form without the entries of these reviews."""
    return _counted(connection, tuple(forms), besides=_LeftOut(tuple(reviews)))


def known_besides(
    connection: Connection, form: Form, article_id: str, item: str, *, reviewer: str | None = None
) -> Known:
    """The statistics of a form without the entries of one item of an article; with a `reviewer`,
    without what others decided on the article."""
    r = t.review.c
    rows = connection.execute(select(r.id, r.reviewer).where(r.article_id == article_id)).all()
    others = (row.id for row in rows if reviewer not in (None, row.reviewer))
    here = (row.id for row in rows)
    return _counted(connection, [form], besides=_LeftOut(tuple(here), item, tuple(others)))[form]


def forms_in_reviews(connection: Connection, reviews: Sequence[int]) -> set[Form]:
    """The forms with entries of these reviews, which the database must let one read."""
    c = t.memory_entry.c
    wanted = select(c.subject, c.form).where(c.review_id.in_(reviews)).distinct()
    return {(Subject(subject), form) for subject, form in connection.execute(wanted)}


def forms_among(
    connection: Connection, forms: Collection[Form], reviews: Sequence[int]
) -> set[Form]:
    """Those of the forms that have entries of these reviews, whoever may read them."""
    if connection.dialect.name == "sqlite":
        return forms_in_reviews(connection, reviews).intersection(forms)
    asked = [(subject.value, words) for subject, words in forms]
    found = owner_functions.forms_among(connection, asked, reviews)
    return {(Subject(subject), words) for subject, words in found}


def _taught_by(connection: Connection, row: Row[Any]) -> tuple[Entry, ...]:
    try:
        stored = read_review(connection, row)
        review, text = stored.review(), stored.article.text
    except ArticleDamaged:
        return ()
    return entries_of(review, review.held, text, adjudicates=row.kind == ADJUDICATION)


def _forget(connection: Connection, review_id: int, items: Collection[str] | None) -> set[Form]:
    """Remove entries of a review, of these items or all; returns their forms."""
    c = t.memory_entry.c
    gone: set[Form] = set()
    for some in chunks(items) if items is not None else [None]:
        theirs = c.review_id == review_id
        if some is not None:
            theirs = and_(theirs, c.item.in_(some))
        rows = connection.execute(select(c.subject, c.form).where(theirs).distinct()).fetchall()
        if rows:
            gone |= {(Subject(subject), form) for subject, form in rows}
            connection.execute(delete(t.memory_entry).where(theirs))
    return gone


def _keep(connection: Connection, review_id: int, entries: Sequence[Entry]) -> None:
    if entries:
        rows = [_entry_to_row(entry, review_id) for entry in entries]
        connection.execute(insert(t.memory_entry), rows)


def recount(connection: Connection, forms: Iterable[Form]) -> None:
    """Update the statistics of these forms; must be the last step of a transaction.

    On PostgreSQL it takes a lock, and a transaction that waits for it may hold any others.
    """
    take_lock(connection, "memory")
    c = t.memory_form.c
    for some in chunks(sorted(forms), 100):
        here = or_(*(and_(c.subject == subject, c.form == form) for subject, form in some))
        connection.execute(delete(t.memory_form).where(here))
        known = _counted(connection, some)
        rows = [_form_to_row(form, one) for form, one in known.items() if one != Known()]
        if rows:
            connection.execute(insert(t.memory_form), rows)


def _counted(
    connection: Connection, forms: Sequence[Form], *, besides: _LeftOut = _NOTHING
) -> dict[Form, Known]:
    """The statistics of these forms, by reviews and lists."""
    listed = _listed(connection, [form for subject, form in forms if subject is Subject.ENTITY])
    return {
        form: Known.of((*_newest(connection, form, besides), *listed.get(form, ())))
        for form in forms
    }


def _listed(connection: Connection, forms: Iterable[str]) -> dict[Form, list[Entry]]:
    """What lists say of these forms of entities."""
    c = t.listed_form.c
    found: dict[Form, list[Entry]] = {}
    for some in chunks(forms):
        for row in connection.execute(select(t.listed_form).where(c.form.in_(some))):
            named = (Subject.ENTITY, row.form, row.label)
            how = {"way": Way.SINGLE, "reviewer": row.reviewer, "at": row.at, "press": ""}
            entry = Entry("", *named, Outcome.ADDED, **how)
            found.setdefault(named[:2], []).append(entry)
    return found


def _newest(connection: Connection, form: Form, besides: _LeftOut) -> tuple[Entry, ...]:
    """The newest entries of a form, which count in `known.Known`: one for those of a key press
    that differ only in the item."""
    subject, words = form
    if connection.dialect.name == "sqlite":
        rows = _newest_rows(connection, form, besides)
    else:
        rows = owner_functions.newest_entries(
            connection,
            (subject.value, words),
            besides=besides.reviews,
            item=besides.item,
            others=besides.others,
            most=MOST,
        )
    return tuple(_entry_from_row(row, form) for row in rows)


def _newest_rows(connection: Connection, form: Form, besides: _LeftOut) -> Sequence[Row[Any]]:
    c, (subject, words) = t.memory_entry.c, form
    became = func.coalesce(c.became, "").label("form_instead")
    by_age = (c.at, c.reviewer, c.press, c.outcome, c.label, c.way, became, c.lead, c.tail)
    counted: Select[Any] = select(*by_age, c.became).distinct()
    wanted = counted.where(c.subject == subject.value, c.form == words)
    if besides.reviews:
        of_item = true() if besides.item is None else c.item == besides.item
        wanted = wanted.where(~and_(c.review_id.in_(besides.reviews), of_item))
    if besides.others:
        wanted = wanted.where(c.review_id.not_in(besides.others))
    return connection.execute(
        wanted.order_by(*(one.desc() for one in by_age)).limit(MOST)
    ).fetchall()


def _form_to_row(form: Form, known: Known) -> dict[str, Any]:
    subject, words = form
    sure = subject is Subject.ENTITY and is_sure(words, known)
    return {
        "subject": subject.value,
        "form": words,
        "head": head_of(words) if sure else None,
        "known": known_to_dict(known),
    }


def _entry_to_row(entry: Entry, review_id: int) -> dict[str, Any]:
    instead = entry.instead
    return {
        "review_id": review_id,
        "item": entry.item,
        "stands": entry.stands,
        "subject": entry.subject.value,
        "form": entry.form,
        "label": entry.label,
        "outcome": entry.outcome.value,
        "way": entry.way.value,
        "reviewer": entry.reviewer,
        "at": entry.at,
        "press": entry.press,
        "became": None if instead is None else instead.form,
        "lead": 0 if instead is None else instead.left,
        "tail": 0 if instead is None else instead.right,
    }


def _entry_from_row(row: Row[Any], form: Form) -> Entry:
    """An entry of a form without its item, which is not counted."""
    instead = None if row.became is None else Replacement(row.became, row.lead, row.tail)
    return Entry(
        "",
        *form,
        row.label,
        Outcome(row.outcome),
        Way(row.way),
        row.reviewer,
        row.at,
        row.press,
        instead,
    )
