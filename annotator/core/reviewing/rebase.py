"""Rebases decisions that reach their review late: which still fit, with new numbers, and which do
not.

Each has a basis, the log that its maker knew (`basis.py`). Later decisions by others on the same
item win: a late decision on it is dropped unless it has the same outcome. The basis does not change
when some decisions are stored, so a dropped decision stays dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from annotator.core.decisions import Decision
from annotator.core.review import Review
from annotator.core.reviewing.basis import KnownDecisions, first_on_each, is_about_another
from annotator.errors import ReviewError

_DECIDED = "The same was decided on elsewhere in the meantime."
_Press = tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Rebased:
    """The result for late decisions: those to append, renumbered; those already stored or without
    effect; and those that do not fit, each with the reason."""

    new: tuple[Decision, ...] = ()
    known: tuple[Decision, ...] = ()
    left: tuple[tuple[Decision, str], ...] = ()


def rebase_decisions(review: Review, late: Iterable[Decision]) -> Rebased:
    """Rebase unstored decisions onto the current review.

    A group fits as a whole or not at all; groups that depend on one that does not fit are dropped
    too. Of contradicting groups, the one made last wins.
    """
    return _Rebasing(review, late).result()


class _Rebasing:
    def __init__(self, review: Review, late: Iterable[Decision]) -> None:
        self.review = review
        every = _once(late)
        stored = {decision.id for decision in review.decisions}
        self.log = KnownDecisions(review.decisions)
        self.new: list[Decision] = []
        self.known = [decision for decision in every if decision.id in stored]
        self.left: list[tuple[Decision, str]] = []
        presses = _presses(d for d in _based(review, every) if d.id not in stored)
        beaten = _beaten(presses, self.log.newest)
        # Groups that others override are tried last: they fit if the others do not.
        self.presses = sorted(presses, key=lambda press: press[0].group in beaten)
        self.seen: set[str] = set()

    def result(self) -> Rebased:
        for press in self.presses:
            self._take(press)
        return Rebased(tuple(self.new), tuple(self.known), tuple(self.left))

    def _take(self, press: _Press) -> None:
        first = self.review.next_seq
        made = [replace(decision, seq=seq) for seq, decision in enumerate(press, start=first)]
        try:
            after = self.review.decide(*made)
        except ReviewError as error:
            self._leave(press, error.message)
            return
        why = self._why_not(press)
        if why is None:
            self.review = after
            self.log.add(*made)
            self.new.extend(made)
            self.seen.update(_known_on(press))
        elif why is _DECIDED and self._says_nothing_new(press, after):
            self.known.extend(press)
        else:
            self._leave(press, why)

    def _leave(self, press: _Press, why: str) -> None:
        self.left.extend((decision, why) for decision in press)

    def _why_not(self, press: _Press) -> str | None:
        """Why a group must not be appended although it folds; None if it may."""
        newest = self.log.newest
        if any(newest.get(item) != known for item, known in _known_on(press).items()):
            return _DECIDED
        upon = press[0].upon
        if any(map(self.log.is_of_the_whole, press)) and upon and upon.log != self.log.log:
            if self.left:
                return "An earlier decision that it depends on does not fit."
            return "The article was decided on elsewhere in the meantime."
        if any(map(self._is_about_another, first_on_each(press))):
            return "The item is no longer suggested in the same form."
        return None

    def _is_about_another(self, decision: Decision) -> bool:
        seen = decision.target in self.seen
        return not seen and is_about_another(self.review, decision)

    def _says_nothing_new(self, press: _Press, after: Review) -> bool:
        held = self.review.held
        return after.whole == self.review.whole and all(
            after.held.get(item) == held.get(item) for item in _known_on(press)
        )


def _once(late: Iterable[Decision]) -> list[Decision]:
    """Each decision once, with its original number, in that order.

    A rebased copy has a higher number.
    """
    by_id: dict[str, Decision] = {}
    for decision in late:
        other = by_id.setdefault(decision.id, decision)
        if (decision.upon is not None, -decision.seq) > (other.upon is not None, -other.seq):
            by_id[decision.id] = decision
    return sorted(by_id.values(), key=lambda decision: (decision.seq, decision.at))


def _based(review: Review, every: Sequence[Decision]) -> Iterator[Decision]:
    """The decisions with their bases.

    Decisions without one (files of earlier versions) are taken as a sequence on what has a lower
    number than the first and is not younger. If numbers or times contradict that, they come from
    several sessions, and none builds on another.
    """
    yield from (decision for decision in every if decision.upon is not None)
    silent = [decision for decision in every if decision.upon is None]
    if not silent:
        return
    first, at = silent[0].seq, min(decision.at for decision in silent)
    theirs = {decision.id for decision in every}
    known = KnownDecisions(
        decision
        for decision in review.decisions
        if decision.seq < first and decision.at <= at and decision.id not in theirs
    )
    in_order = all(a.seq < b.seq and a.at <= b.at for a, b in pairwise(silent))
    for press in _presses(silent):
        made = known.made(press)
        if in_order:
            known.add(*made)
        yield from made


def _presses(decisions: Iterable[Decision]) -> list[_Press]:
    """The decisions by group, in the order in which they were made as far as known."""
    groups: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        groups[decision.group].append(decision)
    presses = [tuple(sorted(group, key=lambda decision: decision.seq)) for group in groups.values()]
    return sorted(presses, key=lambda press: (press[0].seq, press[0].at))


def _known_on(press: _Press) -> dict[str, str | None]:
    """For each item of a group, the last decision that its maker knew."""
    known: dict[str, str | None] = {}
    for decision in press:
        if decision.upon is not None:
            known.update(decision.upon.newest)
    return known


def _beaten(presses: Sequence[_Press], stored: Mapping[str, str]) -> set[str]:
    """The groups that are contradicted by others made or continued later."""
    by_id = {decision.id: press for press in presses for decision in press}
    alive: dict[str, _Press] = {}
    for press in presses:
        if all(
            known == stored.get(item) or (known in by_id and by_id[known][0].group in alive)
            for item, known in _known_on(press).items()
        ):
            alive[press[0].group] = press
    last = _gone_on_until(alive.values(), by_id)
    taken: set[tuple[str, str | None]] = set()
    beaten: set[str] = set()
    for press in sorted(alive.values(), key=lambda one: last[one[0].group], reverse=True):
        about = set(_known_on(press).items())
        upon_beaten = any(id in by_id and by_id[id][0].group in beaten for _, id in about if id)
        if about & taken or upon_beaten:
            beaten.add(press[0].group)
        else:
            taken |= about
    return beaten


def _gone_on_until(presses: Iterable[_Press], by_id: Mapping[str, _Press]) -> dict[str, datetime]:
    """For each group, the time of the last group that builds on it."""
    last: dict[str, datetime] = {}
    for press in reversed(list(presses)):
        group = press[0].group
        last[group] = max(press[0].at, last.get(group, press[0].at))
        for id in _known_on(press).values():
            if id is not None and id in by_id:
                before = by_id[id][0].group
                last[before] = max(last[group], last.get(before, last[group]))
    return last
