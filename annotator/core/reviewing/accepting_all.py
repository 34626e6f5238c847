"""What accepting all open items of a review would decide, and a choice of which of them.

The reviewer is asked first where something is unsure or was never on the screen.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum

from annotator.core.annotations import Entity, Item, Junk
from annotator.core.decisions import Change, Kind
from annotator.core.folds import Fold
from annotator.core.review import Review
from annotator.core.reviewing.alternatives import undecided_between
from annotator.core.reviewing.bulk import accepted_together, rejections_in
from annotator.core.reviewing.item_filter import is_unsure

_NO_FOLD = Fold()


class Extent(StrEnum):
    """Which open items to accept: all that are listed, the sure ones or the seen ones of these, or
    also those that a filter hides."""

    LISTED = "listed"
    SURE = "sure"
    SEEN = "seen"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class AllAccepted:
    """The result of accepting open items: the changes, and how many items then stay open.

    Junk lines in `left_open` do because the reviewer has marked something in them, entities in
    `differing` because pipelines suggest others there.
    """

    changes: tuple[Change, ...]
    open_after: int
    left_open: tuple[Junk, ...] = ()
    differing: tuple[Entity, ...] = ()

    @property
    def finishes(self) -> bool:
        """Whether no item stays open."""
        return not self.open_after


@dataclass(frozen=True, slots=True)
class OpenItems:
    """The open items of a review, except folded ones: those that are `listed` and those that a
    filter hides; of the listed ones those that are `unsure`, never seen, or `differing`, which
    means that accepting all cannot decide on them."""

    review: Review
    listed: tuple[Item, ...]
    hidden: tuple[Item, ...]
    unsure: tuple[Item, ...]
    unseen: tuple[Item, ...]
    differing: tuple[Entity, ...]

    @property
    def need_asking(self) -> bool:
        """Whether the reviewer is to choose first."""
        return bool(self.unsure or self.unseen)

    def within(self, extent: Extent) -> tuple[Item, ...]:
        """The items to accept: without those on which pipelines differ, and for the sure or the
        seen ones without junk lines that would decide on another item."""
        if extent is Extent.EVERYTHING:
            wanted = (*self.listed, *self.hidden)
            left = {item.id for item in undecided_between(self.review, wanted)}
        else:
            wanted = self.listed
            left = {item.id for item in self.differing}
        if extent in (Extent.SURE, Extent.SEEN):
            out = self.unsure if extent is Extent.SURE else self.unseen
            left |= {item.id for item in out}
            left |= {
                line.id for line in wanted if isinstance(line, Junk) and self._takes(line, left)
            }
        return tuple(item for item in wanted if item.id not in left)

    def accept(self, extent: Extent) -> AllAccepted:
        """Accept the items of this extent."""
        together = accepted_together(self.review, self.within(extent))
        decided = {change.target for change in together.changes}
        still_open = [item for item in (*self.listed, *self.hidden) if item.id not in decided]
        return AllAccepted(
            together.changes,
            len(still_open),
            together.left_open,
            _entities(self.differing, decided),
        )

    def _takes(self, line: Junk, ids: Container[str]) -> bool:
        """Whether accepting a junk line would reject one of these items."""
        rejected = rejections_in(self.review, line)
        return any(change.target in ids for change in rejected if change.kind is Kind.REJECT)


def open_items(
    review: Review,
    listed: Container[str],
    *,
    seen: Container[str] | None = None,
    fold: Fold = _NO_FOLD,
    confidence: float = 0.0,
) -> OpenItems:
    """The open items of a review, without those that `fold` hides. `listed` and `seen` are ids of
    items; without `seen`, all count as seen. Unsure are those of `is_unsure` at `confidence`."""
    items = review.open_items(fold)
    shown = tuple(item for item in items if item.id in listed)
    return OpenItems(
        review,
        shown,
        tuple(item for item in items if item.id not in listed),
        tuple(item for item in shown if is_unsure(item, confidence)),
        () if seen is None else tuple(item for item in shown if item.id not in seen),
        undecided_between(review, shown),
    )


def _entities(entities: Iterable[Entity], decided: Container[str | None]) -> tuple[Entity, ...]:
    return tuple(one for one in entities if one.id not in decided)
