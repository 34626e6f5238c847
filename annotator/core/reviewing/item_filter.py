"""The state of an item, and filters by state, kind, confidence or label."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.annotations import Claim, Entity, Item, Junk, Verdict
from annotator.core.review import ReviewItem, Status
from annotator.core.states import ItemState

ItemFilter = Callable[[ReviewItem], bool]


_KEPT = {
    Verdict.ACCEPTED: ItemState.ACCEPTED,
    Verdict.CORRECTED: ItemState.CORRECTED,
    Verdict.ADDED: ItemState.ADDED,
    Verdict.PENDING: ItemState.OPEN,
}
_KINDS = {"entities": Entity, "claims": Claim, "junk": Junk}


def state_of(held: ReviewItem) -> ItemState:
    """The state of an item."""
    match held.status:
        case Status.OPEN:
            return ItemState.OPEN
        case Status.REJECTED:
            return ItemState.REJECTED
        case _:
            return _KEPT[held.item.verdict]


def item_filter(wanted: str, confidence: float) -> ItemFilter:
    """The filter named `wanted`: `all`, an `ItemState`, `entities`, `claims`, `junk`, a label, or
    `unsure` for open items with a score below `confidence`."""
    if wanted == "all":
        return bool
    if wanted == "unsure":
        return lambda held: held.status is Status.OPEN and is_unsure(held.item, confidence)
    if wanted in _KINDS:
        return lambda held: isinstance(held.item, _KINDS[wanted])
    if wanted in set(ItemState):
        return lambda held: state_of(held) == wanted
    return lambda held: isinstance(held.item, Entity) and held.item.label == wanted


def is_unsure(item: Item, confidence: float) -> bool:
    """Whether the score of an item is below `confidence`; never without a score."""
    return item.score is not None and item.score < confidence
