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
    """The state of an article for one reviewer; each article has exactly one.

    A skipped or unusable article is not finished: its review is over, and it has no items.
    """

    WAITING = "waiting"
    READY = "ready"
    IN_REVIEW = "in review"
    FINISHED = "finished"
    SKIPPED = "skipped"
    UNUSABLE = "unusable"
    FAILED = "failed"
    SUPERSEDED = "superseded"

    @classmethod
    def after(cls, answer: str) -> ArticleState:
        """The state of an article whose finished review gives this answer."""
        return {"skip": cls.SKIPPED, "unusable": cls.UNUSABLE}.get(answer, cls.FINISHED)

    @property
    def field(self) -> str:
        """The state as the name of a field, in JSON too."""
        return self.name.lower()


class QueueFilter(StrEnum):
    """Filters of the queue: one state; ready or in review; reviewed by the reviewer; assigned to
    them; with several finished reviews that nobody has adjudicated as they are; with notes."""

    WAITING = ArticleState.WAITING
    FAILED = ArticleState.FAILED
    SUPERSEDED = ArticleState.SUPERSEDED
    READY = ArticleState.READY
    IN_REVIEW = ArticleState.IN_REVIEW
    FINISHED = ArticleState.FINISHED
    SKIPPED = ArticleState.SKIPPED
    UNUSABLE = ArticleState.UNUSABLE
    OPEN = "open"
    MINE = "mine"
    TO_ADJUDICATE = "to adjudicate"
    ASSIGNED = "assigned to me"
    NOTED = "with notes"


class QueueOrder(StrEnum):
    """Orders of the queue. The first two keep near-duplicates together, the last one stories: the
    newest story first, and what is in no story after all of them."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LEAST_CONFIDENT = "least confident"
    MOST_CONFIDENT = "most confident"
    MOST_CLAIMS = "most claims"
    FEWEST_CLAIMS = "fewest claims"
    MOST_ENTITIES = "most entities"
    FEWEST_ENTITIES = "fewest entities"
    LONGEST = "longest"
    SHORTEST = "shortest"
    BY_STORY = "by story"


@dataclass(frozen=True, slots=True)
class QueueView:
    """What a reviewer's queue lists, and in which order.

    `state` None: every article that was not superseded; `outlet` None: of any outlet. With one
    review per article, an article is listed with the review that it has, whosever that is.
    `overlap` is the share of articles that want two reviews where others want one, `checks` the
    share of the reviewer's reviews that are checks. Open claims with a score below `fold_below` are
    not counted as open. Articles that are `staying` are listed whatever their state and outlet.
    """

    reviewer: str
    state: QueueFilter | None = None
    outlet: str | None = None
    order: QueueOrder = QueueOrder.NEWEST
    reviews_per_article: int = 1
    overlap: float = 0.0
    checks: float = 0.0
    fold_below: float = 0.0
    staying: tuple[str, ...] = ()
