"""Sums over all reviews, taken in some at a time: what report and screens show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import TypeVar

from annotator.core.statistics.fates import TENTHS, FateKey, Fates, added
from annotator.core.statistics.work_done import (
    DoneReview,
    Period,
    Unit,
    Work,
    in_periods,
    together,
)

_Held = TypeVar("_Held")
HARDEST = 20
"""So many articles are listed as the hardest."""
_ENOUGH_ITEMS = 10
FEW = 10
"""Of fewer suggestions no share is to be believed."""


@dataclass(frozen=True, slots=True)
class LabelFates:
    """What became of the suggestions of one kind, or of one label of entities."""

    kind: str
    label: str
    fates: Fates


@dataclass(frozen=True, slots=True)
class ScoreFates:
    """What became of the suggestions with a score in one tenth, from `low` on (0 to 0.9)."""

    tenth: int
    fates: Fates

    @property
    def low(self) -> float:
        """The lowest score of the tenth."""
        return self.tenth / TENTHS


class Totals:
    """Sums of reviews. `reviewer` below is None for all of them; `seen` says whether the reviewers
    saw the suggestions: where they did, agreeing with them proves little."""

    def __init__(self) -> None:
        self._days: dict[str, dict[date, Work]] = defaultdict(dict)
        self._fates: dict[tuple[str, bool], dict[FateKey, Fates]] = defaultdict(dict)
        self._changed: dict[str, list[DoneReview]] = defaultdict(list)
        self._slow: dict[str, list[DoneReview]] = defaultdict(list)

    def take(self, reviews: Iterable[DoneReview]) -> None:
        """Add some reviews."""
        named: dict[str, list[DoneReview]] = defaultdict(list)
        for one in reviews:
            name, day = one.work.reviewer, one.at.date()
            days = self._days[name]
            days[day] = days[day] + one.work if day in days else one.work
            if one.fates is not None:
                key = name, one.assisted
                self._fates[key] = added(self._fates[key], one.fates)
            named[name].append(one)
        for name, some in named.items():
            listed = [one for one in some if not one.is_hidden]
            self._changed[name] = _hardest([*self._changed[name], *listed], changed_share)
            self._slow[name] = _hardest([*self._slow[name], *listed], seconds_per_item)

    @property
    def reviewers(self) -> tuple[str, ...]:
        """The names of all reviewers, in their order."""
        return tuple(sorted(self._days))

    def work(self, reviewer: str | None = None) -> Work:
        """All the work of a reviewer, or of all."""
        found = together(work for days in self._of(reviewer, self._days) for work in days.values())
        return found if reviewer is None else Work(reviewer) + found

    def periods(self, unit: Unit, reviewer: str | None = None) -> tuple[Period, ...]:
        """The work by day or week, the earliest first."""
        days: dict[date, Work] = {}
        for found in self._of(reviewer, self._days):
            for day, work in found.items():
                days[day] = together([days.get(day, Work("")), work])
        return in_periods(days, unit)

    def by_label(self, reviewer: str | None = None, *, seen: bool = True) -> list[LabelFates]:
        """Entities together and by label, then claims, then junk lines; by how many were suggested,
        and without what was never suggested nor marked."""
        sums: dict[tuple[str, str], Fates] = defaultdict(Fates)
        for key, fates in self._sums(reviewer, seen=seen).items():
            sums[key.kind, ""] += fates
            if key.label:
                sums[key.kind, key.label] += fates
        kinds = {"entity": 0, "claim": 1, "junk": 2}

        def place(one: LabelFates) -> tuple[object, ...]:
            return kinds[one.kind], bool(one.label), -one.fates.decided, one.label

        return sorted((LabelFates(*key, fates) for key, fates in sums.items()), key=place)

    def by_score(
        self, reviewer: str | None = None, *, seen: bool = True, kind: str | None = None
    ) -> list[ScoreFates]:
        """Decided suggestions of a kind (None: all) by their score, the lowest first."""
        sums: dict[int, Fates] = defaultdict(Fates)
        for key, fates in self._sums(reviewer, seen=seen).items():
            if key.tenth is not None and fates.decided and kind in (None, key.kind):
                sums[key.tenth] += fates
        return [ScoreFates(tenth, sums[tenth]) for tenth in sorted(sums)]

    def most_changed(self, reviewer: str | None = None) -> list[DoneReview]:
        """The articles of which most was changed, as a share of what was decided."""
        return _hardest(_flat(self._of(reviewer, self._changed)), changed_share)

    def slowest(self, reviewer: str | None = None) -> list[DoneReview]:
        """The articles that took most seconds an item."""
        return _hardest(_flat(self._of(reviewer, self._slow)), seconds_per_item)

    @property
    def hardest(self) -> frozenset[str]:
        """The ids of all articles that either lists, for whatever reviewer."""
        lists = (*self._changed.values(), *self._slow.values())
        return frozenset(one.article for some in lists for one in some)

    def _sums(self, reviewer: str | None, *, seen: bool) -> dict[FateKey, Fates]:
        sums: dict[FateKey, Fates] = {}
        for (name, assisted), fates in self._fates.items():
            if assisted is seen and reviewer in (None, name):
                sums = added(sums, fates)
        return sums

    def _of(self, reviewer: str | None, held: Mapping[str, _Held]) -> Iterator[_Held]:
        return (held[name] for name in sorted(held) if reviewer in (None, name))


def changed_share(one: DoneReview) -> float | None:
    """The share (0 to 1) of its items that the reviewer changed; None with too few of them."""
    return one.changed / one.decided if one.decided >= _ENOUGH_ITEMS else None


def seconds_per_item(one: DoneReview) -> float | None:
    """Seconds spent on each item; None with too few of them."""
    items = one.work.items
    return one.work.seconds / items if items >= _ENOUGH_ITEMS else None


def _hardest(
    reviews: Iterable[DoneReview], measure: Callable[[DoneReview], float | None]
) -> list[DoneReview]:
    measured = [(measure(one) or 0.0, one.article, one.work.reviewer, one) for one in reviews]
    most = nlargest(HARDEST, (one for one in measured if one[0] > 0), key=lambda one: one[:3])
    return [one[3] for one in most]


def _flat(lists: Iterable[list[DoneReview]]) -> list[DoneReview]:
    return [one for some in lists for one in some]
