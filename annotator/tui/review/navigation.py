"""The focus: which item decisions act on, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.annotations import Claim
from annotator.core.edits import Part, parts_of, span_of
from annotator.core.review import Status
from annotator.tui.article.marks import marks_of
from annotator.tui.review.page import Page
from annotator.tui.review.state import InFocus, ReviewState


class Navigation:
    """Puts the focus on items, and shows what became of them."""

    def __init__(self, state: ReviewState, page: Page) -> None:
        self._state, self._page = state, page

    def focus_on(self, id: str | None, *, part: Part | None = None, caret: bool = True) -> None:
        """Puts the focus on an item, or of a claim on one part, and the caret with it."""
        state, view = self._state, self._page.view
        before = state.focus.id
        held = state.review.held.get(id) if id is not None else None
        state.here = id or state.here
        if held is None or (held.status is Status.DROPPED and held.suggested is None):
            id, held = None, None
        state.focus = InFocus(id, part if held is not None else None)
        if held is not None and isinstance(held.item, Claim):
            state.claim_id = id
        for changed in {before, id} - {None} if before != id else ():
            self.draw_marks(changed)
        self._page.panel.focus_on(id)
        if held is None:
            view.focus_item(None)
        else:
            where = span_of(held.item, part) if part else held.item.span
            view.focus_item(id, where if part else None)
            if caret:
                state.selecting.base, state.selecting.anchored = None, False
                view.select(None)
                view.move_caret(where.start, scroll=False)
                view.scroll_to_span(where)
        self._page.lines.show_detail()

    def focus_under(self, offset: int) -> None:
        """The smallest item that stands at an offset gets the focus; without one it stays."""
        state = self._state
        under = [
            (span.end - span.start, id)
            for id in state.listed.whole.ids
            for span in state.review.held[id].item.spans
            if span.start <= offset < span.end
        ]
        if under:
            self.focus_on(min(under)[1], caret=False)

    def show_focus(self) -> None:
        """Brings the item in focus into view, for a menu that asks what becomes of it."""
        item = self._state.item
        if item is not None and not self._page.view.shows_start_of(item.span):
            self._page.view.scroll_to_span(item.span)

    def draw_marks(self, id: str | None) -> None:
        """Draws an item again."""
        state = self._state
        if id is None:
            return
        held, focused = state.review.held.get(id), id == state.focus.id
        marks = marks_of(held, unfolded=state.listed.unfolded, focused=focused)
        self._page.view.replace_item(id, marks)

    def changed(self, ids: Iterable[str | None]) -> None:
        """Draws again what became of these items."""
        state = self._state
        changed = [id for id in dict.fromkeys(ids) if id is not None]
        state.listed.update(state.review, changed)
        for id in changed:
            self.draw_marks(id)
        self._page.panel.update_items(state.review, changed)
        if state.focus.id in changed:
            self.focus_on(state.focus.id, part=state.focus.part, caret=False)
        self._page.lines.show_header()
        self._page.lines.show_detail()

    # From item to item

    def next_open(self) -> None:
        """Puts the focus on the next open item; where there is none, it says so and stays."""
        following = self._state.listed.order.step(self._state.here, +1, open_only=True)
        if following is None:
            self._page.say(f"Nothing is open: {self._page.shown('finish')} finishes.")
        else:
            self.focus_on(following)

    def previous_open(self) -> None:
        self._step(-1, open_only=True)

    def next_item(self) -> None:
        self._step(+1, open_only=False)

    def previous_item(self) -> None:
        self._step(-1, open_only=False)

    def next_part(self) -> None:
        self._step_part(+1)

    def previous_part(self) -> None:
        self._step_part(-1)

    def _step(self, by: int, *, open_only: bool) -> None:
        found = self._state.listed.order.step(self._state.here, by, open_only=open_only)
        if found is None:
            self._page.say("Nothing is open." if open_only else "There are no items.")
        else:
            self.focus_on(found)

    def _step_part(self, by: int) -> None:
        item, part = self._state.item, self._state.focus.part
        if not isinstance(item, Claim):
            self._step(by, open_only=False)
            return
        parts = parts_of(item)
        if part in parts:
            part = parts[(parts.index(part) + by) % len(parts)]
        else:
            part = parts[0 if by > 0 else -1]
        self.focus_on(item.id, part=part)
