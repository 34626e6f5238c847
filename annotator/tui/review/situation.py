"""Where the reviewer is in an article, and what can be done there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from annotator.core.annotations import Claim, Entity, Junk
from annotator.core.review import Status
from annotator.core.speakers import speaker_of
from annotator.tui.review.state import ReviewState


class Here(StrEnum):
    """What keys act on."""

    ENTITY = "entity"
    CLAIM = "claim"
    PART = "part of a claim"
    JUNK = "junk line"
    WORDS = "selected words"
    TEXT = "plain text"
    FINISHED = "finished"


_ITEM = frozenset((Here.ENTITY, Here.CLAIM, Here.PART, Here.JUNK))
_CLAIM = frozenset((Here.CLAIM, Here.PART))
_NAMED = frozenset((Here.ENTITY, Here.WORDS, Here.TEXT))
_UNSELECTED = frozenset((*_ITEM, Here.TEXT))
_UNFINISHED = frozenset((*_ITEM, Here.WORDS, Here.TEXT))

_WHERE: Mapping[str, frozenset[Here]] = {
    "accept": _ITEM,
    "reject": _ITEM,
    "leave": _UNSELECTED,
    "accept_all": _UNSELECTED,
    "label": _NAMED,
    "same": frozenset((Here.ENTITY, Here.JUNK)),
    "identity": _CLAIM | {Here.ENTITY},
    "same_identity": _CLAIM | {Here.ENTITY},
    "repeat": _UNFINISHED,
    "left_out": _ITEM | {Here.WORDS},
    "left_in": _ITEM | {Here.WORDS},
    "right_in": _ITEM | {Here.WORDS},
    "right_out": _ITEM | {Here.WORDS},
    "edges": frozenset((Here.WORDS,)),
    "further_piece": frozenset((Here.WORDS,)),
    "drop_part": frozenset((Here.PART,)),
    "claim": _UNFINISHED,
    "source": _CLAIM | {Here.WORDS},
    "cue": _CLAIM | {Here.WORDS},
    "speaker": _CLAIM,
    "no_source": _CLAIM,
    "attributes": _CLAIM,
    "junk": _UNFINISHED,
    "note": _UNSELECTED,
    "article_note": _UNFINISHED,
    "skip": _UNFINISHED,
    "reopen": frozenset((Here.FINISHED,)),
    "close": frozenset((Here.WORDS,)),
    "copy": _ITEM | {Here.WORDS, Here.FINISHED},
    "next_part": _ITEM | {Here.FINISHED},
    "previous_part": _ITEM | {Here.FINISHED},
}
"""Where an action makes sense; one that is not named does everywhere."""
_LABELS = frozenset(f"label_{digit}" for digit in "1234567890")


def here_of(state: ReviewState, *, selected: bool) -> Here:
    """What keys act on now; `selected` says whether words are."""
    if state.review.finished:
        return Here.FINISHED
    if selected:
        return Here.WORDS
    match state.item:
        case Entity():
            return Here.ENTITY
        case Junk():
            return Here.JUNK
        case Claim():
            return Here.PART if state.focus.part is not None else Here.CLAIM
    return Here.TEXT


def can(action: str, state: ReviewState, here: Here) -> bool:
    """Whether an action can do anything here."""
    where = _NAMED if action in _LABELS else _WHERE.get(action)
    if where is not None and here not in where:
        return False
    match action:
        case "undo":
            return bool(state.review.undoable)
        case "redo":
            return bool(state.review.redoable)
        case "repeat":
            return state.habits.repeats.last() is not None
        case "unfold":
            return bool(state.listed.folded(state.review))
        case "next_open" | "previous_open":
            return state.listed.order.open_count > 0
        case "further_piece" | "source" | "cue":
            return here is not Here.WORDS or _belongs_to_a_claim(state)
        case "identity" | "same_identity":
            return not isinstance(state.item, Claim) or bool(speaker_of(state.item, state.review))
        case "no_source":
            return isinstance(state.item, Claim) and bool(state.item.source)
    return True


def _belongs_to_a_claim(state: ReviewState) -> bool:
    """Whether selected words can become a part of a claim."""
    if isinstance(state.item, Claim):
        return True
    last = state.review.held.get(state.last_claim.id or "")
    return last is not None and last.status is not Status.REJECTED
