"""The basis of a decision: a short description of the log that its maker knew.

A sequence number says how many decisions came before, not which: two sessions may reach the same
number. So a decision holds a digest of the ids in its log, and the last decision on each item it
concerns. Neither changes when other decisions are stored later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from annotator.core.annotations import same_content
from annotator.core.claim_ties import Tie
from annotator.core.decisions import Basis, Decision, Kind
from annotator.core.review import Review

_UNDOING = (Kind.WITHDRAW, Kind.RESTORE)
_OF_THE_WHOLE = (Kind.FINISH, Kind.REOPEN, Kind.SKIP)


class KnownDecisions:
    """The known decisions of a log in order; grows in place."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self.newest: dict[str, str] = {}
        self._items: dict[str, list[str]] = defaultdict(list)
        self._whole: set[str] = set()
        self._digest = sha256()
        self.add(*decisions)

    @property
    def log(self) -> str:
        """A digest of the decisions in this order."""
        return self._digest.hexdigest()[:32]

    def add(self, *decisions: Decision) -> None:
        """Append decisions."""
        for decision in decisions:
            self._digest.update(f"{decision.id}\n".encode())
            for item in self.items(decision):
                self.newest[item] = decision.id
            self.newest[_press(decision.group)] = decision.id
            if decision.kind in _OF_THE_WHOLE:
                self._whole.add(decision.group)
            if decision.kind not in _UNDOING:
                self._items[decision.group].extend(self.items(decision))

    def items(self, decision: Decision) -> Sequence[str]:
        """The items that a decision concerns: for a tie the pair, whatever else is decided on its
        claim; for undo and redo the items of the group they name, and the group itself, which may
        have none."""
        if decision.kind in _UNDOING:
            group = decision.target or ""
            return (*dict.fromkeys(self._items.get(group, ())), _press(group))
        if isinstance(decision.after, Tie):
            return ("tie " + " ".join(decision.after.pair),)
        return () if decision.target is None else (decision.target,)

    def is_of_the_whole(self, decision: Decision) -> bool:
        """Whether the decision concerns the whole article, or undoes one that does."""
        return decision.kind in _OF_THE_WHOLE or (
            decision.kind in _UNDOING and decision.target in self._whole
        )

    def made(self, press: Iterable[Decision]) -> tuple[Decision, ...]:
        """The decisions of one key press with this log as their basis."""
        log = self.log
        return tuple(
            replace(
                decision,
                upon=Basis(log, {item: self.newest.get(item) for item in self.items(decision)}),
            )
            for decision in press
        )


def _press(group: str) -> str:
    """The key of a group among the items."""
    return f"press {group}"


def log_of(review: Review) -> str:
    """The value of `Known.log` for all decisions of a review."""
    return sha256("".join(f"{d.id}\n" for d in review.decisions).encode()).hexdigest()[:32]


def is_made_upon(review: Review, press: Sequence[Decision]) -> bool:
    """Whether a group was made on exactly this state of the review.

    Decisions without a basis are accepted.
    """
    upon = press[0].upon
    if upon is None:
        return True
    return upon.log == log_of(review) and not any(
        is_about_another(review, decision) for decision in first_on_each(press)
    )


def first_on_each(press: Iterable[Decision]) -> Iterable[Decision]:
    """The first decision of a group on each item; later ones of the group build on it."""
    return {decision.target: decision for decision in reversed(tuple(press))}.values()


def is_about_another(review: Review, decision: Decision) -> bool:
    """Whether the item with this id differs from the one that was decided on."""
    if decision.kind in _UNDOING or decision.before is None:
        return False
    held = review.held.get(decision.target or "")
    return held is not None and not same_content(held.item, decision.before)
