"""The caret and the selection, by key."""

from __future__ import annotations

from annotator.core.article import Span
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.state import ReviewState


class Caret:
    """Moves the caret and makes selections, by token, or by character in character mode."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._view, self._words = page.view, state.words

    # Caret

    def token(self, by: int) -> None:
        self._go(self._unit_beyond(by))

    def character(self, by: int) -> None:
        step = self._words.next_character if by > 0 else self._words.previous_character
        self._go(step(self._view.caret))

    def line(self, by: int) -> None:
        self._go(self._line_away(by))

    def page(self, by: int) -> None:
        self._go(self._line_away(by * self._view.page_size))

    def sentence(self, by: int) -> None:
        step = self._words.next_sentence if by > 0 else self._words.previous_sentence
        self._go_to(step(self._view.caret))

    def top(self) -> None:
        self._go(0)

    def bottom(self) -> None:
        self._go_to(self._words.token_at(len(self._state.text)))

    def characters(self) -> None:
        habits = self._state.habits
        habits.by_character = not habits.by_character
        self._page.say(
            "Arrows and edges by character." if habits.by_character else "Arrows by word."
        )

    def _line_away(self, by: int) -> int:
        if by > 0:
            return self._view.offset_in_line_below(self._view.caret, by)
        return self._view.offset_in_line_above(self._view.caret, -by)

    def _go_to(self, span: Span | None) -> None:
        if span is not None:
            self._go(span.start)

    def _go(self, offset: int) -> None:
        if self._state.selecting.is_extending:
            self.extend_to(offset)
            return
        self.put(offset)

    def put(self, offset: int, *, scroll: bool = True) -> None:
        """Move the caret, and the focus with it, and drop the selection."""
        selecting = self._state.selecting
        selecting.anchor, selecting.is_extending = None, False
        self._view.select(None)
        self._view.move_caret(offset, scroll=scroll)
        self._navigation.follow()

    # Selection

    def extend(self, by: int) -> None:
        """Extend the selection by a unit; the first press selects the one at the caret."""
        begins = self._state.selecting.anchor is None
        self.extend_to(self._view.caret if begins else self._unit_beyond(by))

    def extend_line(self, by: int) -> None:
        self.extend_to(self._line_away(by))

    def anchor(self) -> None:
        selecting = self._state.selecting
        selecting.is_extending = not selecting.is_extending
        if selecting.is_extending:
            selecting.anchor = None
            self.extend_to(self._view.caret)
        self._page.say(
            "Selecting on." if selecting.is_extending else "Selecting off; the selection stays."
        )

    def select_sentence(self) -> None:
        """Select the sentence; each further press adds the next one."""
        here, chosen = self._words.sentence_at(self._view.caret), self._view.selection
        if here is not None and chosen is not None:
            if chosen.contains(here):
                here = self._words.next_sentence(self._view.caret) or here
            here = _hull(chosen, here)
        if here is not None:
            last = self._words.sentence_at(here.end - 1) or here
            self.select(here, caret=last.start)

    def copy(self) -> None:
        item = self._state.item
        chosen = self._view.selection or (item.span if item else None)
        if chosen is None:
            self._page.say("Nothing is selected.")
            return
        self._view.app.copy_to_clipboard(chosen.of(self._state.text))
        self._page.say(f"{len(chosen)} characters copied.")

    def select(self, span: Span | None, *, caret: int | None = None) -> None:
        """Select a range so that keys can extend or shrink it."""
        self._state.selecting.anchor = self._unit_at(span.start) if span else None
        self._view.select(span, caret=caret)
        self._page.lines.show_detail()

    def unselect(self) -> None:
        self.put(self._view.caret, scroll=False)

    def chosen(self) -> Span | None:
        """The selection, widened to whole tokens unless in character mode."""
        chosen = self._view.selection
        if chosen is None or self._state.habits.by_character:
            return chosen
        return self._words.snap(chosen)

    def extend_to(self, offset: int) -> None:
        """Extend the selection to the unit at `offset`."""
        selecting = self._state.selecting
        if selecting.anchor is None:
            selecting.anchor = self._unit_at(self._view.caret)
        there = self._unit_at(offset)
        if selecting.anchor is None or there is None:
            return
        self._view.select(_hull(selecting.anchor, there), caret=offset)
        self._page.lines.show_detail()

    def _unit_at(self, offset: int) -> Span | None:
        """The token at an offset, or in character mode the character."""
        if not self._state.habits.by_character:
            return self._words.token_at(offset)
        end = self._words.next_character(offset)
        return Span(offset, end) if offset < end else None

    def _unit_beyond(self, by: int) -> int:
        """The start of the next or previous token (or character); the caret at the ends of the
        text."""
        caret, words = self._view.caret, self._words
        if self._state.habits.by_character:
            return words.next_character(caret) if by > 0 else words.previous_character(caret)
        found = words.next_token(caret) if by > 0 else words.previous_token(caret)
        return found.start if found else caret


def _hull(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))
