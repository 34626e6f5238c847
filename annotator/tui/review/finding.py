"""Moving to a place in the text: a jump by first letters, a search."""

from __future__ import annotations

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.edits import Edge
from annotator.core.text.jumping import rest_of
from annotator.core.text.phrases import phrase_at
from annotator.tui.keys import Mode
from annotator.tui.review.caret import Caret
from annotator.tui.review.claim_actions import EdgeActions
from annotator.tui.review.jump_prompt import Jump, Jumped, JumpKeys
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.questions import Questions
from annotator.tui.review.state import ReviewState
from annotator.tui.review.text_prompts import TextSearch

_EDGES = {
    "left_out": Edge.LEFT,
    "left_in": Edge.LEFT,
    "right_in": Edge.RIGHT,
    "right_out": Edge.RIGHT,
}


class Finding:
    """Opens the prompts that find a place, and moves there."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
        caret: Caret,
        edges: EdgeActions,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._caret, self._edges = caret, edges

    def jump(self, questions: Questions) -> None:
        """Ask for the first letters of a word, and go there; where they are enough, `questions`
        ignores the letters after them."""

        def land(jumped: Jumped) -> None:
            if jumped.typed:
                word = jumped.target.of(self._state.text)
                questions.expect_rest(rest_of(word, jumped.typed))
            self._land(jumped)

        keys = JumpKeys(self._edge_of, land, self._page.say)
        self._page.prompts.open(Jump(self._state.words, self._page.view, keys))

    def _edge_of(self, pressed: str) -> Edge | None:
        """The edge that a key moves."""
        action = self._page.lines.keymap.action(Mode.REVIEW, pressed)
        return _EDGES.get(action or "")

    def search(self) -> None:
        self._page.prompts.open(TextSearch(self._state.text, self._page.view, self._select))

    def show(self, hit: Span) -> None:
        """Mark a place that was found in all articles, and put the caret there."""
        self._caret.put(hit.start, scroll=False)
        self._page.view.set_hits((hit,))
        self._page.view.scroll_to_span(hit)

    def _land(self, jumped: Jumped) -> None:
        """Move the edge there, or extend the selection to there while it grows."""
        if jumped.edge is not None:
            self._edges.put(jumped.edge, jumped.target)
        elif self._state.selecting.is_extending:
            self._caret.extend_to(jumped.target.start)
        else:
            self._go(jumped.target.start)

    def _go(self, offset: int) -> None:
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
        else:
            self._caret.put(offset)

    def _select(self, hit: Span | None) -> None:
        if hit is None:
            self._caret.unselect()
            return
        self._caret.select(self._state.words.snap(hit), caret=hit.start)
        self._page.view.scroll_to_span(hit)
