"""The speaker of a claim: the entity that says who speaks, and when a record may contain it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from annotator.core.annotations import Claim, Entity
from annotator.core.decisions import Change, link
from annotator.core.labels import Role
from annotator.core.review import Review, Status


@dataclass(frozen=True, slots=True)
class Speakers:
    """Entities of a review that can be the source of its claims: those whose label has a role."""

    review: Review
    roles: Mapping[str, Role]

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities that can speak, in text order."""
        return tuple(one for one in self.review.entities if one.label in self.roles)

    def tied(self, claim: Claim) -> Claim:
        """`claim` with the entity in its source as `source_entity`: the first person, otherwise the
        first entity.

        Unchanged if it has one already, or if no entity that can speak is in its source.
        """
        if claim.source_entity is not None or not claim.source:
            return claim
        inside = [entity for entity in self.entities if is_inside(entity, claim)]
        people = [entity for entity in inside if self.roles[entity.label] is Role.PERSON]
        first = next(iter(people or inside), None)
        return replace(claim, source_entity=first.id) if first else claim


def speaker_of(claim: Claim, review: Review) -> Entity | None:
    """The entity that speaks in a claim; None if the claim names none, or one that is rejected."""
    held = review.held.get(claim.source_entity or "")
    if held is None or held.status is Status.REJECTED or not isinstance(held.item, Entity):
        return None
    return held.item


def is_inside(speaker: Entity, claim: Claim) -> bool:
    """Whether an entity lies within one piece of a claim's source."""
    return any(piece.contains(speaker.span) for piece in claim.source)


def with_speaker(claim: Claim, speaker: Entity | None) -> tuple[Change, ...]:
    """Say who speaks in a claim, None for nobody; no change if that is known already."""
    named = None if speaker is None else speaker.id
    if claim.source_entity == named:
        return ()
    return (link(claim, replace(claim, source_entity=named)),)


def with_speakers_in_sources(
    claims: Iterable[Claim], entities: Iterable[Entity]
) -> tuple[Claim, ...]:
    """The claims, with `source_entity` set to null if it is not an entity within their source: for
    claims whose speaker no screen showed."""
    found = tuple(claims)
    named = {claim.source_entity for claim in found} - {None}
    if not named:
        return found
    known = {entity.id: entity for entity in entities if entity.id in named}

    def is_shown(claim: Claim) -> bool:
        speaker = known.get(claim.source_entity or "")
        return speaker is not None and is_inside(speaker, claim)

    return tuple(
        replace(claim, source_entity=None)
        if claim.source_entity is not None and not is_shown(claim)
        else claim
        for claim in found
    )
