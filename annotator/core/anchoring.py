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

_MOST_ROWS = 500


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


@dataclass(frozen=True, slots=True)
class ReviewOverlaps:
    """Reviews compared with the pipeline: how many, of how many articles; `rows` has their sums by
    article or, where there are many, by blocks of articles that were drawn by hash."""

    reviews: int = 0
    articles: int = 0
    rows: tuple[PipelineOverlap, ...] = ()


def gathered(overlaps: Iterable[tuple[str, PipelineOverlap]]) -> ReviewOverlaps:
    """The reviews of articles, given by id, put together."""
    pairs = tuple(overlaps)
    digits = digits_of_blocks(len(pairs))
    rows: dict[str, PipelineOverlap] = {}
    for article, overlap in pairs:
        block = article[:digits]
        rows[block] = rows[block] + overlap if block in rows else overlap
    articles = len({article for article, _ in pairs})
    return ReviewOverlaps(len(pairs), articles, tuple(rows[one] for one in sorted(rows)))


def digits_of_blocks(reviews: int) -> int | None:
    """How many digits of their ids the articles of one block share, for so many reviews; None for a
    block for each article.

    Ids are hashes, so that blocks are drawn by chance.
    """
    return None if reviews <= _MOST_ROWS else 2


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
