"""Work and its speed: by reviewer, by day and by week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.core.statistics.fates import FatesByKind


@dataclass(frozen=True, slots=True)
class Work:
    """The work of one reviewer: articles with a decision, items decided one by one and in bulk
    (`core.reviewing.presses`; carried and imported decisions do not count), keys pressed, seconds
    spent (pauses over a minute do not count), and how many of the articles are finished."""

    reviewer: str
    articles: int = 0
    one_by_one: int = 0
    in_bulk: int = 0
    keys: int = 0
    seconds: float = 0.0
    finished: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(
            self.reviewer,
            self.articles + other.articles,
            self.one_by_one + other.one_by_one,
            self.in_bulk + other.in_bulk,
            self.keys + other.keys,
            self.seconds + other.seconds,
            self.finished + other.finished,
        )

    @property
    def items(self) -> int:
        """All items decided."""
        return self.one_by_one + self.in_bulk

    @property
    def items_per_hour(self) -> float | None:
        """Items decided one by one in an hour of all the time spent: what one key accepts, however
        much, is no work done faster. None without any, or without any time."""
        return self.one_by_one * 3600 / self.seconds if self.seconds and self.one_by_one else None

    @property
    def articles_per_hour(self) -> float | None:
        """Articles finished in an hour of all the time spent; None without any, or without any
        time."""
        return self.finished * 3600 / self.seconds if self.seconds and self.finished else None

    @property
    def keys_per_item(self) -> float | None:
        """Keys per item, decided in whatever way; None without any item."""
        return self.keys / self.items if self.items else None


def together(works: Iterable[Work]) -> Work:
    """The work of all of them."""
    return sum((replace(one, reviewer="") for one in works), Work(""))


@dataclass(frozen=True, slots=True)
class DoneReview:
    """One review with decisions: its article, when it was finished or, until then, begun (`at`,
    UTC), what it cost, and what became of the pipeline's suggestions (None if it is not compared
    with them).

    `is_hidden` says that the viewer must not learn of its content yet: then it has no fates.
    """

    article: str
    at: datetime
    work: Work
    assisted: bool = True
    fates: FatesByKind | None = None
    is_hidden: bool = False

    @property
    def decided(self) -> int:
        """The number of its items that were suggested and decided, or missed."""
        return sum(one.decided + one.missed for one in (self.fates or {}).values())

    @property
    def changed(self) -> int:
        """How many of them the reviewer changed: corrected, rejected or added."""
        return sum(one.changed for one in (self.fates or {}).values())


class Unit(StrEnum):
    """The length of a period."""

    DAY = "day"
    WEEK = "week"

    def begin(self, day: date) -> date:
        """The first day (UTC) of the period of a day; a week begins on Monday."""
        return day if self is Unit.DAY else day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Period:
    """The work in one day or week, by its first day."""

    begins: date
    work: Work


def in_periods(by_day: Mapping[date, Work], unit: Unit) -> tuple[Period, ...]:
    """The work of days in periods, the earliest first; none for periods without work."""
    found: dict[date, Work] = {}
    for day, work in by_day.items():
        begins = unit.begin(day)
        found[begins] = found[begins] + work if begins in found else work
    return tuple(Period(begins, found[begins]) for begins in sorted(found))
