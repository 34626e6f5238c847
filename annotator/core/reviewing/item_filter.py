"""The state of an item, and filters by state, kind, confidence or label."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Verdict, differs
from annotator.core.labels import Label
from annotator.core.review import ReviewItem, Status
from annotator.core.states import ItemFilter, ItemState

ItemTest: TypeAlias = Callable[[ReviewItem], bool]

_KEPT = {
    Verdict.ACCEPTED: ItemState.ACCEPTED,
    Verdict.CORRECTED: ItemState.CORRECTED,
    Verdict.ADDED: ItemState.ADDED,
    Verdict.PENDING: ItemState.OPEN,
}
_KINDS: dict[ItemFilter, type[Item]] = {
    ItemFilter.ENTITIES: Entity,
    ItemFilter.CLAIMS: Claim,
    ItemFilter.JUNK: Junk,
}


def state_of(held: ReviewItem) -> ItemState:
    """The state of an item."""
    match held.status:
        case Status.OPEN:
            return ItemState.OPEN
        case Status.REJECTED:
            return ItemState.REJECTED
        case _:
            return _KEPT[held.item.verdict]


def item_test(wanted: ItemFilter | Label, confidence: float) -> ItemTest:
    """The test whether an item passes a filter; a label lets its entities pass.

    Unsure are open items as `is_unsure` says.
    """
    if isinstance(wanted, Label):
        return lambda held: isinstance(held.item, Entity) and held.item.label == wanted.name
    if wanted is ItemFilter.ALL:
        return bool
    if wanted is ItemFilter.UNSURE:
        return lambda held: held.status is Status.OPEN and is_unsure(held.item, confidence)
    if wanted in _KINDS:
        return lambda held: isinstance(held.item, _KINDS[wanted])
    state = ItemState(wanted)
    return lambda held: state_of(held) is state


def is_unsure(item: Item, confidence: float) -> bool:
    """Whether the memory made an open item, or changed its label or edges, or pipelines differ on
    it, or its score is below `confidence`."""
    if item.made_by is MadeBy.MEMORY or differs(item):
        return True
    return item.score is not None and item.score < confidence
