"""How much better entities are found after training than before, with intervals over articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from annotator.errors import ModelError
from annotator.training.evaluation import entity_sets
from annotator.training.gold import Gold

MOST_LOST = 0.01
"""So much of F on general news may be lost."""
_DRAWS = 2000
_BOUNDS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class EntityCounts:
    """Entities of one article: found and right, found, and in the gold."""

    right: int
    found: int
    gold: int

    @classmethod
    def of(cls, gold: Gold, doc: Doc) -> EntityCounts:
        want, have = entity_sets(gold, doc)
        return cls(len(want & have), len(have), len(want))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fraction with its interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """F of entities on the same articles before and after, and the difference."""

    articles: int
    entities: int
    before: Estimate
    after: Estimate
    difference: Estimate

    def to_plain(self) -> dict[str, Any]:
        """As JSON values, rounded to four digits."""
        plain = asdict(self)
        for name in ("before", "after", "difference"):
            plain[name] = {part: round(value, 4) for part, value in plain[name].items()}
        return plain


def compared(
    before: Sequence[EntityCounts], after: Sequence[EntityCounts], seed: int
) -> Comparison:
    """The comparison; intervals by drawing articles with replacement (Efron 1979)."""
    draws = np.random.default_rng(seed).integers(0, len(before), (_DRAWS, len(before)))
    sides = [_table(counts) for counts in (before, after)]
    whole = [float(_f(table.sum(axis=0))) for table in sides]
    drawn = [_f(table[draws].sum(axis=1)) for table in sides]
    return Comparison(
        len(before),
        sum(one.gold for one in before),
        _estimate(whole[0], drawn[0]),
        _estimate(whole[1], drawn[1]),
        _estimate(whole[1] - whole[0], drawn[1] - drawn[0]),
    )


def refuse_if_worse(held_out: Comparison, general: Comparison) -> None:
    """Raise ModelError unless the held-out articles got better and general news hardly worse."""
    if held_out.difference.value <= 0:
        was, now = held_out.before.value, held_out.after.value
        how = "worse" if now < was else "no better"
        raise ModelError(
            f"The trained pipeline is {how} on the {held_out.articles} articles held out (F of "
            f"entities {was:.1%} before, {now:.1%} after); nothing was written.",
            hint="Finish more reviews, and look for items that contradict each other.",
        )
    if general.difference.value < -MOST_LOST:
        was, now = general.before.value, general.after.value
        raise ModelError(
            f"The trained pipeline forgets other news (F of entities {was:.1%} before, {now:.1%} "
            "after); nothing was written.",
            hint="Look for wrong labels in the finished reviews: they teach the opposite of what "
            "was known.",
        )


def _table(counts: Sequence[EntityCounts]) -> NDArray[np.int64]:
    return np.array([(one.right, one.found, one.gold) for one in counts], dtype=np.int64)


def _f(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """F of counts in the last axis; 0 where nothing is there."""
    ends = sums[..., 1] + sums[..., 2]
    values: NDArray[np.float64] = 2 * sums[..., 0] / np.maximum(ends, 1)
    return values


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    low, high = np.percentile(drawn, _BOUNDS)
    return Estimate(value, float(low), float(high))
