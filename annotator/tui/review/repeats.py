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
        self._again: dict[str, Again | None] = {}
        self._undone: set[str] = set()

    def add(self, group: str, again: Again | None) -> None:
        """Record that `again` repeats the decisions of `group`; None if nothing does."""
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
        """How to repeat the last decision that was not undone; None if there is none, or if it
        cannot be repeated."""
        return self._again[standing[-1]] if (standing := self._standing()) else None

    @property
    def is_empty(self) -> bool:
        """Whether there is no decision that was not undone."""
        return not self._standing()

    def _standing(self) -> list[str]:
        return [group for group in self._again if group not in self._undone]
