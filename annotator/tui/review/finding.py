"""Moving to a place in the text: a jump by two letters, a search."""

from __future__ import annotations

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.text.phrases import phrase_at
from annotator.tui.review.caret import Caret
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.state import ReviewState
from annotator.tui.review.text_prompts import Jump, TextSearch


class Finding:
    """Opens the prompts that find a place, and moves there."""

    def __init__(
        self, state: ReviewState, page: Page, navigation: Navigation, caret: Caret
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._caret = caret

    def jump(self) -> None:
        page = self._page
        page.prompts.open(Jump(self._state.words, page.view, self._land, page.say))

    def search(self) -> None:
        self._page.prompts.open(TextSearch(self._state.text, self._page.view, self._select))

    def show(self, hit: Span) -> None:
        """Mark a place that was found in all articles, and put the caret there."""
        self._caret.put(hit.start, scroll=False)
        self._page.view.set_hits((hit,))
        self._page.view.scroll_to_span(hit)

    def _land(self, offset: int) -> None:
        """Put focus and caret on the entity that starts there; if there is none, select a name."""
        state = self._state
        there = (
            held.item
            for held in state.review.held.values()
            if isinstance(held.item, Entity) and held.item.span.start == offset
        )
        known = next((item for item in there if item.id in state.listed.all_items), None)
        if known is not None:
            self._navigation.focus_on(known.id)
            state.jumped = known.span
            return
        phrase = phrase_at(state.words, offset)
        if phrase is not None:
            last = state.words.token_at(phrase.end - 1) or phrase
            self._caret.select(phrase, caret=last.start)
            state.jumped = phrase

    def _select(self, hit: Span | None) -> None:
        if hit is None:
            self._caret.unselect()
            return
        self._caret.select(self._state.words.snap(hit), caret=hit.start)
        self._page.view.scroll_to_span(hit)
