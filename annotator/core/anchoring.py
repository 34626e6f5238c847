"""How much reviewers agree with the pipeline, with its suggestions before them and without.

Who sees a suggestion tends to agree with it, so what is measured on assisted reviews flatters the
pipeline. Unassisted reviews, of articles chosen by hash, show by how much.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from annotator.core.agreement import substance
from annotator.core.annotations import Claim, Entity, Item, Verdict
from annotator.core.review import Review


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two lists of items compared: how many are the `same`, and how many both have together, so
    that F1 is `2 * same / marked`."""

    same: int = 0
    marked: int = 0

    def __add__(self, other: Overlap) -> Overlap:
        return Overlap(self.same + other.same, self.marked + other.marked)

    @property
    def f(self) -> float | None:
        """F1, 0 to 1; None if there is nothing to compare."""
        return 2 * self.same / self.marked if self.marked else None


@dataclass(frozen=True, slots=True)
class PipelineOverlap:
    """A finished review compared with what the pipeline suggested for its article, whether or not
    the reviewer saw that: entities by span and label, claims by content and source."""

    entities: Overlap = Overlap()
    claims: Overlap = Overlap()

    def __add__(self, other: PipelineOverlap) -> PipelineOverlap:
        return PipelineOverlap(self.entities + other.entities, self.claims + other.claims)


def compared(review: Review, suggested: Iterable[Item]) -> PipelineOverlap:
    """What stands in `review` compared with `suggested`; what the reviewer left open counts on
    neither side."""
    found = tuple(suggested)
    return PipelineOverlap(_overlap(review, found, Entity), _overlap(review, found, Claim))


def _overlap(review: Review, suggested: tuple[Item, ...], kind: type[Item]) -> Overlap:
    items = [item for item in review.items if isinstance(item, kind)]
    left_open = _said(item for item in items if item.verdict is Verdict.PENDING)
    decided = _said(items) - left_open
    found = _said(item for item in suggested if isinstance(item, kind)) - left_open
    return Overlap(len(decided & found), len(decided) + len(found))


def _said(items: Iterable[Item]) -> set[Hashable]:
    return {substance(item) for item in items}
