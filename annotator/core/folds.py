"""Which open items the screens fold away, and what a finished review says of them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from annotator.core.annotations import Claim, Entity, Item, Tier, Verdict, is_known_wrong


@dataclass(frozen=True, slots=True)
class Fold:
    """What is folded: undecided claims with a score below `below` (0 to 1; those without a score
    never), and entities known to be wrong. Nothing is while the reviewer has `unfolded` it."""

    below: float = 0.0
    unfolded: bool = False

    def takes(self, item: Item) -> bool:
        """Whether an open item is folded unless the reviewer unfolds it."""
        if isinstance(item, Claim):
            undecided = item.verdict is Verdict.PENDING
            return undecided and item.score is not None and item.score < self.below
        return is_known_wrong(item)

    def hides(self, item: Item) -> bool:
        """Whether an open item is out of view."""
        return not self.unfolded and self.takes(item)


def hidden_before_folds(items: Iterable[Item]) -> frozenset[str]:
    """The ids of the items that screens hid when a finished review did not say which: undecided
    claims and entities of tier B."""
    return frozenset(
        item.id
        for item in items
        if isinstance(item, Claim | Entity)
        and item.tier is Tier.B
        and item.verdict is Verdict.PENDING
    )


def undecided_among(claims: Iterable[Claim], ids: Container[str]) -> tuple[Claim, ...]:
    """The undecided claims among those with these ids."""
    return tuple(one for one in claims if one.id in ids and one.verdict is Verdict.PENDING)
