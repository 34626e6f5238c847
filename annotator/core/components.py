"""Connected components of linked articles (stories), and the oldest article of each."""

from __future__ import annotations

from collections.abc import Iterable


def connected_components(links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Maps each linked number to the smallest number of its component.

    Union-find with path halving (Tarjan & van Leeuwen 1984, JACM 31:245-281); the smaller number is
    always the root.
    """
    above: dict[int, int] = {}

    def top(one: int) -> int:
        while above.setdefault(one, one) != one:
            above[one] = one = above[above[one]]
        return one

    for one, other in links:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    return {one: top(one) for one in above}
