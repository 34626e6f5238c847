"""One item of a review, and what a decision does to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.core.annotations import Claim, Entity, Item, Junk, Verdict, decided_as, same_content
from annotator.core.decisions import Decision, Kind
from annotator.errors import ReviewError


class Status(StrEnum):
    """Whether an item is open, accepted or rejected."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One item of a review: current item, suggestion (if any), and status."""

    item: Item
    suggested: Item | None
    status: Status


def opened_item(item: Item, status: Status) -> ReviewItem:
    """A suggestion when the review is opened."""
    if status is not Status.ACCEPTED:
        return ReviewItem(item, item, status)
    accepted = decided_as(item, Verdict.ACCEPTED, item.made_by, item.score)
    return ReviewItem(accepted, item, status)


def put_item(decision: Decision) -> ReviewItem:
    """Insert an item that was not suggested, or whose suggestion is unknown (imports)."""
    item, kind = decision.after, decision.kind
    if kind is not Kind.ADD and not (kind is Kind.CORRECT and decision.before is None):
        raise ReviewError(f"The review has no item {decision.target!r}.")
    if not isinstance(item, Entity | Claim | Junk) or item.id != decision.target:
        raise ReviewError("An add decision needs the item in `after`.")
    verdict = Verdict.ADDED if kind is Kind.ADD else Verdict.CORRECTED
    return ReviewItem(replace(item, verdict=verdict), None, Status.ACCEPTED)


def decided_item(held: ReviewItem, decision: Decision) -> ReviewItem:
    """The item after a decision on it."""
    item = held.item
    match decision.kind:
        case Kind.ACCEPT:
            return _kept(held, item)
        case Kind.REJECT:
            return replace(held, status=Status.REJECTED)
        case Kind.CORRECT:
            return _kept(held, _outcome(decision))
        case Kind.NOTE | Kind.LINK:
            after = _outcome(decision)
            return replace(held, item=replace(after, verdict=item.verdict, score=item.score))
        case Kind.ADD:
            raise ReviewError(f"The review already has an item {item.id!r}.")
        case _:
            raise ReviewError(f"{decision.kind} is not a decision on an item.")


def _outcome(decision: Decision) -> Item:
    after = decision.after
    if not isinstance(after, Entity | Claim | Junk) or after.id != decision.target:
        raise ReviewError(f"{decision.kind} needs the changed item in `after`.")
    return after


def _kept(held: ReviewItem, item: Item) -> ReviewItem:
    """Accepted if equal to the suggestion, corrected if different, added without a suggestion."""
    if type(item) is not type(held.item):
        raise ReviewError("The kind of an item cannot change.")
    if held.suggested is None:
        verdict = held.item.verdict
    elif same_content(item, held.suggested):
        verdict = Verdict.ACCEPTED
    else:
        verdict = Verdict.CORRECTED
    made_by, score = held.item.made_by, held.item.score
    return ReviewItem(decided_as(item, verdict, made_by, score), held.suggested, Status.ACCEPTED)
