"""Candidates by index: what shares a feature, however many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from math import log
from typing import TypeVar

LONGEST = 200
"""Features that more items share tell little, and would make the work grow with its square."""

_Item = TypeVar("_Item", bound=Hashable)
_Feature = TypeVar("_Feature", bound=Hashable)


def postings(features: Mapping[_Item, Iterable[_Feature]]) -> dict[_Feature, list[_Item]]:
    """The items that have each feature, in the order of the items."""
    found: dict[_Feature, list[_Item]] = defaultdict(list)
    for item, own in features.items():
        for feature in own:
            found[feature].append(item)
    return dict(found)


def sharing_pairs(
    features: Mapping[_Item, Iterable[_Feature]], *, longest: int = LONGEST
) -> Iterator[tuple[_Item, _Item]]:
    """Pairs of items with a common feature, each once, of features that at most `longest` have."""
    seen: set[tuple[_Item, _Item]] = set()
    for items in postings(features).values():
        if 1 < len(items) <= longest:
            for pair in combinations(items, 2):
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def weights(features: Iterable[Iterable[_Feature]], *, background: int) -> dict[_Feature, float]:
    """How much each feature tells: the logarithm of how rare it is (idf).

    `background` counts as so many items with none of the features: where items are few, those that
    all of them share are what they are about, not what all texts have.
    """
    items = [set(own) for own in features]
    counts = Counter(feature for own in items for feature in own)
    size = background + len(items)
    return {feature: log(1 + size / count) for feature, count in counts.items()}
