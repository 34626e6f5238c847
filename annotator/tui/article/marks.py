"""Turns items into marks: the pieces of an item to draw in the text, and their state."""

from __future__ import annotations

from annotator.core.annotations import Claim, Entity
from annotator.core.edits import PartName, pieces
from annotator.core.folds import Fold
from annotator.core.review import ReviewItem, Status
from annotator.core.reviewing.item_filter import is_unsure, state_of
from annotator.core.states import ItemState
from annotator.tui.article.render import Mark, MarkRole

_ROLES = {
    PartName.CONTENT: MarkRole.CONTENT,
    PartName.CUE: MarkRole.CUE,
    PartName.SOURCE: MarkRole.SOURCE,
}
SIGNS = {
    ItemState.OPEN: ("•", "accent"),
    ItemState.ACCEPTED: ("✓", "good"),
    ItemState.CORRECTED: ("✎", "good"),
    ItemState.ADDED: ("+", "good"),
    ItemState.REJECTED: ("✗", "bad"),
}
"""The sign of a state beside an item, and its tone."""
DIFFERS = "≠"
"""The sign of an item on which pipelines differ."""
SPEAKS = "→"
"""The sign before the name of who speaks in a claim."""


def marks_of(
    held: ReviewItem | None, fold: Fold, confidence: float, *, focused: bool = False
) -> list[Mark]:
    """The marks of an item; none if it is not drawn.

    Rejected claims and junk lines are drawn only while they are focused, because their text is
    ordinary text again; so are open items that `fold` hides. Open claims below `confidence` are
    marked as unsure.
    """
    if held is None:
        return []
    status, item = state_of(held), held.item
    if status is ItemState.REJECTED and (held.suggested is None or not _is_drawn(held, focused)):
        return []
    is_open = held.status is Status.OPEN
    if is_open and fold.hides(item) and not focused:
        return []
    noted = bool(item.note)
    match item:
        case Entity():
            return [Mark(item.id, MarkRole.ENTITY, item.span, item.label, status, noted=noted)]
        case Claim():
            unsure = is_open and is_unsure(item, confidence)
            first = item.content[0].start
            return [
                Mark(
                    item.id,
                    role,
                    span,
                    None,
                    status,
                    unsure=unsure,
                    noted=noted and span.start == first,
                )
                for name, role in _ROLES.items()
                for span in pieces(item, name)
            ]
        case _:
            return [Mark(item.id, MarkRole.JUNK, item.span, None, status, noted=noted)]


def _is_drawn(held: ReviewItem, focused: bool) -> bool:
    return focused or isinstance(held.item, Entity)
