"""Statistics of a surface form: its entries counted, independent of their order.

Entries of one key press that differ only in the item count once. Three decisions on a form weigh as
much as twelve in which it was accepted together with others; one of an adjudication weighs as much
as three. Only the newest decisions count (`MOST`), so that the usual label of a form can change and
the cost of a decision stays constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from annotator.core.memory.entries import Entry, Outcome, Replacement, Subject, Way
from annotator.core.records.codec import time_from_text, time_to_text

MOST = 200
_WEIGHTS = {Way.SINGLE: 1.0, Way.TOGETHER: 0.25, Way.ADJUDICATED: 3.0}
_PRIOR = 2.0
"""The weight of a suggestion's score, in decisions."""
Form = tuple[Subject, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of key presses, their total weight, and how many of them decided on one form."""

    times: int = 0
    weight: float = 0.0
    single: int = 0

    def plus(self, entry: Entry) -> Tally:
        single = self.single + (entry.way is not Way.TOGETHER)
        return Tally(self.times + 1, self.weight + _WEIGHTS[entry.way], single)

    def outweighs(self, others: float) -> bool:
        """Whether it has twice the weight of `others`, and not only by accepting all."""
        return self.single > 0 and self.weight > 2 * others


_NONE = Tally()


@dataclass(frozen=True, slots=True)
class Known:
    """The statistics of one form, by label.

    `standing` counts acceptances, `rejected` rejections, `replaced` replacements by another form,
    and `instead` these other forms. `since` counts the key presses that rejected it after the last
    acceptance; `by` and `at` are the reviewer and the time (UTC) of the last decision.
    """

    standing: Mapping[str, Tally] = field(default_factory=dict)
    rejected: Mapping[str, Tally] = field(default_factory=dict)
    replaced: Mapping[str, Tally] = field(default_factory=dict)
    instead: Mapping[tuple[str, Replacement], Tally] = field(default_factory=dict)
    since: int = 0
    by: str = ""
    at: datetime | None = None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Known:
        """The statistics of entries on one form, in any order."""
        presses = {replace(entry, item="") for entry in entries}
        newest = sorted(presses, key=_age, reverse=True)[:MOST]
        if not newest:
            return cls()
        tallies: dict[str, dict[Any, Tally]] = {name: {} for name in _TALLIES}
        stood = max((entry.at for entry in newest if entry.stands), default=None)
        since: set[str] = set()
        for entry in newest:
            _count(tallies[_counted_as(entry)], entry.label, entry)
            if entry.instead is not None:
                _count(tallies["instead"], (entry.label, entry.instead), entry)
            if entry.outcome is Outcome.REJECTED and (stood is None or entry.at > stood):
                since.add(entry.press)
        counted = {name: MappingProxyType(_most_first(tally)) for name, tally in tallies.items()}
        return cls(**counted, since=len(since), by=newest[0].reviewer, at=newest[0].at)

    @property
    def accepted(self) -> Mapping[str, int]:
        """The number of acceptances under each label, the most frequent first."""
        return {label: tally.times for label, tally in self.standing.items()}

    @property
    def rejections(self) -> int:
        """The number of rejections under all labels."""
        return sum(tally.times for tally in self.rejected.values())

    def is_wrong(self, after: int) -> bool:
        """Whether the form should not be suggested: it was rejected `after` times since its last
        acceptance, and rejections outweigh acceptances."""
        return self.since >= after and _weight(self.rejected) > _weight(self.standing)

    def label(self) -> str | None:
        """The label with twice the weight of all others together, given to the form by itself at
        least once; None if there is none."""
        best, tally = next(iter(self.standing.items()), ("", _NONE))
        others = _weight(self.standing) - tally.weight
        return best if tally.outweighs(others) else None

    def replacement(self, label: str) -> Replacement | None:
        """The form with other edges that replaces this one if suggested under `label`, if it has
        twice the weight of all contrary entries; otherwise None."""
        against = self.standing.get(label, _NONE).weight + _weight(self.rejected)
        moved = {
            one: tally
            for (before, one), tally in self.instead.items()
            if before == label and (one.left or one.right)
        }
        if not moved:
            return None
        best, tally = next(iter(moved.items()))
        against += sum(other.weight for one, other in moved.items() if one != best)
        return best if tally.outweighs(against) else None

    def support(self, label: str) -> tuple[float, float]:
        """The weights of the entries for and against the form under this label."""
        good = self.standing.get(label, _NONE).weight
        others = _weight(self.standing) - good
        return good, others + _weight(self.rejected)

    def score(self, label: str, before: float | None) -> float | None:
        """The probability that it is right under this label, given the pipeline's score `before`;
        None without a score, since a pipeline without scores is never unsure."""
        if before is None:
            return None
        good, bad = self.support(label)
        bad += self.replaced.get(label, _NONE).weight
        return round((before * _PRIOR + good) / (_PRIOR + good + bad), 4)


_TALLIES = ("standing", "rejected", "replaced", "instead")


def remembered(entries: Iterable[Entry]) -> dict[Form, Known]:
    """The statistics of each form in these entries."""
    by_form: dict[Form, list[Entry]] = {}
    for entry in entries:
        by_form.setdefault((entry.subject, entry.form), []).append(entry)
    return {form: Known.of(some) for form, some in by_form.items()}


def known_to_dict(known: Known) -> dict[str, Any]:
    """The stored form of the statistics; `known_from_dict` is the inverse."""
    plain: dict[str, Any] = {
        name: {label: _numbers(tally) for label, tally in getattr(known, name).items()}
        for name in _TALLIES[:3]
    }
    plain["instead"] = [
        [label, one.form, one.left, one.right, *_numbers(tally)]
        for (label, one), tally in known.instead.items()
    ]
    return plain | {
        "since": known.since,
        "by": known.by,
        "at": None if known.at is None else time_to_text(known.at),
    }


def _numbers(tally: Tally) -> list[float]:
    return [tally.times, tally.weight, tally.single]


def known_from_dict(plain: Mapping[str, Any]) -> Known:
    """The inverse of `known_to_dict`."""
    tallies = {
        name: {label: Tally(*pair) for label, pair in plain[name].items()} for name in _TALLIES[:3]
    }
    instead = {
        (label, Replacement(form, left, right)): Tally(*numbers)
        for label, form, left, right, *numbers in plain["instead"]
    }
    at = None if plain["at"] is None else time_from_text(plain["at"])
    return Known(**tallies, instead=instead, since=plain["since"], by=plain["by"], at=at)


def _age(entry: Entry) -> tuple[Any, ...]:
    """A total order by time, so that the newest entries do not depend on their order."""
    instead = entry.instead or Replacement("", 0, 0)
    moved = (instead.form, instead.left, instead.right)
    by = (entry.at, entry.reviewer, entry.press)
    return *by, entry.outcome, entry.label, entry.way, *moved


def _counted_as(entry: Entry) -> str:
    match entry.outcome:
        case Outcome.REJECTED:
            return "rejected"
        case Outcome.REPLACED:
            return "replaced"
        case _:
            return "standing"


def _count(tallies: dict[Any, Tally], key: Any, entry: Entry) -> None:
    tallies[key] = tallies.get(key, _NONE).plus(entry)


def _most_first(tallies: Mapping[Any, Tally]) -> dict[Any, Tally]:
    return dict(sorted(tallies.items(), key=lambda one: (-one[1].weight, str(one[0]))))


def _weight(tallies: Mapping[Any, Tally]) -> float:
    return sum(tally.weight for tally in tallies.values())
