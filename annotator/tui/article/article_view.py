"""Widget: an article with its marks, drawn line by line, and the mouse and caret in it.

The view shows and tells: it takes marks and offsets, and posts messages; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.timer import Timer

from annotator.core.article import Span
from annotator.tui.article.article_canvas import GUTTER, ArticleCanvas
from annotator.tui.article.render import Mark, MarkIndex

__all__ = ["GUTTER", "ArticleView"]

_CONTEXT = 2
_DRAG_SCROLL_SECONDS = 0.05


class ArticleView(ArticleCanvas, can_focus=True, inherit_bindings=False):
    """The text of one article, its marks, and the caret, selection and focus of its reviewer."""

    @dataclass
    class CaretMoved(Message):
        """The caret stands somewhere else now."""

        offset: int

    @dataclass
    class SelectionMade(Message):
        """A range was selected with the mouse."""

        span: Span

    @dataclass
    class Clicked(Message):
        """A place in the text was clicked: once, twice or three times in a row."""

        offset: int
        times: int
        shift: bool

    def __init__(
        self,
        colors: Mapping[str, str] | None = None,
        *,
        snap: Callable[[Span], Span] | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`colors` gives each label its `#rrggbb`; `snap` widens what is dragged, say to tokens."""
        super().__init__(colors, name=name, id=id, classes=classes)
        self.snap = snap
        self._wanted: tuple[int, int] | None = None
        self._pressed_at: tuple[int, int] | None = None
        self._dragged = False
        self._drag_to: tuple[int, int] = (0, 0)
        self._drag_timer: Timer | None = None

    def set_text(self, text: str, marks: Iterable[Mark] = ()) -> None:
        """Shows another article from its top, with nothing focused or selected."""
        self._marks = MarkIndex()
        self._marks.set(marks)
        self._caret, self._wanted, self._selection, self._focus = 0, None, None, None
        self._hints, self._hint_lines, self._hits = {}, {}, []
        self._stop_drag()
        self._lay_out(text)
        self.scroll_to(y=0, animate=False, force=True)

    # Caret and selection

    @property
    def caret(self) -> int:
        """The offset the caret stands at, from 0 to the length of the text."""
        return self._caret

    def move_caret(self, offset: int, *, scroll: bool = True) -> None:
        """Puts the caret on the character at `offset`, and that line in view."""
        offset = min(max(offset, 0), len(self.text))
        if offset != self._caret:
            self._spoil_caret()
            self._caret = offset
            self._spoil_caret()
            self.post_message(self.CaretMoved(offset))
        if scroll:
            self._bring_into_view(offset, offset, context=0)

    @property
    def selection(self) -> Span | None:
        return self._selection

    def select(self, span: Span | None, caret: int | None = None) -> None:
        """Selects a range, or nothing; `caret` moves the caret in the same go."""
        old = self._selection
        if span is not None and span.end > len(self.text):
            raise ValueError(f"[{span.start}, {span.end}) lies outside the text")
        self._selection = span
        if old is not None and span is not None and old.overlaps(span):
            self._spoil_between(old.start, span.start)
            self._spoil_between(old.end, span.end)
        else:
            for changed in (old, span):
                if changed is not None:
                    self._spoil(changed)
        if caret is not None:
            self.move_caret(caret)

    def scroll_to_span(self, span: Span) -> None:
        """Brings a range into view with some lines around it, if any of it is out of view."""
        self._bring_into_view(span.start, span.end - 1, context=_CONTEXT)

    def visible_range(self) -> Span:
        """The characters in view. Of an empty text, `[0, 1)`: a span is never empty."""
        first = min(self.scroll_offset.y, len(self._layout) - 1)
        last = min(first + max(1, self._height) - 1, len(self._layout) - 1)
        start = self._layout.starts[first]
        return Span(start, max(start + 1, self._layout.ends[last]))

    def shows_start_of(self, span: Span) -> bool:
        """Whether the first character of a range is in view."""
        return not self._height or self.visible_range().start <= span.start < self._first_below()

    def shows_some_of(self, span: Span) -> bool:
        """Whether any character of a range is in view."""
        return not self._height or (
            span.start < self._first_below() and span.end > self.visible_range().start
        )

    def _first_below(self) -> int:
        """The first character below what is in view; the line end belongs to its line."""
        line = self.scroll_offset.y + self._height
        return self._layout.starts[line] if line < len(self._layout) else len(self.text) + 1

    def offset_in_line_above(self, offset: int, by: int = 1) -> int:
        """The offset `by` lines higher in the same column, which repeated moves keep."""
        return self._offset_lines_away(offset, -by)

    def offset_in_line_below(self, offset: int, by: int = 1) -> int:
        """The offset `by` lines lower in the same column, which repeated moves keep."""
        return self._offset_lines_away(offset, by)

    @property
    def page_size(self) -> int:
        """How many lines to move by so that one line of the last page stays in view."""
        return max(1, self._height - 1)

    def line_range(self, offset: int) -> tuple[int, int]:
        """Start and end of the line on screen that `offset` is on."""
        line = self._layout.line_of(offset)
        return self._layout.starts[line], self._layout.ends[line]

    def _bring_into_view(self, start: int, last: int, *, context: int) -> None:
        height = self._height
        if not height:
            return
        first, final = self._layout.line_of(start), self._layout.line_of(last)
        top = self.scroll_offset.y
        if top <= first and final < top + height:
            return
        if context:
            # A third of a page stays above, so that the next items come without scrolling.
            target = first - max(context, height // 3)
            if final >= target + height - context:
                target = min(first - context, final - height + 1 + context)
                target = min(max(target, first - height + 1), first)
        elif first < top:
            target = first
        else:
            target = final - height + 1
        # At once: the next key of a burst asks what is in view.
        self.scroll_to(y=max(0, target), animate=False, force=True, immediate=True)

    def _offset_lines_away(self, offset: int, by: int) -> int:
        line = self._layout.line_of(offset)
        if self._wanted is not None and self._wanted[0] == offset:
            cell = self._wanted[1]
        else:
            cell = self._layout.cells(line).cell_of(offset)
        target = min(max(line + by, 0), len(self._layout) - 1)
        found = self._layout.offset_at(target, cell)
        self._wanted = (found, cell)
        return found

    # Mouse

    def offset_under(self, x: int, y: int) -> int:
        """The offset of the character at a place of the view, in cells from its top left."""
        return self._layout.offset_at(self.scroll_offset.y + y, max(0, x - GUTTER))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button != 1:
            return
        place = event.get_content_offset_capture(self)
        self._pressed_at, self._drag_to = self._range_under(place.x, place.y), (place.x, place.y)
        self._dragged = False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._pressed_at is None:
            return
        if not event.button:
            # It was let go where this terminal does not hear of it: in another pane, say.
            self._stop_drag()
            return
        place = event.get_content_offset_capture(self)
        self._drag_to = (place.x, place.y)
        self._drag()
        outside = not 0 <= place.y < self._height
        if outside and self._drag_timer is None:
            self._drag_timer = self.set_interval(_DRAG_SCROLL_SECONDS, self._scroll_and_drag)
        elif not outside:
            self._stop_scrolling()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._pressed_at is None:
            return
        place = event.get_content_offset_capture(self)
        self._drag_to = (place.x, place.y)
        self._drag()
        if self._dragged and self._selection is not None:
            self.post_message(self.SelectionMade(self._selection))
        self._stop_drag()

    def on_click(self, event: events.Click) -> None:
        if event.button != 1 or self._dragged:
            return
        place = event.get_content_offset_capture(self)
        offset = self.offset_under(place.x, place.y)
        if event.chain == 1 and not event.shift:
            self.select(None)
        self.move_caret(offset, scroll=False)
        self.post_message(self.Clicked(offset, min(event.chain, 3), event.shift))

    def _drag(self) -> None:
        """Selects from where the button went down to where the mouse is, both included."""
        if self._pressed_at is None:
            return
        x, y = self._drag_to
        to = self._range_under(x, min(max(y, -1), self._height))
        if to == self._pressed_at and not self._dragged:
            return
        self._dragged = True
        start = min(self._pressed_at[0], to[0])
        end = max(self._pressed_at[1], to[1])
        span = Span(start, end) if start < end else None
        self.select(span if span is None or self.snap is None else self.snap(span))
        self.move_caret(to[0], scroll=False)

    def _range_under(self, x: int, y: int) -> tuple[int, int]:
        """The characters drawn at a place of the view; beside a line, its empty start or end."""
        line = min(max(self.scroll_offset.y + y, 0), len(self._layout) - 1)
        cells, cell = self._layout.cells(line), x - GUTTER
        if 0 <= cell < cells.width:
            return cells.cluster_at(cells.offset_at(cell))
        return (cells.start,) * 2 if cell < 0 else (cells.end,) * 2

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        # By the wheel too: what comes under a mouse that is held down is selected.
        if self._pressed_at is not None and round(old_value) != round(new_value):
            self._drag()

    def _scroll_and_drag(self) -> None:
        self.scroll_to(
            y=self.scroll_offset.y + (1 if self._drag_to[1] > 0 else -1), animate=False, force=True
        )

    def _stop_scrolling(self) -> None:
        if self._drag_timer is not None:
            self._drag_timer.stop()
            self._drag_timer = None

    def _stop_drag(self) -> None:
        self._stop_scrolling()
        if self._pressed_at is not None:
            self._pressed_at = None
            self.release_mouse()
