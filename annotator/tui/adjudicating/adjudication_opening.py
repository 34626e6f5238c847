"""Opens adjudications over the queue, and reviews over adjudications."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from annotator.tui.screens.opening import OPENED

if TYPE_CHECKING:
    from annotator.core.article import Span
    from annotator.tui.adjudicating.adjudication_screen import AdjudicationScreen
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.keys import KeyMap
    from annotator.tui.queue.queue_screen import QueueScreen
    from annotator.tui.review.review_screen import ReviewScreen
    from annotator.tui.saving.writer import Writer


class QueueApp(Protocol):
    """The parts of the app that are needed here."""

    setup: AppSetup | None
    keymap: KeyMap
    writer: Writer | None
    shown_review: ReviewScreen | None

    @property
    def queue(self) -> QueueScreen: ...
    @property
    def screen(self) -> object: ...
    @property
    def screen_stack(self) -> Sequence[object]: ...
    def pop_screen(self) -> object: ...


class Adjudicating:
    """The part of the app that has the adjudication screen, if one is open."""

    def __init__(self, app: QueueApp) -> None:
        self._app = app
        self._screen: AdjudicationScreen | None = None

    @property
    def screen(self) -> AdjudicationScreen | None:
        """The adjudication screen, if it is open."""
        return self._screen if self._screen in self._app.screen_stack else None

    @property
    def held(self) -> Mapping[str, Callable[[], None]]:
        """The article in hand, and the call that releases it."""
        return {} if self.screen is None else self.screen.loader.held

    def begin(self, article: str) -> None:
        """Adjudicate an article, and then the following ones."""
        app, queue = self._app, self._app.queue
        try:
            if app.setup is not None and app.writer is not None and app.screen is queue:
                from annotator.tui.adjudicating.adjudication_screen import AdjudicationScreen
                from annotator.tui.adjudicating.adjudication_source import AdjudicationSource

                source = AdjudicationSource(app.setup, queue.rows.listing)
                self._screen = AdjudicationScreen(
                    app.setup, app.keymap, app.writer, source, article
                )
                self._screen.leads_to(self)
                queue.rows.rest()
                queue.show_over(self._screen)
        finally:
            queue.waiting.arrived(OPENED)

    def open_as_review(self, article: str, span: Span) -> None:
        """Open the adjudication in hand as a review, at a place, for an answer that nobody gave."""
        app, opener = self._app, self.screen
        if opener is None:
            return
        try:
            if app.setup is not None and app.writer is not None and app.screen is opener:
                from annotator.tui.adjudicating.adjudication_source import OneAdjudication
                from annotator.tui.review.review_screen import ReviewScreen
                from annotator.tui.review.review_source import ReviewStart

                entry = ReviewStart(article, at=span)
                source = OneAdjudication(opener.source)
                review = ReviewScreen(app.setup, app.keymap, app.writer, source, entry)
                app.shown_review = review
                opener.show_over(review)
        finally:
            opener.waiting.arrived(OPENED)

    def end(self, article: str, said: str = "") -> None:
        """Return from an article to the queue; `said` is the reason, if it was not a key."""
        app = self._app
        while len(app.screen_stack) > 1:
            app.pop_screen()
        app.queue.come_back(article, said)

    def open_refused_again(self) -> None:
        """Open the article in hand again if one of its decisions was refused."""
        if self.screen is not None and self.screen.loader.refused:
            self.screen.loader.open_again()

    def show_saved(self) -> None:
        """Show the progress of saving."""
        if self.screen is not None:
            self.screen.frame.show()
