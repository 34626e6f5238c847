"""A reviewer's commands: pure functions from a review to the changes of one key press.

Nothing to do gives no changes; a command that is not possible gives a `NotDone` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.core.annotations import Entity, Item, Junk, JunkKind
from annotator.core.article import Span
from annotator.core.decisions import Change, Kind, add, correct, reject, relabel
from annotator.core.edits import junk_kind_of
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.bulk import (
    accepted,
    equal_strings,
    everywhere,
    line_that_forbids,
    once_each,
    rejections_in,
)
from annotator.core.reviewing.presses import is_looked_at
from annotator.core.text.words import Words

Changes = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class NotDone:
    """The reason why a command changes nothing."""

    said: str


class Everywhere(StrEnum):
    """A decision on all equal strings, other than a label."""

    ACCEPT = "accept"
    REJECT = "reject"
    AS_IT_STANDS = "as it stands"


@dataclass(frozen=True, slots=True)
class Marking:
    """The result of marking: the resulting item, and the changes, none if the item exists already.
    `target` is None if there was nothing to mark."""

    target: str | None
    changes: Changes


def forbidden(review: Review, changes: Iterable[Change]) -> NotDone | None:
    """Why the changes are not allowed: nothing can be marked in a junk line."""
    if line_that_forbids(review, changes) is None:
        return None
    return NotDone("This line is junk, and nothing is marked in it: reject the junk line first.")


# One item


def accept_one(review: Review, held: ReviewItem) -> Changes:
    """Accept an item; accepting a junk line rejects the items in it. One that was accepted in bulk
    is accepted again by itself, unless the review is finished."""
    is_done = review.finished or is_looked_at(review, held.item.id)
    return () if held.status is Status.ACCEPTED and is_done else accepted(review, held.item)


def reject_one(held: ReviewItem) -> Changes:
    """Reject an item."""
    return () if held.status is Status.REJECTED else (reject(held.item),)


def label_one(held: ReviewItem, label: str) -> Changes:
    """Label an entity; its present label accepts it. Other items have no label."""
    item = held.item
    if not isinstance(item, Entity) or (held.status is Status.ACCEPTED and item.label == label):
        return ()
    return (relabel(item, label),)


def corrected(item: Item, now: Item | None) -> Changes | NotDone:
    """Change `item` to `now`; None means that the change is not possible."""
    if now is None:
        return NotDone("Not possible with these edges.")
    return () if now == item else (correct(item, now),)


def mark_entity(review: Review, span: Span, label: str, *, new_id: Callable[[], str]) -> Marking:
    """Add an entity; if one has this span already, label it instead."""
    there = entity_at(review, span)
    if there is not None:
        return Marking(there.item.id, label_one(there, label))
    made = Entity(new_id(), span, label)
    return Marking(made.id, (add(made),))


def entity_at(review: Review, span: Span) -> ReviewItem | None:
    """The entity with exactly this span, even if rejected."""
    for held in review.held.values():
        is_gone = held.status is Status.REJECTED and held.suggested is None
        if isinstance(held.item, Entity) and held.item.span == span and not is_gone:
            return held
    return None


# Junk lines


def mark_junk(
    review: Review, lines: Iterable[Span], text: str, *, new_id: Callable[[], str]
) -> Marking:
    """Mark lines as junk and reject the items in them; open junk there is accepted."""
    changes: list[Change] = []
    first: str | None = None
    for line in lines:
        there = next((item for item in review.junk if item.span.overlaps(line)), None)
        if there is None:
            new = Junk(new_id(), line, junk_kind_of(line.of(text)))
            changes += [add(new), *rejections_in(review, new)]
            first = first or new.id
            continue
        first = first or there.id
        if review.held[there.id].status is Status.OPEN:
            changes += accepted(review, there)
    return Marking(first, once_each(changes))


def set_junk_kind(review: Review, item: Junk, kind: JunkKind) -> Changes:
    """Set the kind of a junk line; its present kind accepts it."""
    if kind is item.kind:
        return accepted(review, item)
    return correct(item, replace(item, kind=kind)), *rejections_in(review, item)


def rejected_count(changes: Iterable[Change]) -> int:
    """The number of items that the changes reject."""
    return sum(1 for change in changes if change.kind is Kind.REJECT)


# Several items


def same_everywhere(
    review: Review,
    held: ReviewItem,
    decision: Everywhere | str,
    *,
    among: Iterable[Item],
    words: Words,
    new_id: Callable[[], str],
) -> Changes:
    """Decide on an item and all equal strings, marked or not; a plain string is a label."""
    own = getattr(held.item, "label", None)
    as_it_stands = decision is Everywhere.AS_IT_STANDS
    rejects = as_it_stands and held.status is Status.REJECTED
    return everywhere(
        review,
        equal_strings(review, held.item, among=among, words=words),
        label=own if isinstance(decision, Everywhere) else decision,
        rejecting=rejects or decision is Everywhere.REJECT,
        new_id=new_id,
    )
