"""Who last touched each item of a review that stands."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.annotations import Item
from annotator.core.decisions import Decision
from annotator.core.review import Review


@dataclass(frozen=True, slots=True)
class LastTouch:
    """An item that stands, and the last decision on it that was not undone; None as long as nobody
    decided on it."""

    item: Item
    decision: Decision | None


def last_touches(review: Review) -> tuple[LastTouch, ...]:
    """The items that stand in a review, in text order."""
    newest: dict[str, Decision] = {}
    for group in review.standing:
        for decision in group.decisions:
            if decision.target is not None:
                newest[decision.target] = decision
    return tuple(LastTouch(item, newest.get(item.id)) for item in review.items)
