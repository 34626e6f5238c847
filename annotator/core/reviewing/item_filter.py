"""The state of an item, filters by state, kind, confidence or label, and orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    SourceKind,
    Stance,
    Verdict,
    differs,
)
from annotator.core.labels import Label
from annotator.core.review import ReviewItem, Status
from annotator.core.states import DESK_ASKS, ItemFilter, ItemOrdering, ItemState

ItemTest: TypeAlias = Callable[[ReviewItem], bool]
ItemRank: TypeAlias = Callable[[Item], float]

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
_STANCES = {
    ItemFilter.DENIALS: Stance.DENIES,
    ItemFilter.DEMANDS: Stance.DEMANDS,
    ItemFilter.PREDICTIONS: Stance.PREDICTS,
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


def item_test(wanted: ItemFilter | Label, confidence: float, text: str) -> ItemTest:
    """The test whether an item of `text` passes a filter; a label lets its entities pass.

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
    if wanted in DESK_ASKS:
        return lambda held: isinstance(held.item, Claim) and _is_asked(held.item, wanted, text)
    state = ItemState(wanted)
    return lambda held: state_of(held) is state


def filter_counts(
    items: Iterable[ReviewItem],
    filters: Iterable[ItemFilter | Label],
    *,
    confidence: float,
    text: str,
) -> dict[ItemFilter | Label, int]:
    """How many of the items of `text` pass each filter."""
    given = tuple(items)
    tests = {wanted: item_test(wanted, confidence, text) for wanted in filters}
    return {wanted: sum(map(bool, map(test, given))) for wanted, test in tests.items()}


def is_unsure(item: Item, confidence: float) -> bool:
    """Whether the memory made an open item, or changed its label or edges, or pipelines differ on
    it, or its score is below `confidence`."""
    if item.made_by is MadeBy.MEMORY or differs(item):
        return True
    return item.score is not None and item.score < confidence


def item_rank(order: ItemOrdering, confidence: float, text: str) -> ItemRank | None:
    """The rank of an item of `text` in an order, the lowest first; None for the order by text."""
    if order is ItemOrdering.TEXT:
        return None
    if order is ItemOrdering.LEAST_CONFIDENT:
        return _doubt
    if order is ItemOrdering.DESK:
        return lambda item: _desk_rank(item, confidence, text)
    first = ItemFilter(order)
    return lambda item: float(not (isinstance(item, Claim) and _is_asked(item, first, text)))


def _doubt(item: Item) -> float:
    """The rank of an item in the order by confidence: its score, lower if pipelines differ."""
    score = 1.0 if item.score is None else item.score
    return score - 2.0 if differs(item) else score


def _desk_rank(item: Item, confidence: float, text: str) -> float:
    """The place of the first question of a desk that a claim answers; then unsure items, then the
    others."""
    if isinstance(item, Claim):
        for place, asked in enumerate(DESK_ASKS):
            if _is_asked(item, asked, text):
                return float(place)
    return float(len(DESK_ASKS) + (not is_unsure(item, confidence)))


def _is_asked(claim: Claim, asked: ItemFilter, text: str) -> bool:
    if asked in _STANCES:
        return claim.stance is _STANCES[asked]
    if asked is ItemFilter.ANONYMOUS:
        return claim.source_kind is SourceKind.ANONYMOUS
    from annotator.core.across.quantities import quantities_in

    return any(quantities_in(piece.of(text)) for piece in claim.content)
