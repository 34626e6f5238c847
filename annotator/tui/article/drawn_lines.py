"""The lines of an article that have been drawn, kept until something on them changes.

A change so costs the lines that it touches, whatever the length of the article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.core.article import Span
from annotator.tui.article.scene import GUTTER, Scene

_KEPT = 160


class DrawnLines:
    """The drawn lines of a scene in a widget; `draw` draws the one with this number."""

    def __init__(self, widget: ScrollView, scene: Scene, draw: Callable[[int], Strip]) -> None:
        self.rebuilt = 0
        """How many lines have been drawn in all."""
        self._widget, self._scene, self._draw = widget, scene, draw
        self._strips: dict[int, Strip] = {}

    @property
    def height(self) -> int:
        """How many lines are in view."""
        return self._widget.scrollable_content_region.height

    def line(self, line: int) -> Strip:
        """A line of the article as it is drawn."""
        strip = self._strips.get(line)
        if strip is None:
            strip = self._draw(line)
            self.rebuilt += line < len(self._scene.layout)
            if len(self._strips) >= _KEPT:
                self._strips.pop(next(iter(self._strips)))
            self._strips[line] = strip
        return strip

    def forget(self) -> None:
        """Forgets all lines; for who has the whole widget drawn again."""
        self._strips.clear()

    def spoil(self, *spans: Span) -> None:
        """Draws the lines again that these ranges touch."""
        layout = self._scene.layout
        lines: set[int] = set()
        for span in spans:
            lines.update(layout.lines_of(span.start, min(span.end, len(layout.text))))
        self.spoil_lines(lines)

    def spoil_between(self, one: int, other: int) -> None:
        """Draws the lines again from one offset to another, whichever comes first."""
        if one != other:
            start, end = sorted((one, other))
            self.spoil_lines(self._scene.layout.lines_of(start, end))

    def spoil_lines(self, lines: Iterable[int]) -> None:
        """Draws these lines again."""
        region, top = self._widget.scrollable_content_region, self._widget.scroll_offset.y
        regions = []
        for line in lines:
            self._strips.pop(line, None)
            if 0 <= line - top < region.height:
                regions.append(Region(0, line - top, region.width, 1))
        if regions:
            self._widget.refresh(*regions)

    def spoil_caret(self) -> None:
        """Draws the caret's line again, but sends no more of it than the cells it stands on."""
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
