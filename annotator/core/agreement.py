"""Agreement between reviewers: F1 of exact items, which needs no true negatives.

For spans, F1 between two annotators is the usual measure of agreement: kappa needs the number of
true negatives, which is undefined for spans (Hripcsak & Rothschild 2005, JAMIA 12:296-298).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from annotator.core.annotations import Claim, Entity, Item, Verdict


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of pairs of reviewers: mean F1 (0 to 1) and the number of pairs."""

    entities: float | None
    claims: float | None
    pairs: int


def f1(one: Iterable[Hashable], other: Iterable[Hashable]) -> float | None:
    """F1 of two sets of items, 0 to 1; None when both are empty."""
    left, right = set(one), set(other)
    total = len(left) + len(right)
    return 2 * len(left & right) / total if total else None


def agreement(reviews: Iterable[Sequence[Sequence[Item]]]) -> Agreement:
    """Mean agreement over every pair of reviews of the same article.

    `reviews` holds, for each article, the items of each of its reviews. Entities agree in span and
    label, claims in content and source. Items that either reviewer left open are ignored.
    """
    entities: list[float] = []
    claims: list[float] = []
    pairs = 0
    for of_article in reviews:
        for one, other in combinations(of_article, 2):
            pairs += 1
            for values, kind in ((entities, Entity), (claims, Claim)):
                left, right = _said(one, kind), _said(other, kind)
                unsaid = _open(one, kind) | _open(other, kind)
                _note(values, f1(left - unsaid, right - unsaid))
    return Agreement(_mean(entities), _mean(claims), pairs)


def _said(items: Iterable[Item], kind: type[Item]) -> set[Hashable]:
    return {substance(item) for item in items if isinstance(item, kind)}


def _open(items: Iterable[Item], kind: type[Item]) -> set[Hashable]:
    return _said((item for item in items if item.verdict is Verdict.PENDING), kind)


def substance(item: Item) -> Hashable:
    """The part of an item on which two reviewers must agree."""
    match item:
        case Entity():
            return item.span, item.label
        case Claim():
            return item.content, item.source
        case _:
            return item.span, item.kind


def _note(values: list[float], value: float | None) -> None:
    if value is not None:
        values.append(value)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
