"""Decisions by one key on several items: a junk line with the items in it, equal words, all open
items.

A junk line contains no other items: making a line junk rejects the items in it, and nothing can be
marked in a junk line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    Tier,
    Verdict,
    unattributed,
)
from annotator.core.article import Spans
from annotator.core.decisions import Change, Kind, accept, add, reject, relabel
from annotator.core.edits import occurrences, same_surface
from annotator.core.review import Review, Status
from annotator.core.text.words import Words

_MARKING = frozenset((Kind.ACCEPT, Kind.ADD, Kind.CORRECT))


@dataclass(frozen=True, slots=True)
class Together:
    """The result of accepting everything: the changes, and the junk lines left open because the
    reviewer has marked something in them."""

    changes: tuple[Change, ...]
    left_open: tuple[Junk, ...] = ()


@dataclass(frozen=True, slots=True)
class EqualStrings:
    """An item, the marked items of its kind with the same words, and the unmarked places where the
    words occur."""

    item: Item
    marked: tuple[Item, ...]
    unmarked: Spans


def lies_in(item: Item, line: Junk) -> bool:
    """Whether an entity or a claim overlaps a junk line."""
    if isinstance(item, Junk):
        return False
    return any(span.overlaps(line.span) for span in item.spans)


def junk_line_at(review: Review, item: Item) -> Junk | None:
    """The accepted junk line that `item` overlaps; None if there is none."""
    if isinstance(item, Junk):
        return None
    return next((line for line in _junk(review, Status.ACCEPTED) if lies_in(item, line)), None)


def line_that_forbids(review: Review, changes: Iterable[Change]) -> Junk | None:
    """The junk line in which one of `changes` would leave an item; None if there is none."""
    for change in changes:
        after = change.after if change.after is not None else change.before
        if change.kind in _MARKING and isinstance(after, Entity | Claim):
            line = junk_line_at(review, after)
            if line is not None:
                return line
    return None


def rejections_in(review: Review, line: Junk) -> tuple[Change, ...]:
    """The items to reject when `line` becomes junk: all open or accepted items in it."""
    return tuple(
        reject(held.item)
        for held in review.held.values()
        if held.status is not Status.REJECTED and lies_in(held.item, line)
    )


def accepted(review: Review, item: Item) -> tuple[Change, ...]:
    """The changes that accept `item`; accepting a junk line rejects the items in it."""
    within = rejections_in(review, item) if isinstance(item, Junk) else ()
    return accept(item), *within


def accepted_together(review: Review, items: Iterable[Item]) -> Together:
    """Accept open items. Open items in an accepted junk line are rejected. A junk line in which the
    reviewer has marked something stays open, and the items in it are accepted."""
    opened = tuple(items)
    kept = [held.item for held in review.held.values() if held.status is Status.ACCEPTED]
    lines: list[Junk] = []
    left: list[Junk] = []
    for item in opened:
        if isinstance(item, Junk):
            (left if any(lies_in(one, item) for one in kept) else lines).append(item)
    changes = [change for line in lines for change in accepted(review, line)]
    junk, waiting = tuple(_junk(review, Status.ACCEPTED)), {line.id for line in left}
    for item in opened:
        if item.id not in waiting:
            forbidden = any(lies_in(item, line) for line in junk)
            changes.append(reject(item) if forbidden else accept(item))
    return Together(once_each(changes), tuple(left))


def equal_strings(
    review: Review, item: Item, *, among: Iterable[Item], words: Words
) -> EqualStrings:
    """The strings equal to that of `item`: the marked ones in `among`, and the unmarked ones."""
    marked = same_surface(item, among, words.text)
    unmarked = () if isinstance(item, Claim) else occurrences(item, review.items, words)
    return EqualStrings(item, marked, unmarked)


def everywhere(
    review: Review,
    equal: EqualStrings,
    *,
    label: str | None = None,
    rejecting: bool = False,
    new_id: Callable[[], str],
) -> tuple[Change, ...]:
    """One decision for an item and all equal strings outside junk lines: the marked ones and,
    unless `rejecting`, the unmarked ones. `label` relabels them."""
    item = equal.item
    lines = tuple(_junk(review, Status.ACCEPTED, Status.OPEN))
    changes: list[Change] = []
    for one in (item, *equal.marked):
        if rejecting:
            if review.held[one.id].status is not Status.REJECTED:
                changes.append(reject(one))
        elif not any(lies_in(one, line) for line in lines):
            changes += _decided_alike(review, one, label)
    if not rejecting and isinstance(item, Entity | Junk):
        for new in _marked_like(item, equal.unmarked, label, new_id):
            if not any(lies_in(new, line) for line in lines):
                changes.append(add(new))
                changes += rejections_in(review, new) if isinstance(new, Junk) else ()
    return once_each(changes)


def once_each(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The first change for each item."""
    first: dict[str | None, Change] = {}
    for change in changes:
        first.setdefault(change.target, change)
    return tuple(first.values())


def _decided_alike(review: Review, item: Item, label: str | None) -> Iterator[Change]:
    if isinstance(item, Entity) and label is not None and item.label != label:
        yield relabel(item, label)
    elif review.held[item.id].status is not Status.ACCEPTED:
        yield from accepted(review, item)


def _marked_like(
    item: Entity | Junk, unmarked: Spans, label: str | None, new_id: Callable[[], str]
) -> Iterator[Entity | Junk]:
    for span in unmarked:
        new = replace(
            item,
            id=new_id(),
            span=span,
            note=None,
            score=None,
            made_by=MadeBy.REVIEWER,
            verdict=Verdict.PENDING,
        )
        if isinstance(new, Entity):
            new = replace(new, identity=None, label=label or new.label, tier=Tier.A)
            new = unattributed(new)
        yield new


def _junk(review: Review, *states: Status) -> Iterator[Junk]:
    for id in review.lines:
        held = review.held.get(id)
        if held is not None and isinstance(held.item, Junk) and held.status in states:
            yield held.item
