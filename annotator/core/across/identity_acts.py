"""What a key on the identities does, as changes of one key press."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.across.identity_changes import IdentityChange, create, differ, merge, split
from annotator.core.across.identity_log import Identity
from annotator.core.across.open_identities import OpenIdentity

Changes = tuple[IdentityChange, ...]


def taking(one: OpenIdentity, *, id: str) -> Changes:
    """Take a proposal: its forms name the first of its known identities, into which the others are
    merged, or else a new one with this id."""
    made: Changes = ()
    into, *others = one.known or (id,)
    if not one.known:
        made = (create(Identity(id, one.proposal.name, one.proposal.type)),)
    merged = tuple(merge(other, into) for other in others)
    return (*made, *merged, *(merge(form, into) for form, _ in one.forms))


def keeping_apart(one: str, others: Sequence[str]) -> Changes:
    """A form or an identity differs from each of the others."""
    return tuple(differ(one, other) for other in others if other != one)


def splitting(form: str, *, was: Identity, name: str, id: str) -> Changes:
    """A form of an identity names a new one with this id and name."""
    made = Identity(id, name, was.type)
    return create(made), split(form, was=was.id, now=id)
