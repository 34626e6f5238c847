"""The source of reviews: opens, holds and releases articles one after the other. Calls block on the
store, so they run in threads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from annotator.core.article import Span
from annotator.tui.app_setup import AppSetup
from annotator.tui.queue.listing import Listing, view_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.store.values import OpenedReview
    from annotator.tui.review.actions import Workbench
    from annotator.tui.widgets.bar import Bar


class ReviewSource(Protocol):
    """The reviews that a screen works through; each method raises AnnotatorError if the store
    fails."""

    def open(self, article: str) -> OpenedReview:
        """Open a review and hold its article."""

    def next_after(self, article: str) -> str | None:
        """The article to continue with; None if no other is ready."""

    def told_of(self, article: str) -> str:
        """What is to be told of an article that was just finished, in one phrase; may be empty."""

    def left(self) -> int | None:
        """How many articles are still to be done; None if that is not known."""

    def renew(self, article: str) -> None:
        """Hold an article longer."""

    def release(self, article: str) -> None:
        """Release an article."""


class ReviewGuide(Protocol):
    """Leads through a review, in lines above the text."""

    bar: Bar

    def shown(self, work: Workbench, width: int) -> None:
        """An article is shown."""

    def takes(self, pressed: str, close: Callable[[], None]) -> bool:
        """Whether the screen may handle a key; the guide may also `close` the screen."""

    def acted(self, work: Workbench, width: int) -> None:
        """A key was handled or refused."""

    def show(self, width: int) -> None:
        """Draw its lines for a screen of this width."""


@dataclass(frozen=True, slots=True)
class QueuedReviews:
    """The reviewer's own reviews, in the order and of the outlet that the queue lists; without a
    listing, one article alone. `came_after` says after which article one was opened here; what is
    opened is added to `opened`."""

    setup: AppSetup
    listing: Listing | None = None
    came_after: dict[str, str] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def open(self, article: str) -> OpenedReview:
        setup = self.setup
        opened = setup.store.reviews.open(
            article,
            setup.config.reviewer,
            now=setup.clock.now(),
            lease_seconds=setup.config.lease_seconds,
            plan=setup.config.plan,
        )
        self.opened.append(article)
        text, names = opened.article.text, opened.review.entities
        around = setup.store.identities.around(article, text, names)
        return replace(opened, around=around, number=self._number(opened))

    def _number(self, opened: OpenedReview) -> tuple[int, int] | None:
        """Which article this is, after those that are finished, and how many there are."""
        if self.listing is None:
            return None
        config = self.setup.config
        counts = self.setup.store.queue.counts(config.reviewer, plan=config.plan)
        total = counts.finished + counts.ready + counts.in_review + counts.waiting
        return counts.finished + (not opened.review.finished), total

    def next_after(self, article: str) -> str | None:
        if self.listing is None:
            return None
        view, now = view_of(self.setup, self.listing), self.setup.clock.now()
        before = self.came_after.get(article)
        following = self.setup.store.queue.next_ready(view, article, now=now, before=before)
        if following is not None:
            self.came_after[following] = article
        return following

    def told_of(self, article: str) -> str:
        if not self.setup.config.checks:
            return ""
        from annotator.core.check_outcome import outcome_in_words

        outcome = self.setup.store.gold_checks.outcome(article, self.setup.config.reviewer)
        return "" if outcome is None else f"was a check: {outcome_in_words(outcome)}"

    def left(self) -> int | None:
        counts = self.setup.store.queue.counts(
            self.setup.config.reviewer, plan=self.setup.config.plan
        )
        return counts.ready + counts.in_review + counts.waiting

    def renew(self, article: str) -> None:
        setup = self.setup
        setup.store.reviews.renew(article, setup.config.reviewer, now=setup.clock.now())

    def release(self, article: str) -> None:
        self.setup.store.reviews.release(article, self.setup.config.reviewer)


@dataclass(frozen=True, slots=True)
class ReviewStart:
    """The first article of a screen, and its first action, if any; `at` is the place in it to show,
    otherwise its first open item; `guide` leads through it, if one does."""

    article: str
    first_act: str = ""
    at: Span | None = None
    guide: ReviewGuide | None = None
