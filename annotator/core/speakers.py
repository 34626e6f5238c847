"""Who speaks: which of it a record may tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.core.annotations import Claim, Entity


def with_speakers_in_sources(
    claims: tuple[Claim, ...], entities: Iterable[Entity]
) -> tuple[Claim, ...]:
    """The claims, their `source_entity` null where it is no entity within their source."""
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
