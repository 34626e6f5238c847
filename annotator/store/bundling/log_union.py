"""Adds decisions on identities and stories that were made elsewhere to the logs of a store.

A decision of a bundle comes later than it was made. So what holds is folded in the order of time,
and nothing that was decided is refused: a decision on an identity or a story that is not there has
no effect until it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert, select, update

from annotator.core.across.identity_log import IdentityDecision, IdentityKind
from annotator.core.across.story_log import Story, StoryDecision, articles_in
from annotator.store.identities.identity_caches import hold
from annotator.store.identities.identity_rows import (
    identity_decision_from_row,
    identity_decision_to_row,
    leading_to,
    redirects_from,
)
from annotator.store.identities.name_lookup import identities_around
from annotator.store.journal.chaining import last_number, put_entries
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks, take_lock
from annotator.store.stories.story_cache import rebuild_stories
from annotator.store.stories.story_rows import story_decision_from_row, story_decision_to_row
from annotator.store.tombstones import why_purged

_UNDOING = (IdentityKind.WITHDRAW, IdentityKind.RESTORE)
_D = TypeVar("_D", IdentityDecision, StoryDecision)


def bring_identity_decisions(
    connection: Connection, decisions: Sequence[IdentityDecision]
) -> tuple[IdentityDecision, ...]:
    """Append those that are not in the log and not of purged articles; returns them."""
    take_lock(connection, "identities")
    purged = why_purged(connection, [one.article for one in decisions if one.article])
    wanted = [one for one in decisions if one.article not in purged]
    new = _not_there(connection, t.identity_decision, wanted)
    if not new:
        return ()
    first = last_number(connection, t.identity_decision) + 1
    rows = [identity_decision_to_row(one, first + n) for n, one in enumerate(new)]
    put_entries(connection, t.identity_decision, rows)
    _keep_presses(connection, rows)
    hold(connection, _touched(connection, rows))
    return tuple(new)


def bring_story_decisions(
    connection: Connection, decisions: Sequence[StoryDecision]
) -> tuple[StoryDecision, ...]:
    """Append those that are not in the log, without purged articles; returns them."""
    take_lock(connection, "stories")
    new = _not_there(connection, t.story_decision, decisions)
    if not new:
        return ()
    named = {id for one in new for id in _articles_in(one)}
    purged = frozenset(why_purged(connection, named))
    first = last_number(connection, t.story_decision) + 1
    rows = [story_decision_to_row(_without(one, purged), first + n) for n, one in enumerate(new)]
    put_entries(connection, t.story_decision, rows)
    rebuild_stories(connection)
    return tuple(new)


def identities_along(
    connection: Connection, forms: Iterable[str], ids: Iterable[str]
) -> tuple[IdentityDecision, ...]:
    """The decisions on identities that names of these forms may name, and on those with these ids,
    in the order of the log."""
    own = frozenset(forms) - {""}
    around = identities_around(connection, "", own, ids)
    found = {one.identity.id for one in around.known} | {*around.named} | {*ids}
    every = leading_to(connection, found)
    every |= {one.to for some in redirects_from(connection, every).values() for one in some}
    tied = {form for one in around.known for form in one.tied}
    d = t.identity_decision
    groups: set[str] = set()
    for some in chunks(sorted(every | own | tied)):
        about = select(d.c.group).where(d.c.target.in_(some)).distinct()
        groups |= {*connection.execute(about).scalars()}
    rows: dict[int, Any] = {}
    for some in chunks(sorted(groups)):
        theirs = select(d).where(d.c.group.in_(some) | d.c.target.in_(some))
        rows |= {row.number: row for row in connection.execute(theirs)}
    return tuple(identity_decision_from_row(rows[number]) for number in sorted(rows))


def stories_along(connection: Connection, articles: Iterable[str]) -> tuple[StoryDecision, ...]:
    """The decisions on stories that name one of these articles, and all on the same stories, in the
    order of the log."""
    own = frozenset(articles)
    rows = connection.execute(select(t.story_decision).order_by(t.story_decision.c.number))
    every = [story_decision_from_row(row) for row in rows]
    stories = {one.target for one in every if own.intersection(_articles_in(one))}
    groups = {one.group for one in every if one.target in stories}
    return tuple(one for one in every if {one.target, one.group} & (stories | groups))


def _not_there(connection: Connection, log: Table, decisions: Iterable[_D]) -> list[_D]:
    """The decisions that are not in a log, each once, in the order in which they were made."""
    new = {one.id: one for one in decisions}
    for some in chunks(list(new)):
        for id in connection.execute(select(log.c.id).where(log.c.id.in_(some))).scalars():
            del new[id]
    return sorted(new.values(), key=lambda one: one.at)


def _articles_in(decision: StoryDecision) -> frozenset[str]:
    """The articles that a decision names."""
    named = (*articles_in(decision.before), *articles_in(decision.after))
    return frozenset((decision.target, *named))


def _without(decision: StoryDecision, purged: frozenset[str]) -> StoryDecision:
    def left(told: Any) -> Any:
        if isinstance(told, Story):
            return replace(told, articles=tuple(one for one in told.articles if one not in purged))
        if isinstance(told, tuple):
            return tuple(one for one in told if one not in purged)
        return told

    if not purged:
        return decision
    target = "" if decision.target in purged else decision.target
    return replace(
        decision, target=target, before=left(decision.before), after=left(decision.after)
    )


def _keep_presses(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep which presses stand, given new rows of the log of identities."""
    p, d = t.identity_press, t.identity_decision
    made = {row["group"]: row for row in reversed(rows) if row["kind"] not in _UNDOING}
    concerned = {*made, *(row["target"] for row in rows if row["kind"] in _UNDOING)}
    for group in sorted(concerned):
        first = connection.execute(
            select(d).where(d.c.group == group, d.c.kind.not_in(_UNDOING)).order_by(d.c.number)
        ).first()
        if first is None:
            continue  # what it undoes is not here
        undoing = select(d.c.number, d.c.kind).where(d.c.target == group, d.c.kind.in_(_UNDOING))
        last = connection.execute(undoing.order_by(d.c.at.desc(), d.c.number.desc())).first()
        is_undone = last is not None and last.kind == IdentityKind.WITHDRAW
        values = {"withdrawn": last.number if is_undone and last is not None else None}
        done = connection.execute(update(p).where(p.c.group == group).values(values))
        if not done.rowcount:
            lane = identity_decision_from_row(first).lane
            connection.execute(
                insert(p).values(group=group, lane=lane, place=first.number, **values)
            )


def _touched(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """What new rows of the log of identities are about, also by undoing others."""
    d = t.identity_decision.c
    targets = {row["target"] for row in rows if row["kind"] not in _UNDOING}
    undone = [row["target"] for row in rows if row["kind"] in _UNDOING]
    for some in chunks(sorted(undone)):
        theirs = select(d.target).where(d.group.in_(some), d.kind.not_in(_UNDOING))
        targets |= {*connection.execute(theirs).scalars()}
    return targets
