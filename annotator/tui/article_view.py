"""Widget: an article with its marks, drawn line by line.

Each line of text is drawn once and kept until something on it changes, so a key costs the lines it
touches, whatever the length of the article. The view shows and tells: it takes marks and offsets,
and posts messages; it decides nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.theme import Theme
from textual.timer import Timer

from annotator.core.article import Span
from annotator.tui.colours import Painter, palette_for
from annotator.tui.layout import OVERHANG, Layout
from annotator.tui.render import Focus, Look, Mark, MarkIndex, gutter_of, runs_of

GUTTER = 3
MEASURE = 100
_CONTEXT = 2
_KEPT_STRIPS = 400
_DRAG_SCROLL_SECONDS = 0.05


class ArticleView(ScrollView, can_focus=True, inherit_bindings=False):
    """The text of one article, its marks, and the caret, selection and focus of its reviewer."""

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
        super().__init__(name=name, id=id, classes=classes)
        self.snap = snap
        self.lines_rebuilt = 0
        self._colors = dict(colors or {})
        self._painter: Painter | None = None
        self._layout = Layout("", 80)
        self._marks = MarkIndex()
        self._strips: dict[int, Strip] = {}
        self._caret = 0
        self._wanted: tuple[int, int] | None = None
        self._selection: Span | None = None
        self._focus: Focus | None = None
        self._hints: dict[int, str] = {}
        self._hint_lines: dict[int, dict[int, str]] = {}
        self._hits: list[Span] = []
        self._pressed_at: tuple[int, int] | None = None
        self._dragged = False
        self._drag_to: tuple[int, int] = (0, 0)
        self._drag_timer: Timer | None = None

    # What is shown

    @property
    def text(self) -> str:
        return self._layout.text

    def set_text(self, text: str, marks: Iterable[Mark] = ()) -> None:
        """Shows another article from its top, with nothing focused or selected."""
        self._marks = MarkIndex()
        self._marks.set(marks)
        self._caret, self._wanted, self._selection, self._focus = 0, None, None, None
        self._hints, self._hint_lines, self._hits = {}, {}, []
        self._stop_drag()
        self._lay_out(text)
        self.scroll_to(y=0, animate=False, force=True)

    def set_colors(self, colors: Mapping[str, str]) -> None:
        """Gives labels these colours (`#rrggbb`)."""
        self._colors = dict(colors)
        self._repaint()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Makes these the article's marks; only lines on which one changed are drawn again."""
        for span in self._marks.set(marks):
            self._spoil(span)

    def replace_item(self, item: str, marks: Iterable[Mark]) -> None:
        """Makes these the marks of one item; none takes it away."""
        for span in self._marks.replace(item, marks):
            self._spoil(span)

    def focus_item(self, item: str | None, part: Span | None = None) -> None:
        """Lets all pieces of an item stand out, and `part` the most; None for no item."""
        new = None if item is None else Focus(item, part)
        old = self._focus
        if new == old:
            return
        self._focus = new
        same_item = old is not None and new is not None and old.item == new.item
        for focus in (old, new):
            if focus is None:
                continue
            if same_item and old is not None and old.part is not None and part is not None:
                self._spoil(focus.part or part)
                continue
            for mark in self._marks.of(focus.item):
                self._spoil(mark.span)
            if focus.part is not None:
                self._spoil(focus.part)

    def show_hints(self, hints: Mapping[int, str]) -> None:
        """Draws letters over the text from each offset on, in place of the hints shown before."""
        old = list(self._hint_lines)
        self._hints = dict(hints)
        self._hint_lines = {}
        for offset, letters in self._hints.items():
            line = self._layout.line_of(offset)
            cell = self._layout.cells(line).cell_of(offset)
            self._hint_lines.setdefault(line, {})[cell] = letters
        self._spoil_lines({*old, *self._hint_lines})

    def clear_hints(self) -> None:
        self.show_hints({})

    @property
    def hints(self) -> Mapping[int, str]:
        """Jump letters by the offset they are drawn at."""
        return dict(self._hints)

    def set_hits(self, spans: Iterable[Span]) -> None:
        """Marks these as found by a search, in place of the hits before."""
        old, self._hits = self._hits, sorted(spans)
        if old != self._hits:
            lines: set[int] = set()
            for span in (*old, *self._hits):
                lines.update(self._layout.lines_of(span.start, span.end))
            self._spoil_lines(lines)

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

    # Drawing

    def render_line(self, y: int) -> Strip:
        line = self.scroll_offset.y + y
        strip = self._strips.get(line)
        if strip is None:
            strip = self._draw(line)
            if len(self._strips) >= _KEPT_STRIPS:
                self._strips.pop(next(iter(self._strips)))
            self._strips[line] = strip
        return strip

    def _draw(self, line: int) -> Strip:
        width = self.scrollable_content_region.width
        painter = self._paints()
        blank = painter.style(Look())
        if line >= len(self._layout):
            return Strip([Segment(" " * width, blank)], width)
        self.lines_rebuilt += 1
        start, end = self._layout.starts[line], self._layout.ends[line]
        marks = self._marks.within(start, max(end, start + 1))
        cells = self._layout.cells(line)
        active = self.has_focus
        (bar, bar_style), (dot, dot_style) = painter.gutter(gutter_of(marks, self._focus))
        segments = [Segment(bar, bar_style), Segment(dot, dot_style), Segment(" ", blank)]
        here = self._layout.line_of(self._caret) == line
        caret = self._layout.cluster_at(self._caret) if here else None
        runs = runs_of(
            start,
            end,
            marks,
            focus=self._focus,
            selection=self._selection,
            hits=self._hits_within(start, end),
            caret=caret,
        )
        # The blank at which a line was broken looks like nothing unless it is pointed at.
        hangs = self._layout.is_broken(line) and self.text[end - 1] == " "
        body = end - 1 if hangs and cells.cluster_at(end - 1)[0] == end - 1 else end
        for run in runs:
            drawn = cells.text(self.text, run.start, min(run.end, body))
            if drawn:
                segments.append(Segment(drawn, painter.style(run.look, active=active)))
            if run.end > body:
                bare = Look(selected=run.look.selected, caret=run.look.caret)
                segments.append(Segment(" ", painter.style(bare, active=active)))
        drawn_cells = GUTTER + cells.width
        # The line end itself can hold the caret, and shows that a selection goes on over it.
        at_end = Look(
            selected=self._selects(end) and not self._layout.is_broken(line),
            caret=caret is not None and caret[0] == caret[1],
        )
        if at_end != Look():
            segments.append(Segment(" ", painter.style(at_end, active=active)))
            drawn_cells += 1
        if line in self._hint_lines:
            segments = self._with_hints(segments, self._hint_lines[line], drawn_cells)
        if drawn_cells < width:
            segments.append(Segment(" " * (width - drawn_cells), blank))
            return Strip(segments, width)
        return Strip(segments, drawn_cells).adjust_cell_length(width, blank)

    def _with_hints(
        self, segments: list[Segment], hints: Mapping[int, str], width: int
    ) -> list[Segment]:
        """The line with letters in place of what stood in their cells."""
        strip = Strip(segments, width)
        pieces: list[Segment] = []
        at = 0
        for cell, letters in sorted(hints.items()):
            begin = GUTTER + cell
            room = min(len(letters), width - begin)
            if begin < at or room <= 0:
                continue
            pieces.extend(strip.crop(at, begin))
            pieces.append(Segment(letters[:room], self._paints().hint()))
            at = begin + room
        pieces.extend(strip.crop(at, width))
        return pieces

    def _selects(self, offset: int) -> bool:
        chosen = self._selection
        return chosen is not None and chosen.start <= offset < chosen.end

    def _hits_within(self, start: int, end: int) -> list[Span]:
        if not self._hits:
            return []
        # Hits do not overlap, so of those that begin before the line only the last can reach in.
        first = max(0, bisect_left(self._hits, start, key=lambda span: span.start) - 1)
        last = bisect_left(self._hits, end, key=lambda span: span.start)
        return [span for span in self._hits[first:last] if span.end > start]

    def _paints(self) -> Painter:
        if self._painter is None:
            self._painter = Painter(palette_for(self.app.current_theme), self._colors)
        return self._painter

    # What must be drawn again

    def _spoil(self, span: Span) -> None:
        self._spoil_lines(self._layout.lines_of(span.start, min(span.end, len(self.text))))

    def _spoil_between(self, one: int, other: int) -> None:
        if one != other:
            start, end = sorted((one, other))
            self._spoil_lines(self._layout.lines_of(start, end))

    def _spoil_lines(self, lines: Iterable[int]) -> None:
        top = self.scroll_offset.y
        width, height = self.scrollable_content_region.width, self._height
        regions = []
        for line in lines:
            self._strips.pop(line, None)
            if 0 <= line - top < height:
                regions.append(Region(0, line - top, width, 1))
        if regions:
            self.refresh(*regions)

    def _spoil_caret(self) -> None:
        """Draws the caret's line again, but sends no more of it than the cells it stands on."""
        line = self._layout.line_of(self._caret)
        self._strips.pop(line, None)
        row = line - self.scroll_offset.y
        if 0 <= row < self._height:
            cells = self._layout.cells(line)
            start, end = cells.cluster_at(self._caret)
            first = cells.cell_of(start)
            last = max(first + 1, cells.cell_of(end))
            self.refresh(Region(GUTTER + first, row, last - first, 1))

    def _repaint(self, _theme: Theme | None = None) -> None:
        self._painter = None
        self._strips.clear()
        self.refresh()

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    # Size, theme and focus

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._repaint)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter = None
        self._strips.clear()

    def on_resize(self) -> None:
        self._strips.clear()
        if self._text_width() == self._layout.width:
            return
        top = self._layout.starts[min(self.scroll_offset.y, len(self._layout) - 1)]
        self._lay_out(self.text)
        self.scroll_to(y=self._layout.line_of(top), animate=False, force=True)

    def on_focus(self) -> None:
        self._spoil_caret()

    def on_blur(self) -> None:
        self._spoil_caret()

    def _text_width(self) -> int:
        width = self.scrollable_content_region.width
        return max(8, min(MEASURE, (width or 80) - GUTTER - OVERHANG))

    def _lay_out(self, text: str) -> None:
        self._layout = Layout(text, self._text_width())
        self._strips.clear()
        if self._hints:
            self.show_hints(self._hints)
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._layout))
        self.refresh()

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
        self.scroll_to(y=max(0, target), animate=False, force=True)

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
        self._pressed_at = self._range_under(place.x, place.y)
        self._dragged = False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._pressed_at is None:
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
        if event.button != 1:
            return
        if self._dragged:
            self._dragged = False
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
        """The characters drawn at a place of the view; beyond a line, its empty end."""
        line = min(max(self.scroll_offset.y + y, 0), len(self._layout) - 1)
        cells = self._layout.cells(line)
        cell = max(0, x - GUTTER)
        return cells.cluster_at(cells.offset_at(cell)) if cell < cells.width else (cells.end,) * 2

    def _scroll_and_drag(self) -> None:
        self.scroll_to(
            y=self.scroll_offset.y + (1 if self._drag_to[1] > 0 else -1), animate=False, force=True
        )
        self._drag()

    def _stop_scrolling(self) -> None:
        if self._drag_timer is not None:
            self._drag_timer.stop()
            self._drag_timer = None

    def _stop_drag(self) -> None:
        self._stop_scrolling()
        if self._pressed_at is not None:
            self._pressed_at = None
            self.release_mouse()
