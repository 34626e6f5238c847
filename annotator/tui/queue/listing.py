"""What of the queue is listed and in which order: values, and the letters that choose them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.core.states import QueueFilter, QueueOrder, QueueView

if TYPE_CHECKING:
    from annotator.tui.setup import AppSetup

FILTERS: tuple[tuple[str, QueueFilter | None], ...] = (
    ("*", None),
    ("m", QueueFilter.MINE),
    ("o", QueueFilter.OPEN),
    ("r", QueueFilter.READY),
    ("i", QueueFilter.IN_REVIEW),
    ("f", QueueFilter.FINISHED),
    ("w", QueueFilter.WAITING),
    ("x", QueueFilter.FAILED),
)
"""What the queue can be filtered by, letter and filter; None lists all."""
ORDERS: tuple[tuple[str, QueueOrder], ...] = (
    ("n", QueueOrder.NEWEST),
    ("o", QueueOrder.OLDEST),
    ("l", QueueOrder.LEAST_CONFIDENT),
    ("c", QueueOrder.MOST_CLAIMS),
)
"""What it can be ordered by, letter and name; each comes first."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the queue lists: articles in a state (None: all), of an outlet (None: any), in order."""

    state: QueueFilter | None = None
    outlet: str | None = None
    order: QueueOrder = QueueOrder.NEWEST

    @property
    def is_filtered(self) -> bool:
        return self.state is not None or self.outlet is not None

    @property
    def in_arrival_order(self) -> bool:
        """Whether what arrives comes in above all else."""
        return self.order is QueueOrder.NEWEST

    @property
    def words(self) -> str:
        """What it keeps to, for the head of the screen; empty where it keeps to nothing."""
        kept = [words for words in (self.state, self.outlet) if words]
        said = [f"only {', '.join(kept)}"] if kept else []
        if not self.in_arrival_order:
            said.append(f"{self.order} first")
        return "; ".join(said)


def view_of(setup: AppSetup, listing: Listing) -> QueueView:
    """The listing as the store is asked for it."""
    return QueueView(
        setup.config.reviewer,
        state=listing.state,
        outlet=listing.outlet,
        order=listing.order,
        reviews_per_article=setup.config.reviews_per_article,
    )
