"""Widget: the drawn lines of an article, before anybody moves in it.

Each line is drawn once and kept until something on it changes, so that a change costs the lines it
touches, whatever the length of the article.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.core.article import Span
from annotator.tui.article.layout import OVERHANG, Layout
from annotator.tui.article.render import Focus, Look, Mark, MarkIndex, gutter_of, runs_of
from annotator.tui.widgets.painted import Painted

GUTTER = 3
MEASURE = 100
_KEPT_STRIPS = 160


class ArticleCanvas(ScrollView, Painted, can_focus=True, inherit_bindings=False):
    """Text, marks, focus, hints, hits, selection and caret, as they are drawn."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ArticleCanvas {
        background: $background;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        colors: Mapping[str, str] | None = None,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`colors` gives each label its `#rrggbb`."""
        super().__init__(name=name, id=id, classes=classes)
        self.lines_rebuilt = 0
        self._colors = dict(colors or {})
        self._layout = Layout("", 80)
        self._marks = MarkIndex()
        self._strips: dict[int, Strip] = {}
        self._caret = 0
        self._selection: Span | None = None
        self._focus: Focus | None = None
        self._hints: dict[int, str] = {}
        self._hint_lines: dict[int, dict[int, str]] = {}
        self._hits: list[Span] = []

    # What is shown

    @property
    def text(self) -> str:
        return self._layout.text

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Makes these the article's marks; only lines on which one changed are drawn again."""
        self._spoil(*self._marks.set(marks))

    def replace_item(self, item: str, marks: Iterable[Mark]) -> None:
        """Makes these the marks of one item; none takes it away."""
        self._spoil(*self._marks.replace(item, marks))

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
            self._spoil(*old, *self._hits)

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

    # What must be drawn again

    def _spoil(self, *spans: Span) -> None:
        lines: set[int] = set()
        for span in spans:
            lines.update(self._layout.lines_of(span.start, min(span.end, len(self.text))))
        self._spoil_lines(lines)

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

    def _forget_drawn(self) -> None:
        self._strips.clear()

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    # Size and focus

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
