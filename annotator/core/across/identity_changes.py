"""What can be decided about identities, and whether it fits what holds."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime

from annotator.core.across.identity_log import (
    Identities,
    Identity,
    IdentityDecision,
    IdentityKind,
    Meant,
    is_form,
)
from annotator.errors import ReviewError


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """What a decision does; with a reviewer, a time and a group it becomes one."""

    kind: IdentityKind
    target: str
    before: Meant | None = None
    after: Meant | None = None


@dataclass(frozen=True, slots=True)
class IdentityPress:
    """What the decisions of one key press share; `article`: that of the review that made them."""

    group: str
    reviewer: str
    at: datetime
    article: str | None = None


def create(identity: Identity) -> IdentityChange:
    """Make an identity."""
    return IdentityChange(IdentityKind.CREATE, identity.id, None, identity)


def rename(before: Identity, after: Identity) -> IdentityChange:
    """Change the name, type, link or note of an identity."""
    return IdentityChange(IdentityKind.RENAME, before.id, before, after)


def merge(operand: str, into: str) -> IdentityChange:
    """Say that a form names the identity `into`, or that an identity is that one."""
    return IdentityChange(IdentityKind.MERGE, operand, None, into)


def split(form: str, *, was: str, now: str) -> IdentityChange:
    """Say that a form so far tied to the identity `was` names the identity `now`."""
    return IdentityChange(IdentityKind.SPLIT, form, was, now)


def differ(one: str, other: str) -> IdentityChange:
    """Say that two forms or identities are not the same."""
    first, second = sorted((one, other))
    return IdentityChange(IdentityKind.DIFFERENT, first, None, second)


def withdraw(group: str) -> IdentityChange:
    """Undo the decisions of a group."""
    return IdentityChange(IdentityKind.WITHDRAW, group)


def restore(group: str) -> IdentityChange:
    """Redo the decisions of a group."""
    return IdentityChange(IdentityKind.RESTORE, group)


def to_identity_decisions(
    changes: Iterable[IdentityChange], press: IdentityPress, *, ids: Iterable[str]
) -> tuple[IdentityDecision, ...]:
    """The changes of one key press as decisions."""
    return tuple(
        IdentityDecision(
            id,
            press.reviewer,
            press.at,
            press.group,
            change.kind,
            change.target,
            change.before,
            change.after,
            press.article,
        )
        for change, id in zip(changes, ids, strict=False)
    )


def operands(decision: IdentityDecision | IdentityChange) -> frozenset[str]:
    """The ids of the identities, and the forms, that a decision is about."""
    named = (decision.target, decision.before, decision.after)
    if decision.kind in (IdentityKind.WITHDRAW, IdentityKind.RESTORE):
        return frozenset()
    return frozenset(one for one in named if isinstance(one, str))


def check(known: Identities, decisions: Iterable[IdentityDecision]) -> None:
    """Raises ReviewError if the decisions of one key press do not fit what holds: if they name an
    identity that is not there or is merged into another, or make one that is there.

    `known` must have all their operands.
    """
    made = tuple(decisions)
    new = {one.target for one in made if one.kind is IdentityKind.CREATE}
    for decision in made:
        if decision.kind is IdentityKind.CREATE:
            _check_new(known, decision)
        else:
            _check_operands(known, decision, new)


def _check_new(known: Identities, decision: IdentityDecision) -> None:
    after = decision.after
    if not isinstance(after, Identity) or after.id != decision.target or is_form(after.id):
        raise ReviewError("A new identity needs an id and a name.")
    if after.id in known.named:
        raise ReviewError("This identity is there already.", hint=_AGAIN)


def _check_operands(known: Identities, decision: IdentityDecision, new: Set[str]) -> None:
    kind, target, after = decision.kind, decision.target, decision.after
    named = [one for one in sorted(operands(decision)) if not is_form(one) and one not in new]
    for id in named:
        if id not in known.named:
            raise ReviewError("This identity is no longer there.", hint=_AGAIN)
        if known.now(id) != id:
            raise ReviewError("This identity was merged into another.", hint=_AGAIN)
    if kind is IdentityKind.RENAME:
        if not isinstance(after, Identity) or after.id != target:
            raise ReviewError("An identity keeps its id.")
    elif not isinstance(after, str) or target == after:
        raise ReviewError("Two different names are needed.")
    elif kind is not IdentityKind.DIFFERENT and is_form(after):
        raise ReviewError("A form can only be said to name an identity.")
    if kind is IdentityKind.SPLIT and (decision.before == after or not is_form(target)):
        raise ReviewError("Only a form can be split from an identity.")


_AGAIN = "Reload the identities."
