"""Opens, holds and releases adjudications. Calls block on the store, so they run in threads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.store.values import AdjudicationTerms
from annotator.tui.app_setup import AppSetup
from annotator.tui.queue.listing import Listing, view_of

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview


@dataclass(frozen=True, slots=True)
class AdjudicationSource:
    """The adjudications of one person, in the order of the queue."""

    setup: AppSetup
    listing: Listing

    def open(self, article: str, *, anew: bool = False) -> OpenedReview:
        """Open an adjudication and hold its article; `anew` if reviews have changed since."""
        config, now = self.setup.config, self.setup.clock.now()
        terms = AdjudicationTerms(now, config.lease_seconds, config.adjudicators, anew)
        return self.setup.store.adjudications.open(article, config.reviewer, terms)

    def next_after(self, article: str) -> str | None:
        """The next article to adjudicate."""
        view = view_of(self.setup, self.listing)
        appointed = self.setup.config.adjudicators
        return self.setup.store.adjudications.next_article(view, article, appointed=appointed)

    def renew(self, article: str) -> None:
        """Hold an article longer."""
        config, now = self.setup.config, self.setup.clock.now()
        self.setup.store.reviews.renew(article, config.reviewer, now=now, adjudicates=True)

    def release(self, article: str) -> None:
        """Release an article."""
        reviewer = self.setup.config.reviewer
        self.setup.store.reviews.release(article, reviewer, adjudicates=True)


@dataclass(frozen=True, slots=True)
class OneAdjudication:
    """One adjudication as a review, for answers that nobody gave; the screen below holds it."""

    source: AdjudicationSource

    def open(self, article: str) -> OpenedReview:
        opened = self.source.open(article)
        around = self.source.setup.store.identities.around
        return replace(opened, around=around(article, opened.article.text, opened.review.entities))

    def next_after(self, _article: str) -> str | None:
        return None

    def told_of(self, _article: str) -> str:
        return ""

    def left(self) -> int | None:
        return None

    def renew(self, article: str) -> None:
        self.source.renew(article)

    def release(self, _article: str) -> None:
        """The screen below goes on with it."""
