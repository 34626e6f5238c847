"""The items of an article in numbers, for a preview of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.annotations import Claim, Entity, Item, is_known_wrong
from annotator.core.decisions import Answer
from annotator.core.folds import Fold
from annotator.core.review import Review, Status
from annotator.core.reviewing.item_filter import is_unsure

Standing = tuple[tuple[Item, bool], ...]
"""Items that stand, each with whether it is open."""


@dataclass(frozen=True, slots=True)
class ItemNumbers:
    """Entities by label (the most first), claims and junk lines; of the open ones those `folded`,
    and of the others those that are unsure."""

    labels: tuple[tuple[str, int], ...] = ()
    claims: int = 0
    junk: int = 0
    open: int = 0
    folded: int = 0
    unsure: int = 0


def standing_in(review: Review) -> Standing:
    """The items that stand in a review; none if it sets the article aside."""
    if review.answer is not Answer.ACCEPT:
        return ()
    held = (one for one in review.held.values() if one.status is not Status.REJECTED)
    return tuple((one.item, one.status is Status.OPEN) for one in held)


def counted(items: Iterable[tuple[Item, bool]], confidence: float, fold: Fold) -> ItemNumbers:
    """The numbers of items; open entities known to be wrong are left out, as everywhere."""
    labels: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for item, is_open in items:
        if is_open and is_known_wrong(item):
            continue
        folded = is_open and fold.takes(item)
        numbers["open"] += is_open
        numbers["folded"] += folded
        numbers["unsure"] += is_open and not folded and is_unsure(item, confidence)
        if isinstance(item, Entity):
            labels[item.label] += 1
        else:
            numbers["claims" if isinstance(item, Claim) else "junk"] += 1
    ordered = sorted(labels.items(), key=lambda one: (-one[1], one[0]))
    return ItemNumbers(tuple(ordered), **numbers)
