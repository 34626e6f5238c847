"""What became of suggested entities in a review, whoever's suggestion led there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.annotations import Entity
from annotator.core.article import Span, overlap_test
from annotator.core.decisions import Answer
from annotator.core.review import Review, Status


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts of suggested entities: kept as suggested, kept with another label or other edges,
    rejected, and undecided."""

    accepted: int = 0
    corrected: int = 0
    rejected: int = 0
    open: int = 0

    def __add__(self, other: Outcomes) -> Outcomes:
        return Outcomes(
            self.accepted + other.accepted,
            self.corrected + other.corrected,
            self.rejected + other.rejected,
            self.open + other.open,
        )

    @property
    def decided(self) -> int:
        """The number of decided entities."""
        return self.accepted + self.corrected + self.rejected

    @property
    def precision(self) -> float | None:
        """The share (0 to 1) of decided entities that were accepted; None without any."""
        return self.accepted / self.decided if self.decided else None


def outcomes_of(review: Review, entities: Iterable[Entity]) -> dict[str, Outcomes]:
    """The outcomes of suggested entities by label; none for an article without an answer.

    An entity counts as accepted if an accepted entity has its span and label, as corrected if one
    overlaps it, however that came about.
    """
    if review.answer is not Answer.ACCEPT:
        return {}
    held = [one for one in review.held.values() if isinstance(one.item, Entity)]
    kept = _Entities(one.item for one in held if one.status is Status.ACCEPTED)
    undecided = _Entities(one.item for one in held if one.status is Status.OPEN)
    counts: dict[str, Outcomes] = {}
    for entity in entities:
        counts[entity.label] = counts.get(entity.label, Outcomes()) + _of(entity, kept, undecided)
    return counts


class _Entities:
    """Entities by place."""

    def __init__(self, entities: Iterable[object]) -> None:
        known = [one for one in entities if isinstance(one, Entity)]
        self._places = {(one.span, one.label) for one in known}
        self._overlap = overlap_test(one.span for one in known)

    def has(self, entity: Entity) -> bool:
        return (entity.span, entity.label) in self._places

    def overlap(self, span: Span) -> bool:
        return self._overlap(span)


def _of(entity: Entity, kept: _Entities, undecided: _Entities) -> Outcomes:
    if kept.has(entity):
        return Outcomes(accepted=1)
    if undecided.has(entity):
        return Outcomes(open=1)
    if kept.overlap(entity.span):
        return Outcomes(corrected=1)
    if undecided.overlap(entity.span):
        return Outcomes(open=1)
    return Outcomes(rejected=1)
