"""Limits the total text covered by the items of an article.

Each item is stored with its words, so thousands of items that each cover most of a text would take
quadratic space; no real annotation is like that.
"""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.annotations import Item

TIMES = 20
"""The items of an article may cover at most so many times its characters,"""
AT_LEAST = 100_000
"""or so many, whichever is more."""


def beyond_bounds(items: Iterable[Item], text: str) -> tuple[Item, ...]:
    """The longest items, to be removed so that the others keep within the limit, in their order."""
    every = tuple(items)
    room = max(TIMES * len(text), AT_LEAST)
    if sum(map(_size, every)) <= room:
        return ()
    over = set()
    for place in sorted(range(len(every)), key=lambda place: _size(every[place])):
        room -= _size(every[place])
        if room < 0:
            over.add(place)
    return tuple(every[place] for place in sorted(over))


def _size(item: Item) -> int:
    return sum(map(len, item.spans))
