"""What `.` repeats: the last decision that was not undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.decisions import Decision
from annotator.core.records.fields import AttributeValue

_KEPT = 100


@dataclass(frozen=True, slots=True)
class Again:
    """An action with its value (a label or an attribute's value), to repeat elsewhere."""

    action: str
    chosen: str | AttributeValue | None = None


class Repeats:
    """How to repeat each of the last decisions; undone ones are skipped."""

    def __init__(self) -> None:
        self._again: dict[str, Again] = {}
        self._undone: set[str] = set()

    def add(self, group: str, again: Again) -> None:
        """Record that `again` repeats the decisions of `group`."""
        self._again[group] = again
        while len(self._again) > _KEPT:
            forgotten = next(iter(self._again))
            del self._again[forgotten]
            self._undone.discard(forgotten)

    def undone(self, decisions: Iterable[Decision]) -> None:
        """These decisions were undone."""
        self._undone.update(one.group for one in decisions if one.group in self._again)

    def redone(self, decisions: Iterable[Decision]) -> None:
        """These decisions were redone."""
        self._undone.difference_update(one.group for one in decisions)

    def last(self) -> Again | None:
        """How to repeat the last decision that was not undone; None if there is none."""
        standing = (again for group, again in self._again.items() if group not in self._undone)
        return next(iter(reversed(tuple(standing))), None)
