"""What `.` repeats: the last decision that still stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.decisions import Decision
from annotator.core.records.fields import AttributeValue

_KEPT = 100


@dataclass(frozen=True, slots=True)
class Again:
    """What was done, so that it can be done once more elsewhere: an action, and what was chosen
    for it, the name of a label or the value of an attribute."""

    action: str
    chosen: str | AttributeValue | None = None


class Repeats:
    """How to make each of the last decisions again; those that were undone are passed over."""

    def __init__(self) -> None:
        self._again: dict[str, Again] = {}
        self._undone: set[str] = set()

    def add(self, group: str, again: Again) -> None:
        """`again` does once more, elsewhere, what the decisions of `group` did."""
        self._again[group] = again
        while len(self._again) > _KEPT:
            forgotten = next(iter(self._again))
            del self._again[forgotten]
            self._undone.discard(forgotten)

    def undone(self, decisions: Iterable[Decision]) -> None:
        """These decisions were taken back."""
        self._undone.update(one.group for one in decisions if one.group in self._again)

    def redone(self, decisions: Iterable[Decision]) -> None:
        """These decisions stand again."""
        self._undone.difference_update(one.group for one in decisions)

    def last(self) -> Again | None:
        """What does the last decision that stands once more; None if none stands."""
        standing = (again for group, again in self._again.items() if group not in self._undone)
        return next(iter(reversed(tuple(standing))), None)
