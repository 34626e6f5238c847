"""A cache of the drawn lines of an article.

A change redraws only the lines that it touches, whatever the length of the article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from textual.geometry import Offset, Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.core.article import Span
from annotator.tui.article.scene import GUTTER, Scene
from annotator.tui.article.scrolling import range_in_view

_KEPT = 160


class DrawnLines:
    """The drawn lines of a scene in a widget; `draw` draws the line with a number."""

    def __init__(self, widget: ScrollView, scene: Scene, draw: Callable[[int], Strip]) -> None:
        self.rebuilt = 0
        """The total number of lines drawn."""
        self._widget, self._scene, self._draw = widget, scene, draw
        self._strips: dict[int, Strip] = {}
        self._tell: Callable[[Span], None] | None = None
        self._told: tuple[int, int, int] | None = None

    @property
    def height(self) -> int:
        """The number of lines in view."""
        return self._widget.scrollable_content_region.height

    @property
    def caret_cell(self) -> Offset | None:
        """The cell of the caret on the screen; None if it is out of view."""
        layout, caret = self._scene.layout, self._scene.caret
        line = layout.line_of(caret)
        row = line - self._widget.scroll_offset.y
        if not 0 <= row < self.height:
            return None
        cell = GUTTER + layout.cells(line).cell_of(caret)
        return self._widget.content_region.offset + Offset(cell, row)

    def uncover(self, covered: int) -> None:
        """Scroll so that the caret, and if it fits the item in focus, is in view while so many of
        the last rows are covered; 0 when they no longer are."""
        widget, layout, top = self._widget, self._scene.layout, self._widget.scroll_offset.y
        rows = self.height - covered
        first = layout.line_of(self._scene.caret)
        last = max([first, *self._lines_in_focus()])
        last = last if last - first < rows else first
        wanted = max(top, last - rows + 1) if covered else top
        # Beyond the end of the text there is room as long as it is needed.
        size = max(len(layout), wanted + self.height if covered else 0)
        if rows > 0 and size != widget.virtual_size.height:
            widget.virtual_size = Size(widget.virtual_size.width, size)
        wanted = max(0, min(wanted, size - self.height))
        if rows > 0 and wanted != top:
            widget.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def _lines_in_focus(self) -> Iterator[int]:
        """The last line of each piece of the item in focus."""
        focus, marks = self._scene.focus, self._scene.marks
        for mark in marks.of(focus.item) if focus is not None else ():
            yield self._scene.layout.line_of(mark.span.end - 1)

    def line(self, line: int) -> Strip:
        """A line of the article, drawn."""
        strip = self._strips.get(line)
        if strip is None:
            strip = self._draw(line)
            self.rebuilt += line < len(self._scene.layout)
            if len(self._strips) >= _KEPT:
                self._strips.pop(next(iter(self._strips)))
            self._strips[line] = strip
        return strip

    def tell_range(self, tell: Callable[[Span], None]) -> None:
        """From now on, `tell` gets the range of the text in view each time another one is drawn."""
        self._tell, self._told = tell, None

    def look_at_range(self) -> None:
        """Tell the range in view, if it is another one; for the first row of each drawing."""
        layout, top, height = self._scene.layout, self._widget.scroll_offset.y, self.height
        if self._tell is not None and self._told != (shown := (id(layout), top, height)):
            self._told = shown
            self._tell(range_in_view(layout, top=top, height=height))

    def forget(self) -> None:
        """Drop all lines; for callers that redraw the whole widget."""
        self._strips.clear()

    def invalidate(self, *spans: Span) -> None:
        """Redraw the lines that these spans touch."""
        layout = self._scene.layout
        lines: set[int] = set()
        for span in spans:
            lines.update(layout.lines_of(span.start, min(span.end, len(layout.text))))
        self.invalidate_lines(lines)

    def invalidate_between(self, one: int, other: int) -> None:
        """Redraw the lines between two offsets, in any order."""
        if one != other:
            start, end = sorted((one, other))
            self.invalidate_lines(self._scene.layout.lines_of(start, end))

    def invalidate_lines(self, lines: Iterable[int]) -> None:
        """Redraw these lines."""
        region, top = self._widget.scrollable_content_region, self._widget.scroll_offset.y
        regions = []
        for line in lines:
            self._strips.pop(line, None)
            if 0 <= line - top < region.height:
                regions.append(Region(0, line - top, region.width, 1))
        if regions:
            self._widget.refresh(*regions)

    def invalidate_caret(self) -> None:
        """Redraw the caret's line, but send only the cells under the caret."""
        layout, caret = self._scene.layout, self._scene.caret
        line = layout.line_of(caret)
        self._strips.pop(line, None)
        row = line - self._widget.scroll_offset.y
        if 0 <= row < self.height:
            cells = layout.cells(line)
            start, end = cells.cluster_at(caret)
            first = cells.cell_of(start)
            last = max(first + 1, cells.cell_of(end))
            self._widget.refresh(Region(GUTTER + first, row, last - first, 1))
