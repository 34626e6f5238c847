"""The filter and order of the queue: values, and the letters that choose them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.core.states import ArticleState, QueueFilter, QueueOrder, QueueView

if TYPE_CHECKING:
    from annotator.tui.app_setup import AppSetup

FILTERS: tuple[tuple[str, QueueFilter | None], ...] = (
    ("*", None),
    ("m", QueueFilter.MINE),
    ("a", QueueFilter.ASSIGNED),
    ("o", QueueFilter.OPEN),
    ("r", QueueFilter.READY),
    ("i", QueueFilter.IN_REVIEW),
    ("f", QueueFilter.FINISHED),
    ("k", QueueFilter.SKIPPED),
    ("u", QueueFilter.UNUSABLE),
    ("n", QueueFilter.NOTED),
    ("d", QueueFilter.TO_ADJUDICATE),
    ("w", QueueFilter.WAITING),
    ("x", QueueFilter.FAILED),
)
"""The filters of the queue, each with a letter; None lists all."""
ORDERS: tuple[tuple[str, QueueOrder], ...] = (
    ("n", QueueOrder.NEWEST),
    ("o", QueueOrder.OLDEST),
    ("l", QueueOrder.LEAST_CONFIDENT),
    ("L", QueueOrder.MOST_CONFIDENT),
    ("c", QueueOrder.MOST_CLAIMS),
    ("C", QueueOrder.FEWEST_CLAIMS),
    ("e", QueueOrder.MOST_ENTITIES),
    ("E", QueueOrder.FEWEST_ENTITIES),
    ("w", QueueOrder.LONGEST),
    ("W", QueueOrder.SHORTEST),
    ("s", QueueOrder.BY_STORY),
)
"""The orders of the queue, each with a letter; a capital is the reverse of the small letter."""

_BY_STATE = frozenset(one for _, one in FILTERS if one in {str(state) for state in ArticleState})
# Each is a value in every question to the store.
_MOST_STAYING = 100

_REVERSED = {
    QueueOrder.NEWEST: QueueOrder.OLDEST,
    QueueOrder.LEAST_CONFIDENT: QueueOrder.MOST_CONFIDENT,
    QueueOrder.MOST_CLAIMS: QueueOrder.FEWEST_CLAIMS,
    QueueOrder.MOST_ENTITIES: QueueOrder.FEWEST_ENTITIES,
    QueueOrder.LONGEST: QueueOrder.SHORTEST,
}


def reversed_order(order: QueueOrder) -> QueueOrder | None:
    """The same order the other way round; None for one that has no reverse."""
    pairs = _REVERSED | {after: before for before, after in _REVERSED.items()}
    return pairs.get(order)


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing: articles in a state (None: all), of an outlet (None: any), in order, and those
    that are `staying` although the filter may no longer fit them."""

    state: QueueFilter | None = None
    outlet: str | None = None
    order: QueueOrder = QueueOrder.NEWEST
    staying: tuple[str, ...] = ()

    def with_staying(self, articles: Iterable[str]) -> Listing:
        """The same listing, in which these articles stay too; without a filter all do anyway."""
        kept = tuple(dict.fromkeys((*self.staying, *articles)))[-_MOST_STAYING:]
        return replace(self, staying=kept) if self.is_filtered else self

    def fits(self, state: ArticleState) -> bool:
        """Whether an article in this state is one that the filter lists; True of filters by
        something else."""
        if self.state is QueueFilter.OPEN:
            return state in (ArticleState.READY, ArticleState.IN_REVIEW)
        return self.state not in _BY_STATE or self.state == state.value

    @property
    def is_filtered(self) -> bool:
        return self.state is not None or self.outlet is not None

    @property
    def in_arrival_order(self) -> bool:
        """Whether new arrivals are listed first."""
        return self.order is QueueOrder.NEWEST

    @property
    def words(self) -> str:
        """The filter in words, for the header; empty without a filter."""
        kept = [words for words in (self.state, self.outlet) if words]
        said = [f"only {', '.join(kept)}"] if kept else []
        if not self.in_arrival_order:
            by_story = self.order is QueueOrder.BY_STORY
            said.append(self.order if by_story else f"{self.order} first")
        return "; ".join(said)


def view_of(setup: AppSetup, listing: Listing) -> QueueView:
    """The listing as a view for the store."""
    return QueueView(
        setup.config.reviewer,
        state=listing.state,
        outlet=listing.outlet,
        order=listing.order,
        reviews_per_article=setup.config.reviews_per_article,
        overlap=setup.config.overlap,
        checks=setup.config.checks,
        fold_below=setup.config.fold_below,
        staying=listing.staying,
    )
