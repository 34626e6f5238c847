"""What a decision is made upon: all that is known of its review, in few words.

Numbers say how many decisions came before, not which: two people, or one at two screens, may count
to the same number. So a decision says which log it was made upon, by a digest of the ids in it, and
which decision was the last on each item that it is about. Neither changes when something is stored
afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from annotator.core.annotations import same_substance
from annotator.core.decisions import Basis, Decision, Kind
from annotator.core.review import Review

_UNDOING = (Kind.WITHDRAW, Kind.RESTORE)
_OF_THE_WHOLE = (Kind.FINISH, Kind.REOPEN, Kind.SKIP)


class Known:
    """A log as far as it is known, one decision after the other; grows in place."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self.newest: dict[str, str] = {}
        self._items: dict[str, list[str]] = defaultdict(list)
        self._whole: set[str] = set()
        self._digest = sha256()
        self.add(*decisions)

    @property
    def log(self) -> str:
        """Stands for these very decisions in this order."""
        return self._digest.hexdigest()[:32]

    def add(self, *decisions: Decision) -> None:
        """These come next."""
        for decision in decisions:
            self._digest.update(f"{decision.id}\n".encode())
            for item in self.items(decision):
                self.newest[item] = decision.id
            self.newest[_press(decision.group)] = decision.id
            if decision.kind in _OF_THE_WHOLE:
                self._whole.add(decision.group)
            if decision.kind not in _UNDOING and decision.target is not None:
                self._items[decision.group].append(decision.target)

    def items(self, decision: Decision) -> Sequence[str]:
        """The items that a decision is about; of undo and redo, those of the press they name, and
        that press: it may be about none."""
        if decision.kind in _UNDOING:
            group = decision.target or ""
            return (*dict.fromkeys(self._items.get(group, ())), _press(group))
        return () if decision.target is None else (decision.target,)

    def is_of_the_whole(self, decision: Decision) -> bool:
        """Whether it says something of the whole article, or takes such a decision back."""
        return decision.kind in _OF_THE_WHOLE or (
            decision.kind in _UNDOING and decision.target in self._whole
        )

    def made(self, press: Iterable[Decision]) -> tuple[Decision, ...]:
        """The decisions of one key press with what they were made upon: all of this."""
        log = self.log
        return tuple(
            replace(
                decision,
                upon=Basis(log, {item: self.newest.get(item) for item in self.items(decision)}),
            )
            for decision in press
        )


def _press(group: str) -> str:
    """Stands for a key press among the items."""
    return f"press {group}"


def log_of(review: Review) -> str:
    """What `Known.log` is once all decisions of a review are known."""
    return sha256("".join(f"{d.id}\n" for d in review.decisions).encode()).hexdigest()[:32]


def is_made_upon(review: Review, press: Sequence[Decision]) -> bool:
    """Whether a key press was made upon this very review: its log, and its items as they are.

    What does not say what it was made upon is taken at its word.
    """
    upon = press[0].upon
    if upon is None:
        return True
    return upon.log == log_of(review) and not any(
        is_about_another(review, decision) for decision in first_on_each(press)
    )


def first_on_each(press: Iterable[Decision]) -> Iterable[Decision]:
    """Of each item the first decision of a press on it: what the others found it had made."""
    return {decision.target: decision for decision in reversed(tuple(press))}.values()


def is_about_another(review: Review, decision: Decision) -> bool:
    """Whether the item of this id says something else than the one that was decided on."""
    if decision.kind in _UNDOING or decision.before is None:
        return False
    held = review.held.get(decision.target or "")
    return held is not None and not same_substance(held.item, decision.before)
