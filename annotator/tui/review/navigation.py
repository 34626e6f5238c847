"""The focus: the item that decisions act on, and moves from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotator.core.annotations import Claim, Item
from annotator.core.article import Span
from annotator.core.edits import Part, parts_of, span_of
from annotator.core.review import Status
from annotator.core.speakers import speaker_of
from annotator.core.states import ItemOrdering
from annotator.tui.article.marks import marks_of
from annotator.tui.article.render import Mark, MarkRole
from annotator.tui.review.page import Page
from annotator.tui.review.state import InFocus, ReviewState


class Navigation:
    """Keeps the focus on the item under the caret, and redraws changed items."""

    def __init__(self, state: ReviewState, page: Page) -> None:
        self._state, self._page = state, page

    def focus_on(self, id: str | None, *, part: Part | None = None) -> None:
        """Put caret and focus on an item, or on one part of a claim."""
        held = self._state.review.held.get(id) if id is not None else None
        if held is None or (held.status is Status.REJECTED and held.suggested is None):
            self.follow()
            return
        state, view = self._state, self._page.view
        where = span_of(held.item, part) if part else held.item.span
        state.selecting.anchor, state.selecting.is_extending = None, False
        view.select(None)
        view.move_caret(where.start, scroll=False)
        state.last_focus, state.is_free = id, False
        if isinstance(held.item, Claim):
            state.last_claim = InFocus(id, part)
        self._show(InFocus(id, part))
        view.scroll_to_span(where)

    def go_back_to(self, offset: int) -> None:
        """Put the caret where it was, and the focus on what is there."""
        view = self._page.view
        self._state.selecting.anchor, self._state.selecting.is_extending = None, False
        view.select(None)
        view.move_caret(offset)
        self.follow()

    def follow(self) -> None:
        """Move the focus to the smallest item under the caret. While words are selected it stays,
        unless its item is gone."""
        state, view = self._state, self._page.view
        if view.selection is not None:
            if state.item is None:
                self._show(InFocus())
            return
        under = self._under(view.caret)
        state.is_free = True
        if under:
            state.last_focus = under[0]
            state.is_free = state.review.held[under[0]].item.span.start != view.caret
        self._show(InFocus(under[0] if under else None))

    def _show(self, focus: InFocus) -> None:
        """Show another focus in text, list and line."""
        state, before = self._state, self._state.focus
        state.focus = focus
        if before.id != focus.id:
            self.draw_marks(before.id)
            self.draw_marks(focus.id)
        if before != focus:
            item = state.item
            part = span_of(item, focus.part) if item is not None and focus.part else None
            self._page.view.focus_item(focus.id, part, self._tied())
            self._page.panel.focus_on(focus.id)
        self._page.lines.show_detail()

    def _tied(self) -> str | None:
        """The entity that speaks in the focused claim."""
        item = self._state.item
        speaker = speaker_of(item, self._state.review) if isinstance(item, Claim) else None
        return speaker.id if speaker is not None else None

    def _under(self, offset: int) -> tuple[str, ...]:
        """The drawn items at an offset, the smallest first, then those around it."""
        return self._drawn(Span(offset, offset + 1))

    def _drawn(self, span: Span) -> tuple[str, ...]:
        """The drawn items that overlap a span, the smallest first."""
        marks = self._page.view.scene.marks.within(span.start, span.end)
        in_order = sorted(
            marks, key=lambda mark: (len(mark.span), mark.role is not MarkRole.ENTITY)
        )
        return tuple(dict.fromkeys(mark.item for mark in in_order))

    def meant_by(self, chosen: Span) -> str | None:
        """The item whose edges the selected words are meant to be: the one focused when they were
        selected, or else one that they overlap, or else the last focused one."""
        state = self._state
        return state.focus.id or next(iter(self._drawn(chosen)), None) or state.last_focus

    def show_focus(self) -> None:
        """Scroll the focused item into view, for a menu about it."""
        item = self._state.item
        if item is not None and not self._page.view.shows_start_of(item.span):
            self._page.view.scroll_to_span(item.span)

    def draw_marks(self, id: str | None) -> None:
        """Redraw an item."""
        state = self._state
        if id is None:
            return
        held, focused = state.review.held.get(id), id == state.focus.id
        marks = marks_of(held, state.listed.fold, state.confidence, focused=focused)
        self._page.view.replace_item(id, marks)

    def all_marks(self) -> Iterator[Mark]:
        """The marks of all items while none is in focus."""
        state = self._state
        for held in state.review.held.values():
            yield from marks_of(held, state.listed.fold, state.confidence)

    def changed(self, ids: Iterable[str | None], *, with_line: bool = True) -> None:
        """Redraw changed items, and `with_line` the line on the focused one: False where another
        focus or a message redraws it anyway."""
        state = self._state
        changed = [id for id in dict.fromkeys(ids) if id is not None]
        state.listed.update(state.review, changed)
        for id in changed:
            self.draw_marks(id)
        self._page.panel.update_items(state.review, changed)
        item = state.item
        speaker = item.source_entity if isinstance(item, Claim) else None
        if state.focus.id in changed or (speaker is not None and speaker in changed):
            self._keep()
        self._page.lines.show_header()
        if with_line:
            self._page.lines.show_detail()

    def _keep(self) -> None:
        """Keep caret and focus together if the focused item was changed or removed."""
        state, view, item = self._state, self._page.view, self._state.item
        if item is None or state.focus.id not in state.listed.all_items:
            self.follow()
            return
        part = state.focus.part if state.focus.part in parts_of(item) else None
        where = span_of(item, part) if part else item.span
        spans = (where,) if part else item.spans
        inside = any(span.start <= view.caret < span.end for span in spans)
        if not inside and view.selection is None:
            view.move_caret(min(max(view.caret, where.start), where.end - 1), scroll=False)
        view.focus_item(item.id, where if part else None, self._tied())
        state.focus = InFocus(item.id, part)

    # From item to item

    def next_open(self) -> None:
        """Move to the next open item; if there is none, say so and stay."""
        following = self.target(+1, open_only=True)
        if following is None:
            self._page.say(self._none_found(open_only=True))
        else:
            self.focus_on(following)

    def target(self, by: int, *, open_only: bool) -> str | None:
        """The target of a step: counted from the caret, or from the last focus if its item is gone
        or items are not in text order."""
        state, order = self._state, self._state.listed.order
        if not state.is_free or state.listed.by is not ItemOrdering.TEXT:
            return order.step(state.last_focus, by, open_only=open_only)
        caret = self._page.view.caret
        return order.beyond(caret, by, open_only=open_only, besides=state.focus.id)

    def previous_open(self) -> None:
        self._step(-1, open_only=True)

    def next_item(self) -> None:
        self._step(+1, open_only=False)

    def previous_item(self) -> None:
        self._step(-1, open_only=False)

    def _step(self, by: int, *, open_only: bool) -> None:
        found = self.target(by, open_only=open_only)
        if found is None:
            self._page.say(self._none_found(open_only=open_only))
        else:
            self.focus_on(found)

    def _none_found(self, *, open_only: bool) -> str:
        """Why a step found no item; items that the filter hides are counted."""
        listed, key = self._state.listed, self._page.shown("filter")
        if not open_only:
            count = len(listed.all_items) - len(listed.order)
            if len(listed.order):
                return "There is no other item."
            return f"The filter hides all {count} ({key})." if count else "There are no items."
        hidden = listed.all_items.open_count - listed.order.open_count
        hides = f"{hidden} open that the filter hides ({key})." if hidden else ""
        if listed.order.open_count:
            return f"No other item is open. {hides}".rstrip()
        if self._state.review.finished:
            return f"This review is finished; {self._page.shown('reopen')} takes it up again."
        return hides or f"Nothing is open: {self._page.shown('finish')} finishes."

    def next_part(self) -> None:
        """Widen the focus: from an item to the claim around it, then from part to part; without one
        around, move to the next item."""
        item, part = self._state.item, self._state.focus.part
        parts = parts_of(item) if isinstance(item, Claim) else ()
        if item is None:
            self._step(+1, open_only=False)
        elif parts and part != parts[-1]:
            self.focus_on(item.id, part=parts[parts.index(part) + 1 if part in parts else 0])
        elif (wider := self.around(item)) is not None:
            self._widen(wider)
        elif parts:
            self.focus_on(item.id, part=parts[0])
        else:
            self._step(+1, open_only=False)

    def previous_part(self) -> None:
        """The previous part of the claim; on other items, the previous item."""
        item, part = self._state.item, self._state.focus.part
        if not isinstance(item, Claim):
            self._step(-1, open_only=False)
            return
        parts = parts_of(item)
        before = parts.index(part) - 1 if part in parts else -1
        self.focus_on(item.id, part=parts[before])

    def around(self, item: Item) -> str | None:
        """The next larger item around this one; None if there is none."""
        under = self._under(item.span.start)
        return next(iter(under[under.index(item.id) + 1 :]), None) if item.id in under else None

    def _widen(self, id: str) -> None:
        """Focus an item around the focused one; the caret, which is inside, stays."""
        state, view = self._state, self._page.view
        item = state.review.held[id].item
        if not any(span.start <= view.caret < span.end for span in item.spans):
            self.focus_on(id)
            return
        state.last_focus, state.is_free = id, False
        if isinstance(item, Claim):
            state.last_claim = InFocus(id)
        self._show(InFocus(id))
