"""Widget: an article with its marks, caret and mouse selection, drawn line by line.

The view takes marks and offsets and posts messages; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.core.article import Span
from annotator.tui.article.dragging import Dragging
from annotator.tui.article.drawn_lines import DrawnLines
from annotator.tui.article.layout import OVERHANG, Layout
from annotator.tui.article.render import Focus, Mark, MarkIndex
from annotator.tui.article.scene import GUTTER, Scene, draw_line
from annotator.tui.article.scrolling import KeptColumn, first_below, range_in_view, top_for
from annotator.tui.article.tag_switch import TagSwitch
from annotator.tui.article.tags import gaps_of
from annotator.tui.widgets.themed_widget import ThemedWidget

__all__ = ["GUTTER", "ArticleView"]

_MEASURE = 100
_CONTEXT = 2


class ArticleView(ScrollView, ThemedWidget, can_focus=True, inherit_bindings=False):
    """The text of one article with its marks, caret, selection and focus."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ArticleView {
        background: $background;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    @dataclass
    class CaretMoved(Message):
        """The caret moved."""

        offset: int

    @dataclass
    class SelectionMade(Message):
        """A range was selected with the mouse."""

        span: Span

    @dataclass
    class Clicked(Message):
        """A character was clicked once, twice or three times in a row."""

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
        """`colors` maps labels to `#rrggbb`; `snap` widens a dragged range, for example to
        tokens."""
        super().__init__(name=name, id=id, classes=classes)
        self.snap = snap
        self.scene = Scene(Layout("", 80))
        self.lines = DrawnLines(self, self.scene, self._draw)
        self._colors = dict(colors or {})
        self._column = KeptColumn()
        self.tags = TagSwitch(
            self.scene, lambda: self._current_painter().palette, self._lay_out_again
        )
        self.mouse = Dragging(self, self.scene, self._select_dragged)

    # Content

    @property
    def text(self) -> str:
        return self.scene.layout.text

    def set_text(self, text: str, marks: Iterable[Mark] = ()) -> None:
        """Show another article from its top, with nothing focused or selected."""
        self.mouse.end()
        scene, self._column = self.scene, KeptColumn()
        scene.marks = MarkIndex()
        scene.marks.set(marks)
        scene.caret, scene.selection, scene.focus = 0, None, None
        scene.hits = []
        scene.sought = None
        scene.set_hints({})
        self._lay_out(text)
        self.scroll_to(y=0, animate=False, force=True)

    def replace_item(self, item: str, marks: Iterable[Mark]) -> None:
        """Replace the marks of one item."""
        scene = self.scene
        old = scene.marks.of(item)
        changed = scene.marks.replace(item, marks)
        if scene.tagged and gaps_of(old) != gaps_of(scene.marks.of(item)):
            self._lay_out_again()
        else:
            self.lines.invalidate(*changed)

    def focus_item(
        self, item: str | None, part: Span | None = None, tied: str | None = None
    ) -> None:
        """Highlight all pieces of an item, and `part` most; None for no item. `tied` is another
        item that is marked with it."""
        focus = None if item is None else Focus(item, part, tied)
        self.lines.invalidate(*self.scene.set_focus(focus))

    def show_hints(self, hints: Mapping[int, str], *, sought: Sequence[Span] | None = None) -> None:
        """Draw letters over the text at these offsets, instead of the previous hints. With
        `sought`, dim all but these words, which keep their letters: the hints come before them."""
        if self.scene.sought is None and sought is None:
            self.lines.invalidate_lines(self.scene.set_hints(hints))
            return
        self.scene.sought = sought
        self.scene.set_hints(hints)
        self.lines.forget()
        self.refresh()

    def clear_hints(self) -> None:
        """Remove the hints."""
        self.show_hints({})

    def set_hits(self, spans: Iterable[Span]) -> None:
        """Mark these spans as search hits, instead of the previous ones."""
        old, self.scene.hits = self.scene.hits, sorted(spans)
        if old != self.scene.hits:
            self.lines.invalidate(*old, *self.scene.hits)

    # Caret and selection

    @property
    def caret(self) -> int:
        """The offset of the caret, from 0 to the length of the text."""
        return self.scene.caret

    def move_caret(self, offset: int, *, scroll: bool = True) -> None:
        """Move the caret to `offset`, and scroll its line into view if `scroll`."""
        offset = min(max(offset, 0), len(self.text))
        if offset != self.scene.caret:
            self.lines.invalidate_caret()
            self.scene.caret = offset
            self.lines.invalidate_caret()
            self.post_message(self.CaretMoved(offset))
        if scroll:
            self._bring_into_view(offset, offset, context=0)

    @property
    def selection(self) -> Span | None:
        return self.scene.selection

    def select(self, span: Span | None, caret: int | None = None) -> None:
        """Select a range, or nothing; `caret` also moves the caret."""
        if span is not None and span.end > len(self.text):
            raise ValueError(f"[{span.start}, {span.end}) lies outside the text")
        old, self.scene.selection = self.scene.selection, span
        if old is not None and span is not None and old.overlaps(span):
            self.lines.invalidate_between(old.start, span.start)
            self.lines.invalidate_between(old.end, span.end)
        else:
            self.lines.invalidate(*(changed for changed in (old, span) if changed is not None))
        if caret is not None:
            self.move_caret(caret)

    def offset_in_line_above(self, offset: int, by: int = 1) -> int:
        """The offset `by` lines higher in the same column; repeated moves keep the column."""
        return self._column.lines_away(self.scene.layout, offset, -by)

    def offset_in_line_below(self, offset: int, by: int = 1) -> int:
        """The offset `by` lines lower in the same column; repeated moves keep the column."""
        return self._column.lines_away(self.scene.layout, offset, by)

    # Viewport

    def scroll_to_span(self, span: Span) -> None:
        """Scroll a range into view with some lines around it, unless all of it is in view."""
        self._bring_into_view(span.start, span.end - 1, context=_CONTEXT)

    def visible_range(self) -> Span:
        """The characters in view; `[0, 1)` for an empty text, because a span is never empty."""
        top, height = self.scroll_offset.y, self.lines.height
        return range_in_view(self.scene.layout, top=top, height=height)

    def shows_start_of(self, span: Span) -> bool:
        """Whether the first character of a range is in view."""
        return self.shows_some_of(Span(span.start, span.start + 1))

    def shows_some_of(self, span: Span) -> bool:
        """Whether any character of a range is in view."""
        top, height = self.scroll_offset.y, self.lines.height
        if not height:
            return True
        below = first_below(self.scene.layout, top=top, height=height)
        return span.start < below and span.end > self.visible_range().start

    @property
    def page_size(self) -> int:
        """The lines of a page, less one, so that one line of the last page stays in view."""
        return max(1, self.lines.height - 1)

    def _bring_into_view(self, start: int, last: int, *, context: int) -> None:
        layout, height = self.scene.layout, self.lines.height
        if not height:
            return
        first, final = layout.line_of(start), layout.line_of(last)
        top = top_for(first, final, top=self.scroll_offset.y, height=height, context=context)
        if top is not None:
            # Immediate, because the next key of a burst depends on what is in view.
            self.scroll_to(y=top, animate=False, force=True, immediate=True)

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1:
            self.mouse.begin(event.get_content_offset_capture(self))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if not self.mouse.is_on:
            return
        if event.button:
            self.mouse.move(event.get_content_offset_capture(self))
        else:
            # The button was released where this terminal gets no event, for example in another
            # pane.
            self.mouse.end()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if not self.mouse.is_on:
            return
        self.mouse.end_at(event.get_content_offset_capture(self))
        if self.mouse.has_moved and self.selection is not None:
            self.post_message(self.SelectionMade(self.selection))
        self.mouse.end()

    def on_click(self, event: events.Click) -> None:
        if event.button != 1 or self.mouse.has_moved:
            return
        offset = self.mouse.offset_under(event.get_content_offset_capture(self))
        if event.chain == 1 and not event.shift:
            self.select(None)
        self.move_caret(offset, scroll=False)
        self.post_message(self.Clicked(offset, min(event.chain, 3), event.shift))

    def _select_dragged(self, span: Span | None, caret: int) -> None:
        self.select(span if span is None or self.snap is None else self.snap(span))
        self.move_caret(caret, scroll=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        # The wheel scrolls too: a held mouse button selects what comes under it.
        if round(old_value) != round(new_value):
            self.mouse.cover()

    # Drawing

    def render_line(self, y: int) -> Strip:
        if y == 0:
            self.lines.look_at_range()
        return self.lines.line(self.scroll_offset.y + y)

    def _draw(self, line: int) -> Strip:
        width = self.scrollable_content_region.width
        return draw_line(
            self.scene, line, self._current_painter(), width=width, active=self.has_focus
        )

    def _forget_drawn(self) -> None:
        self.lines.forget()

    def on_resize(self) -> None:
        self.lines.forget()
        if _text_width(self.scrollable_content_region.width) != self.scene.layout.width:
            self._lay_out_again()

    def on_focus(self) -> None:
        self.lines.invalidate_caret()

    on_blur = on_focus

    def on_mount(self) -> None:
        self.tags.update()
        self.app.theme_changed_signal.subscribe(self, self.tags.update)

    def _lay_out_again(self) -> None:
        """Break the lines again; the first character in view stays at the top."""
        layout = self.scene.layout
        top = layout.starts[min(self.scroll_offset.y, len(layout) - 1)]
        self._lay_out(self.text)
        to = self.scene.layout.line_of(top)
        self.scroll_to(y=to, animate=False, force=True, immediate=True)

    def _lay_out(self, text: str) -> None:
        width, scene = self.scrollable_content_region.width, self.scene
        gaps = gaps_of(scene.marks.all()) if scene.tagged else None
        scene.layout = Layout(text, _text_width(width), gaps)
        self.lines.forget()
        self.scene.set_hints(self.scene.hints)
        self.virtual_size = Size(width, len(self.scene.layout))
        self.refresh()


def _text_width(width: int) -> int:
    """The cells for a line of text in a view of this width (0: not known yet)."""
    return max(8, min(_MEASURE, (width or 80) - GUTTER - OVERHANG))
