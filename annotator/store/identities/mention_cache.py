"""The mentions of identities in reviews, kept with their decisions; identities that links make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Text,
    and_,
    cast,
    delete,
    exists,
    insert,
    or_,
    select,
)

from annotator.core.across.identity_changes import (
    IdentityPress,
    create,
    restore,
    to_identity_decisions,
    withdraw,
)
from annotator.core.across.identity_log import Identity, is_form
from annotator.core.across.identity_mentions import TiedMention, tied_mentions
from annotator.core.annotations import Entity
from annotator.core.decisions import Decision, Kind
from annotator.core.review import Review
from annotator.errors import ArticleDamaged
from annotator.store.identities.identity_caches import hold, index_forms
from annotator.store.identities.identity_rows import named_now
from annotator.store.identities.identity_writing import press_of, write_identity_decisions
from annotator.store.reviewing.stored_review import read_review
from annotator.store.roles.owner_functions import is_mentioned
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks, take_lock
from annotator.store.values import ImportedReview

_AT_ONCE = 100


def keep_mentions(
    connection: Connection, row: Row[Any], before: Review, after: Review, text: str
) -> None:
    """Store what the decisions that `after` has in addition to `before` say of identities.

    A link to an identity that is not there makes it, named by the entity; undoing the link takes
    that back, unless others use it.
    """
    made = after.decisions[len(before.decisions) :]
    changed = [id for id, held in after.held.items() if before.held.get(id) is not held]
    changed += before.held.keys() - after.held.keys()
    if not any(_has_identity(review, id) for review in (before, after) for id in changed):
        return
    _forget(connection, row.id, changed)
    put_mentions(connection, row.id, row.reviewer, tied_mentions(after, changed, text))
    for decision in made:
        _follow(connection, decision, text)


def put_mentions(
    connection: Connection, review_id: int, reviewer: str, mentions: Sequence[TiedMention]
) -> None:
    """Store mentions of a review, which must not be there."""
    rows = [
        {
            "review_id": review_id,
            "item": one.item,
            "identity": one.identity,
            "form": one.form,
            "label": one.label,
            "start": one.span.start,
            "end": one.span.end,
            "reviewer": reviewer,
            "at": one.at,
        }
        for one in mentions
    ]
    if rows:
        connection.execute(insert(t.identity_mention), rows)
        index_forms(connection, {one.form for one in mentions})


def put_imported(
    connection: Connection, review_id: int, review: Review, entry: ImportedReview
) -> None:
    """Store all mentions of an imported review, and make the identities that came with it."""
    mentions = tied_mentions(review, review.held, entry.article.text)
    put_mentions(connection, review_id, review.reviewer, mentions)
    _make_imported(connection, entry)


def names_identities(entry: ImportedReview) -> bool:
    """Whether an entity of an imported review has an identity."""
    items = (*entry.suggestions, *(decision.after for decision in entry.decisions))
    return any(isinstance(item, Entity) and item.identity for item in items)


def rebuild_mentions(connection: Connection) -> None:
    """Make the mentions anew from all reviews that name an identity, skipping damaged ones."""
    connection.execute(delete(t.identity_mention))
    for some in chunks(_naming_identities(connection), _AT_ONCE):
        wanted = select(t.review).where(t.review.c.id.in_(some), t.review.c.last_seq > 0)
        for row in connection.execute(wanted).fetchall():
            put_mentions(connection, row.id, row.reviewer, _mentions_in(connection, row))


def _naming_identities(connection: Connection) -> list[int]:
    """The ids of the reviews in whose decisions or suggestions an identity is written."""
    d, s, r = t.decision.c, t.suggestion_set.c, t.review.c
    decided = select(d.review_id).where(_names_one(d.after)).distinct()
    suggested = select(r.id).join(t.suggestion_set, s.id == r.suggestion_set_id)
    found = {*connection.execute(decided).scalars()}
    found |= {*connection.execute(suggested.where(_names_one(s["items"]))).scalars()}
    return sorted(found)


def _names_one(column: Column[Any]) -> ColumnElement[bool]:
    written = cast(column, Text)
    return or_(written.like('%"identity":"%'), written.like('%"identity": "%'))


def forget_mentions(connection: Connection, article_id: str) -> frozenset[str]:
    """Remove the mentions of an article's reviews; returns their forms, to `unindex_forms`."""
    c, r = t.identity_mention.c, t.review.c
    theirs = select(r.id).where(r.article_id == article_id)
    forms = connection.execute(select(c.form).where(c.review_id.in_(theirs)).distinct())
    gone = frozenset(forms.scalars())
    connection.execute(delete(t.identity_mention).where(c.review_id.in_(theirs)))
    return gone


def unindex_forms(connection: Connection, forms: Iterable[str]) -> None:
    """Remove forms that name nothing any more from the index."""
    for some in chunks(sorted(forms)):
        used: set[str] = set()
        for column in (t.identity_mention.c.form, t.identity_form.c.form, t.identity.c.form):
            used |= {*connection.execute(select(column).where(column.in_(some))).scalars()}
        unused = [form for form in some if form not in used]
        connection.execute(delete(t.name_key).where(t.name_key.c.form.in_(unused)))


def _has_identity(review: Review, id: str) -> bool:
    held = review.held.get(id)
    return held is not None and isinstance(held.item, Entity) and bool(held.item.identity)


def _forget(connection: Connection, review_id: int, items: Iterable[str]) -> None:
    c = t.identity_mention.c
    for some in chunks(items):
        connection.execute(
            delete(t.identity_mention).where(and_(c.review_id == review_id, c.item.in_(some)))
        )


def _mentions_in(connection: Connection, row: Row[Any]) -> tuple[TiedMention, ...]:
    try:
        stored = read_review(connection, row)
        review, text = stored.review(), stored.article.text
    except ArticleDamaged:
        return ()
    return tied_mentions(review, review.held, text)


# Identities that links and imports make


def _make_imported(connection: Connection, entry: ImportedReview) -> None:
    there = named_now(connection, [one.id for one in entry.identities])
    article, reviewer = entry.article.id, entry.decisions[0].reviewer
    for one in entry.identities:
        if one.id not in there and not is_form(one.id) and not _is_there(connection, one.id):
            name = f"{article}:{reviewer}:{one.id}"
            press = IdentityPress(name, reviewer, entry.decisions[-1].at, article)
            made = to_identity_decisions([create(one)], press, ids=[name])
            write_identity_decisions(connection, made)


def _follow(connection: Connection, decision: Decision, text: str) -> None:
    match decision.kind:
        case Kind.LINK:
            _make(connection, decision, text)
        case Kind.WITHDRAW:
            _take_back(connection, decision)
        case Kind.RESTORE:
            _put_back(connection, decision)


def _make(connection: Connection, decision: Decision, text: str) -> None:
    after = decision.after
    if not isinstance(after, Entity) or not after.identity:
        return
    id = after.identity
    if is_form(id) or _is_there(connection, id):
        return
    identity = _listed(connection, id, after.label) or Identity(
        id, " ".join(after.span.of(text).split()), after.label, id if ":" in id else None
    )
    press = IdentityPress(decision.group, decision.reviewer, decision.at, decision.article)
    made = to_identity_decisions([create(identity)], press, ids=[_own(decision)])
    write_identity_decisions(connection, made)


def _is_there(connection: Connection, id: str) -> bool:
    """Whether there is an identity with this id; if not, nobody else can make it meanwhile."""
    if named_now(connection, [id]):
        return True
    take_lock(connection, "identities")
    return bool(named_now(connection, [id]))


def _take_back(connection: Connection, decision: Decision) -> None:
    press = press_of(connection, f"{decision.article} {decision.target}")
    if press is None or _is_used(connection, press.group):
        return
    undo = IdentityPress(_own(decision), decision.reviewer, decision.at, decision.article)
    made = to_identity_decisions([withdraw(press.group)], undo, ids=[_own(decision)])
    write_identity_decisions(connection, made)


def _put_back(connection: Connection, decision: Decision) -> None:
    press = press_of(connection, f"{decision.article} {decision.target}", withdrawn=True)
    if press is None:
        return
    redo = IdentityPress(_own(decision), decision.reviewer, decision.at, decision.article)
    made = to_identity_decisions([restore(press.group)], redo, ids=[_own(decision)])
    write_identity_decisions(connection, made)


def _own(decision: Decision) -> str:
    """The id of the decision on an identity that a decision in a review leads to."""
    return f"{decision.id}:identity"


def _listed(connection: Connection, id: str, label: str) -> Identity | None:
    """The identity with this id in an alias file."""
    c = t.listed_alias.c
    row = connection.execute(select(t.listed_alias).where(c.identity == id).limit(1)).first()
    return None if row is None else Identity(id, row.name, row.type or label, row.link)


def _is_used(connection: Connection, group: str) -> bool:
    """Whether anything else concerns the identity that a key press made."""
    d = t.identity_decision.c
    wanted = select(d.target).where(d.group == group).limit(1)
    id = connection.execute(wanted).scalar_one()
    if is_mentioned(connection, id):
        return True
    f, r, a = t.identity_form.c, t.identity_redirect.c, t.identity_apart.c
    uses = (
        exists().where(f.identity == id),
        exists().where(or_(r.to == id, r.source == id)),
        exists().where(or_(a.one == id, a.other == id)),
        exists().where(d.target == id, d.group != group),
    )
    return bool(connection.execute(select(or_(*uses))).scalar_one())


def forget_made(connection: Connection, article_id: str) -> frozenset[str]:
    """Remove from what holds the identities that links in reviews of an article made and nothing
    else uses; returns the groups of the decisions on them, which are to be removed from the log."""
    d, p = t.identity_decision.c, t.identity_press.c
    made = select(d.group, d.target).where(d.article == article_id, d.kind == "create")
    unused = [
        (group, id) for group, id in connection.execute(made) if not _is_used(connection, group)
    ]
    groups = [group for group, _ in unused]
    for some in chunks(groups):
        connection.execute(delete(t.identity_press).where(p.group.in_(some)))
    hold(connection, {id for _, id in unused})
    return frozenset(groups)
