"""What became of the pipeline's own suggestions in a finished review, by label and score.

They are compared by place, as in `core.anchoring`: a suggestion is *kept* if the finished review
has the same entity (span and label), claim (content and source) or junk line (span and kind),
however that came about. So reviews that were made without seeing suggestions have fates too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple, TypeAlias

from annotator.core.agreement import substance
from annotator.core.annotations import Claim, Entity, Item, Junk, Verdict
from annotator.core.article import Span, overlap_test
from annotator.core.item_matching import overlap
from annotator.core.review import Review
from annotator.core.reviewing.presses import How, deciding_presses

TENTHS = 10
"""Scores are put together by tenths: 0 to below 0.1, and so on; 0.9 to 1.0 is the last."""
_Z = 1.959964  # of an interval of 95 %
_KINDS: tuple[type[Item], ...] = (Entity, Claim, Junk)


class FateKey(NamedTuple):
    """What fates are counted by: the kind of item, the label of an entity (empty for others), and
    the tenth that the score is in (None without a score)."""

    kind: str
    label: str
    tenth: int | None


@dataclass(frozen=True, slots=True)
class Fates:
    """Counts of suggestions: kept as suggested (of which `in_bulk` were accepted together with
    others), corrected (something else of the same kind stands there), rejected, left open; and of
    items that were `missed`: nothing of their kind was suggested there. `scores` is the sum of the
    scores of the decided ones, in thousandths."""

    kept: int = 0
    in_bulk: int = 0
    corrected: int = 0
    rejected: int = 0
    open: int = 0
    missed: int = 0
    scores: int = 0

    def __add__(self, other: Fates) -> Fates:
        return Fates(
            self.kept + other.kept,
            self.in_bulk + other.in_bulk,
            self.corrected + other.corrected,
            self.rejected + other.rejected,
            self.open + other.open,
            self.missed + other.missed,
            self.scores + other.scores,
        )

    @property
    def decided(self) -> int:
        """The number of decided suggestions."""
        return self.kept + self.corrected + self.rejected

    @property
    def changed(self) -> int:
        """How many items the reviewer changed."""
        return self.corrected + self.rejected + self.missed

    @property
    def right(self) -> float | None:
        """The share (0 to 1) of decided suggestions that were kept; None without any."""
        return self.kept / self.decided if self.decided else None

    @property
    def mean_score(self) -> float | None:
        """The mean score of decided suggestions that have one; for those of one tenth."""
        return self.scores / 1000 / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval of 95 % (Wilson) of the share, as if suggestions were independent."""
        if not self.decided:
            return None
        share, n = self.kept / self.decided, self.decided
        middle = share + _Z * _Z / (2 * n)
        reach = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
        below = 1 + _Z * _Z / n
        return max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below)


FatesByKind: TypeAlias = Mapping[FateKey, Fates]


def added(one: FatesByKind, other: FatesByKind) -> dict[FateKey, Fates]:
    """The sums of both."""
    found = dict(one)
    for key, fates in other.items():
        found[key] = found[key] + fates if key in found else fates
    return found


def fates_of(review: Review, suggested: Iterable[Item]) -> dict[FateKey, Fates]:
    """The fates of the pipeline's own suggestions in a finished review."""
    found: dict[FateKey, Fates] = {}
    suggestions = tuple(suggested)
    bulk = _accepted_in_bulk(review)
    for kind in _KINDS:
        there = _There(one for one in review.items if isinstance(one, kind))
        own = {substance(one): one for one in suggestions if isinstance(one, kind)}
        for item in own.values():
            key = FateKey(kind.__name__.lower(), _label(item), _tenth(item.score))
            found[key] = found.get(key, Fates()) + there.fate(item, bulk)
        overlapped = _overlapped(tuple(own.values()))
        for item in there.accepted.values():
            if substance(item) not in own and not overlapped(item):
                key = FateKey(kind.__name__.lower(), _label(item), None)
                found[key] = found.get(key, Fates()) + Fates(missed=1)
    return found


class _There:
    """The items of one kind that stand in a review, and those left open in it."""

    def __init__(self, items: Iterable[Item]) -> None:
        every = tuple(items)
        self._open = {substance(one) for one in every if one.verdict is Verdict.PENDING}
        decided = (one for one in every if one.verdict is not Verdict.PENDING)
        self.accepted: dict[Hashable, Item] = {substance(one): one for one in decided}
        self._overlapped = _overlapped(tuple(self.accepted.values()))
        self._overlaps_open = _overlapped([o for o in every if o.verdict is Verdict.PENDING])

    def fate(self, item: Item, bulk: frozenset[str]) -> Fates:
        same = self.accepted.get(substance(item))
        scores = round(1000 * item.score) if item.score is not None else 0
        if substance(item) in self._open:
            return Fates(open=1)
        if same is not None:
            return Fates(kept=1, in_bulk=int(same.id in bulk), scores=scores)
        if self._overlapped(item):
            return Fates(corrected=1, scores=scores)
        if self._overlaps_open(item):
            return Fates(open=1)
        return Fates(rejected=1, scores=scores)


def _overlapped(items: Sequence[Item]) -> Callable[[Item], bool]:
    """A test whether an item overlaps one of these, which are of its kind."""
    if items and isinstance(items[0], Claim):
        return lambda item: any(overlap(item, one) > 0 for one in items)
    test: Callable[[Span], bool] = overlap_test(one.span for one in items)
    return lambda item: test(item.span)


def _accepted_in_bulk(review: Review) -> frozenset[str]:
    ids = [item.id for item in review.items if item.verdict is not Verdict.PENDING]
    presses = deciding_presses(review, ids)
    return frozenset(id for id, press in presses.items() if press.how(id) is How.IN_BULK)


def _label(item: Item) -> str:
    return item.label if isinstance(item, Entity) else ""


def _tenth(score: float | None) -> int | None:
    return None if score is None else min(TENTHS - 1, max(0, int(score * TENTHS + 1e-9)))


def fates_to_rows(fates: FatesByKind) -> list[list[object]]:
    """Fates as plain rows, in an order of their own."""
    ordered = sorted(fates.items(), key=lambda pair: [str(one) for one in pair[0]])
    return [[*key, *_counts(one)] for key, one in ordered]


def _counts(one: Fates) -> Iterator[int]:
    return iter(
        (one.kept, one.in_bulk, one.corrected, one.rejected, one.open, one.missed, one.scores)
    )


def fates_from_rows(rows: Iterable[Sequence[object]]) -> dict[FateKey, Fates]:
    """The inverse of `fates_to_rows`."""
    return {FateKey(*row[:3]): Fates(*row[3:]) for row in rows}  # type: ignore[arg-type]  # written by us
