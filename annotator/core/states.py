"""States of items and articles, filters of both, and orders of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ItemState(StrEnum):
    """The state of an item."""

    OPEN = "open"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    ADDED = "added"
    REJECTED = "rejected"


class ItemFilter(StrEnum):
    """Filters of items besides those by label: a state, a kind, a low score, none, or claims by
    what a desk asks for."""

    ALL = "all"
    OPEN = ItemState.OPEN
    UNSURE = "unsure"
    ACCEPTED = ItemState.ACCEPTED
    CORRECTED = ItemState.CORRECTED
    ADDED = ItemState.ADDED
    REJECTED = ItemState.REJECTED
    ENTITIES = "entities"
    CLAIMS = "claims"
    JUNK = "junk"
    DENIALS = "denials"
    DEMANDS = "demands"
    PREDICTIONS = "predictions"
    NUMBERS = "claims with numbers"
    ANONYMOUS = "anonymous sources"


DESK_ASKS = (
    ItemFilter.DENIALS,
    ItemFilter.DEMANDS,
    ItemFilter.PREDICTIONS,
    ItemFilter.NUMBERS,
    ItemFilter.ANONYMOUS,
)
"""The claims that a desk asks for first."""


class ItemOrdering(StrEnum):
    """Orders of items: by text, or some first, each group by text."""

    TEXT = "text"
    LEAST_CONFIDENT = "least confident"
    DESK = "what a desk asks"
    DENIALS = ItemFilter.DENIALS
    DEMANDS = ItemFilter.DEMANDS
    PREDICTIONS = ItemFilter.PREDICTIONS
    NUMBERS = ItemFilter.NUMBERS
    ANONYMOUS = ItemFilter.ANONYMOUS


class ArticleState(StrEnum):
    """The state of an article for one reviewer; each article has exactly one."""

    WAITING = "waiting"
    READY = "ready"
    IN_REVIEW = "in review"
    FINISHED = "finished"
    FAILED = "failed"
    SUPERSEDED = "superseded"

    @property
    def field(self) -> str:
        """The state as the name of a field, in JSON too."""
        return self.name.lower()


class QueueFilter(StrEnum):
    """Filters of the queue: one state; ready or in review; reviewed by the reviewer; assigned to
    them; with several finished reviews that nobody has adjudicated as they are."""

    WAITING = ArticleState.WAITING
    FAILED = ArticleState.FAILED
    SUPERSEDED = ArticleState.SUPERSEDED
    READY = ArticleState.READY
    IN_REVIEW = ArticleState.IN_REVIEW
    FINISHED = ArticleState.FINISHED
    OPEN = "open"
    MINE = "mine"
    TO_ADJUDICATE = "to adjudicate"
    ASSIGNED = "assigned to me"


class QueueOrder(StrEnum):
    """Orders of the queue; the first two keep near-duplicates together."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LEAST_CONFIDENT = "least confident"
    MOST_CLAIMS = "most claims"


@dataclass(frozen=True, slots=True)
class QueueView:
    """What a reviewer's queue lists, and in which order.

    `state` None: every article that was not superseded; `outlet` None: of any outlet. With one
    review per article, an article is listed with the review that it has, whosever that is.
    `overlap` is the share of articles that want two reviews where others want one, `checks` the
    share of the reviewer's reviews that are checks.
    """

    reviewer: str
    state: QueueFilter | None = None
    outlet: str | None = None
    order: QueueOrder = QueueOrder.NEWEST
    reviews_per_article: int = 1
    overlap: float = 0.0
    checks: float = 0.0
