"""Appends decisions on identities: those of people, and those that links in reviews make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from annotator.core.across.identity_changes import check, operands
from annotator.core.across.identity_log import IdentityDecision, IdentityKind
from annotator.errors import ReviewError
from annotator.store.identities.identity_caches import hold
from annotator.store.identities.identity_rows import (
    held,
    identity_decision_from_row,
    identity_decision_to_row,
)
from annotator.store.journal.chaining import last_number, put_entries
from annotator.store.sql import columns as t
from annotator.store.sql.database import take_lock

_UNDO = {IdentityKind.WITHDRAW: "undone", IdentityKind.RESTORE: "redone"}


def write_identity_decisions(
    connection: Connection, decisions: Sequence[IdentityDecision]
) -> tuple[IdentityDecision, ...]:
    """Append the decisions of one key press, if they are not in the log; returns those that now
    hold or no longer hold.

    Raises ReviewError if they do not fit what holds.
    """
    take_lock(connection, "identities")
    d = t.identity_decision.c
    known = select(d.id).where(d.id.in_([one.id for one in decisions]))
    there = {*connection.execute(known).scalars()}
    new = [one for one in decisions if one.id not in there]
    if not new:
        return ()
    first = last_number(connection, t.identity_decision) + 1
    match new[0].kind:
        case IdentityKind.WITHDRAW:
            touched = _withdraw(connection, new[0], first)
        case IdentityKind.RESTORE:
            touched = _restore(connection, new[0])
        case _:
            touched = _do(connection, new, first)
    rows = [identity_decision_to_row(one, first + n) for n, one in enumerate(new)]
    put_entries(connection, t.identity_decision, rows)
    hold(connection, {one.target for one in touched})
    return tuple(touched)


def press_of(connection: Connection, lane: str, *, withdrawn: bool = False) -> Row[Any] | None:
    """The press of a lane that undo would withdraw, or redo restore; None if there is none."""
    c = t.identity_press.c
    wanted = select(t.identity_press).where(c.lane == lane)
    if withdrawn:
        wanted = wanted.where(c.withdrawn.is_not(None)).order_by(c.withdrawn.desc())
    else:
        wanted = wanted.where(c.withdrawn.is_(None)).order_by(c.place.desc())
    return connection.execute(wanted.limit(1)).first()


def decisions_of(connection: Connection, group: str) -> tuple[IdentityDecision, ...]:
    """The decisions of a key press, in order."""
    d = t.identity_decision
    rows = connection.execute(select(d).where(d.c.group == group).order_by(d.c.number))
    return tuple(identity_decision_from_row(row) for row in rows)


def _do(
    connection: Connection, new: Sequence[IdentityDecision], first: int
) -> Iterable[IdentityDecision]:
    check(held(connection, _about(new)), new)
    lane, c = new[0].lane, t.identity_press.c
    connection.execute(delete(t.identity_press).where(c.lane == lane, c.withdrawn.is_not(None)))
    press = {"group": new[0].group, "lane": lane, "place": first, "withdrawn": None}
    connection.execute(insert(t.identity_press), press)
    return new


def _withdraw(
    connection: Connection, decision: IdentityDecision, number: int
) -> Iterable[IdentityDecision]:
    _check_last(press_of(connection, decision.lane), decision)
    _mark(connection, decision.target, number)
    return decisions_of(connection, decision.target)


def _restore(connection: Connection, decision: IdentityDecision) -> Iterable[IdentityDecision]:
    _check_last(press_of(connection, decision.lane, withdrawn=True), decision)
    restored = decisions_of(connection, decision.target)
    check(held(connection, _about(restored)), restored)
    _mark(connection, decision.target, None)
    return restored


def _check_last(last: Row[Any] | None, decision: IdentityDecision) -> None:
    if last is None or last.group != decision.target:
        raise ReviewError(f"Only the last decision can be {_UNDO[decision.kind]}.")


def _mark(connection: Connection, group: str, number: int | None) -> None:
    c = t.identity_press.c
    connection.execute(update(t.identity_press).where(c.group == group).values(withdrawn=number))


def _about(decisions: Iterable[IdentityDecision]) -> frozenset[str]:
    made = tuple(decisions)
    new = {one.target for one in made if one.kind is IdentityKind.CREATE}
    return frozenset[str]().union(new, *map(operands, made))
