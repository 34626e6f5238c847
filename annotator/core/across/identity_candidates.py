"""Which identities an entity may name, the likeliest first, each with its evidence in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.core.across.identity_log import Identity, form_of, key_in

if TYPE_CHECKING:
    from annotator.core.across.name_index import Likeness


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """An identity with what is known of its names: the forms that people tied to it, with the
    reviewer who did so last; the forms that it was said not to be; names by which an alias file
    (`listed`, as keys) knows it. `stands` is false while only an alias file knows it."""

    identity: Identity
    tied: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    stands: bool = True


@dataclass(frozen=True, slots=True)
class IdentitiesAround:
    """What is known of the names in an article: `known` are identities that they may name, `named`
    those that its entities name, under the ids that they are tied to."""

    known: tuple[KnownIdentity, ...] = ()
    named: Mapping[str, Identity] = field(default_factory=dict)


NOTHING_AROUND = IdentitiesAround()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An identity that an entity may name, why, and how likely (0 to 1).

    `tied_by` is who tied this form to it before; empty if nobody did.
    """

    identity: Identity
    why: str
    score: float
    tied_by: str = ""


def candidates(form: str, known: Iterable[KnownIdentity]) -> tuple[Candidate, ...]:
    """The identities that an entity of this form may name, the likeliest first."""
    found = [one for identity in known if (one := _candidate(form, identity)) is not None]
    return tuple(
        sorted(found, key=lambda one: (-one.score, one.identity.name.casefold(), one.identity.id))
    )


def tied_before(form: str, known: Iterable[KnownIdentity]) -> Candidate | None:
    """The one identity that people tied this form to; None if there is none, or several."""
    found = [one for one in known if form in one.tied and form not in one.apart]
    return _candidate(form, found[0]) if len(found) == 1 else None


def _candidate(form: str, known: KnownIdentity) -> Candidate | None:
    if form in known.apart or not form:
        return None
    reviewer = known.tied.get(form)
    if reviewer is not None:
        return Candidate(known.identity, f"tied before by {reviewer}", 0.98, reviewer)
    if key_in(form) in known.listed:
        return Candidate(known.identity, "alias in an imported file", 0.95)
    best = _best(form, _forms(known))
    return None if best is None else Candidate(known.identity, best[1].why, best[1].score)


def _forms(known: KnownIdentity) -> Collection[str]:
    own = form_of(known.identity.name, known.identity.type)
    return {own, *known.tied} - {""}


def _best(form: str, others: Iterable[str]) -> tuple[str, Likeness] | None:
    # Imported here, so that the screens start without the lists of names.
    from annotator.core.across.name_index import likeness

    alike = [(other, found) for other in sorted(others) if (found := likeness(form, other))]
    return max(alike, key=lambda pair: pair[1].score, default=None)
