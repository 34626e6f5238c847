"""Decisions that come late to their review: which still fit, numbered anew, and which do not.

They were made on the review as it stood before their own numbers. What has been decided there
since goes first: a late decision on the same item is left out, unless it says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from annotator.core.annotations import same_substance
from annotator.core.decisions import Decision, Kind
from annotator.core.review import Review
from annotator.errors import ReviewError

_UNDOING = (Kind.WITHDRAW, Kind.RESTORE)
_OF_THE_WHOLE = (Kind.FINISH, Kind.REOPEN, Kind.SKIP)
_DECIDED = "The same was decided on elsewhere in the meantime."


@dataclass(frozen=True, slots=True)
class Fitted:
    """What becomes of late decisions: those to append, with the numbers they get; those that the
    review holds or whose outcome stands; those that do not fit, each with the reason."""

    new: tuple[Decision, ...] = ()
    known: tuple[Decision, ...] = ()
    left: tuple[tuple[Decision, str], ...] = ()


def fit(review: Review, late: Iterable[Decision]) -> Fitted:
    """How decisions of this review that were not stored in their time can still join it.

    A key press fits whole or not at all; whatever hangs on one that does not fit is left as well.
    """
    return _Fitting(review, late).result()


class _Fitting:
    def __init__(self, review: Review, late: Iterable[Decision]) -> None:
        self.review = review
        by_id = {decision.id: decision for decision in late}
        stored = {decision.id for decision in review.decisions}
        self.new: list[Decision] = []
        self.known = [decision for name, decision in by_id.items() if name in stored]
        self.left: list[tuple[Decision, str]] = []
        waiting = (decision for name, decision in by_id.items() if name not in stored)
        self.waiting = sorted(waiting, key=lambda decision: decision.seq)
        first = self.waiting[0].seq if self.waiting else 0
        # Made elsewhere: whoever made the late ones did not know of them.
        self.since = [d for d in review.decisions if d.seq >= first and d.id not in by_id]
        self.contested = set(_items(self.since, review.decisions))
        self.seen: set[str] = set()

    def result(self) -> Fitted:
        for _, press in groupby(self.waiting, key=lambda decision: decision.group):
            self._take(tuple(press))
        return Fitted(tuple(self.new), tuple(self.known), tuple(self.left))

    def _take(self, press: tuple[Decision, ...]) -> None:
        first = self.review.next_seq
        made = [replace(decision, seq=seq) for seq, decision in enumerate(press, start=first)]
        about = set(_items(press, (*self.review.decisions, *press)))
        try:
            after = self.review.decide(*made)
        except ReviewError as error:
            self._leave(press, about, error.message)
            return
        why = self._why_not(press, about)
        if why is None:
            self.review = after
            self.new.extend(made)
            self.seen |= about
        elif why is _DECIDED and self._says_nothing_new(about, after):
            self.known.extend(press)
        else:
            self._leave(press, about, why)

    def _leave(self, press: Sequence[Decision], about: set[str], why: str) -> None:
        self.left.extend((decision, why) for decision in press)
        self.contested |= about

    def _why_not(self, press: Sequence[Decision], about: set[str]) -> str | None:
        """Why a press that can be folded in is not to be, None if it is."""
        if about & self.contested:
            return _DECIDED
        if any(decision.kind in _OF_THE_WHOLE for decision in press):
            if self.since:
                return "The article was decided on elsewhere in the meantime."
            if self.left:
                return "Something that was decided before it does not fit."
        if any(self._is_about_another(decision) for decision in press):
            return "What it was about is not suggested as it was any more."
        return None

    def _is_about_another(self, decision: Decision) -> bool:
        """Whether the item of this id says something else than the one that was decided on."""
        if decision.kind in _UNDOING or decision.before is None or decision.target in self.seen:
            return False
        held = self.review.held.get(decision.target or "")
        return held is not None and not same_substance(held.item, decision.before)

    def _says_nothing_new(self, about: set[str], after: Review) -> bool:
        held = self.review.held
        return after.whole == self.review.whole and all(
            after.held.get(item) == held.get(item) for item in about
        )


def _items(decisions: Iterable[Decision], among: Sequence[Decision]) -> Iterator[str]:
    """The items that decisions are about; of undo and redo, those of the press they name."""
    for decision in decisions:
        if decision.kind in _UNDOING:
            yield from (d.target for d in among if d.group == decision.target and d.target)
        elif decision.target is not None:
            yield decision.target
