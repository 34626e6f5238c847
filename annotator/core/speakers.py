"""The speaker of a claim: the entity in its source, and when a record may contain it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from annotator.core.annotations import Claim, Entity
from annotator.core.labels import Role
from annotator.core.review import Review


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
        inside = [
            entity
            for entity in self.entities
            if any(piece.contains(entity.span) for piece in claim.source)
        ]
        people = [entity for entity in inside if self.roles[entity.label] is Role.PERSON]
        first = next(iter(people or inside), None)
        return replace(claim, source_entity=first.id) if first else claim


def with_speakers_in_sources(
    claims: tuple[Claim, ...], entities: Iterable[Entity]
) -> tuple[Claim, ...]:
    """The claims, with `source_entity` set to null if it is not an entity within their source."""
    named = {claim.source_entity for claim in claims} - {None}
    if not named:
        return claims
    spans = {entity.id: entity.span for entity in entities if entity.id in named}

    def is_shown(claim: Claim) -> bool:
        span = spans.get(claim.source_entity or "")
        return span is not None and any(piece.contains(span) for piece in claim.source)

    return tuple(
        replace(claim, source_entity=None)
        if claim.source_entity is not None and not is_shown(claim)
        else claim
        for claim in claims
    )
