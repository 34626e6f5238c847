"""Where reviews come from: opened, held, given back, one after the other. Calls wait for the store,
so they are made in threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from annotator.tui.queue.listing import Listing, view_of
from annotator.tui.setup import AppSetup

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview


class ReviewSource(Protocol):
    """The reviews that a screen goes through; each method raises AnnotatorError where the store
    cannot do it."""

    def open(self, article: str) -> OpenedReview:
        """Opens a review and holds its article."""

    def next_after(self, article: str) -> str | None:
        """The article to go on with; None if no other is ready."""

    def renew(self, article: str) -> None:
        """Holds an article longer."""

    def release(self, article: str) -> None:
        """Gives the hold on an article up."""


@dataclass(frozen=True, slots=True)
class QueuedReviews:
    """The reviewer's own reviews, in the order and of the outlet that the queue lists."""

    setup: AppSetup
    listing: Listing

    def open(self, article: str) -> OpenedReview:
        setup = self.setup
        return setup.store.reviews.open(
            article,
            setup.config.reviewer,
            now=setup.clock.now(),
            lease_seconds=setup.config.lease_seconds,
            reviews_per_article=setup.config.reviews_per_article,
        )

    def next_after(self, article: str) -> str | None:
        view, now = view_of(self.setup, self.listing), self.setup.clock.now()
        return self.setup.store.queue.next_ready(view, article, now=now)

    def renew(self, article: str) -> None:
        setup = self.setup
        setup.store.reviews.renew(article, setup.config.reviewer, now=setup.clock.now())

    def release(self, article: str) -> None:
        self.setup.store.reviews.release(article, self.setup.config.reviewer)


@dataclass(frozen=True, slots=True)
class Entry:
    """The article that a screen begins with, and the action that is done on it first, if any."""

    article: str
    first_act: str = ""
