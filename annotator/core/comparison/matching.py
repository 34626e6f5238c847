"""Which items of two reviewers are meant to be the same, one to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.comparison.subjects import category_of
from annotator.core.item_matching import overlap

_Some = TypeVar("_Some", Entity, Claim, Junk)
Pair = tuple[_Some | None, _Some | None]
"""An item of each of two reviewers; None where one of them has none."""


def matched(one: Sequence[_Some], other: Sequence[_Some]) -> tuple[Pair[_Some], ...]:
    """The items of two reviewers in pairs, in text order, and those that only one of them has.

    The nearest are paired first: equal spans before overlapping ones, and among these equal labels
    first. Claims are near if half of their contents is the same, or the same cue introduces
    contents that overlap.
    """
    left: dict[int, int] = {}
    right: set[int] = set()
    for _, n, m in sorted(_candidates(one, other)):
        if n not in left and m not in right:
            left[n] = m
            right.add(m)
    pairs: list[Pair[_Some]] = [
        (item, other[left[n]] if n in left else None) for n, item in enumerate(one)
    ]
    pairs += [(None, item) for m, item in enumerate(other) if m not in right]
    return tuple(sorted(pairs, key=_place))


def clustered(sides: Sequence[Sequence[Claim]]) -> tuple[tuple[Claim | None, ...], ...]:
    """The claims of several reviewers in rows, at most one of each reviewer; None where one has
    none. A claim joins the row whose first claim is nearest."""
    rows: list[list[Claim | None]] = []
    for n, claims in enumerate(sides):
        firsts = [next(claim for claim in row if claim is not None) for row in rows]
        places = {id(first): at for at, first in enumerate(firsts)}
        for first, claim in matched(firsts, claims):
            if claim is None:
                continue
            if first is None:
                rows.append([None] * len(sides))
            row = rows[-1 if first is None else places[id(first)]]
            row[n] = claim
    return tuple(map(tuple, rows))


def _candidates(
    one: Sequence[_Some], other: Sequence[_Some]
) -> Iterator[tuple[tuple[float, int], int, int]]:
    """The pairs that overlap, as (rank, index, index)."""
    spans = [item.span for item in other]
    by_start = sorted(range(len(other)), key=lambda m: spans[m].start)
    for n, item in enumerate(one):
        span = item.span
        for m in by_start:
            if spans[m].start >= span.end:
                break
            if spans[m].end > span.start and (near := _nearness(item, other[m])):
                yield (-near, _differences(item, other[m])), n, m


def _nearness(one: Item, other: Item) -> float:
    # Most pairs are entities on the same span.
    if isinstance(one, Entity) and isinstance(other, Entity) and one.span == other.span:
        return 1.0
    return overlap(one, other)


def _differences(one: Item, other: Item) -> int:
    """How much two items of one place differ otherwise."""
    match one, other:
        case Claim(), Claim():
            return 2 * (one.source != other.source) + (one.cue != other.cue)
        case _:
            return int(category_of(one) != category_of(other))


def _place(pair: tuple[Item | None, Item | None]) -> tuple[int, int]:
    item = pair[0] if pair[0] is not None else pair[1]
    assert item is not None
    return item.span.start, item.span.end
