"""Selects a range with the mouse, from the press of the button to its position."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Offset
from textual.scroll_view import ScrollView
from textual.timer import Timer

from annotator.core.article import Span
from annotator.tui.article.scene import GUTTER, Scene

_SCROLL_SECONDS = 0.05


class Dragging:
    """The mouse over an article. `select` is called with each covered range and the offset under
    the mouse. Places are cells relative to the top left of the viewport."""

    def __init__(
        self, widget: ScrollView, scene: Scene, select: Callable[[Span | None, int], None]
    ) -> None:
        self.has_moved = False
        """Whether the mouse moved since its button was pressed."""
        self._widget, self._scene, self._select = widget, scene, select
        self._began: tuple[int, int] | None = None
        self._to = Offset(0, 0)
        self._timer: Timer | None = None

    @property
    def is_on(self) -> bool:
        """Whether the button is down."""
        return self._began is not None

    def offset_under(self, place: Offset) -> int:
        """The offset of the character drawn at a place."""
        line = self._widget.scroll_offset.y + place.y
        return self._scene.layout.offset_at(line, max(0, place.x - GUTTER))

    def begin(self, place: Offset) -> None:
        """The button was pressed at this place."""
        self._began, self._to, self.has_moved = self._range_under(place), place, False
        self._widget.capture_mouse()

    def move(self, place: Offset) -> None:
        """The mouse moved; above or below the text, the text scrolls."""
        self._to = place
        self.cover()
        outside = not 0 <= place.y < self._height
        if outside and self._timer is None:
            self._timer = self._widget.set_interval(_SCROLL_SECONDS, self._scroll)
        elif not outside:
            self._stop_scrolling()

    def end(self) -> None:
        """The button was released, or another article is shown."""
        self._stop_scrolling()
        if self._began is not None:
            self._began = None
            self._widget.release_mouse()

    def end_at(self, place: Offset) -> None:
        """The button was released at this place."""
        self._to = place
        self.cover()

    def cover(self) -> None:
        """Select from the press of the button to the mouse, both included."""
        if self._began is None:
            return
        to = self._range_under(Offset(self._to.x, min(max(self._to.y, -1), self._height)))
        if to == self._began and not self.has_moved:
            return
        self.has_moved = True
        start, end = min(self._began[0], to[0]), max(self._began[1], to[1])
        self._select(Span(start, end) if start < end else None, to[0])

    @property
    def _height(self) -> int:
        return self._widget.scrollable_content_region.height

    def _range_under(self, place: Offset) -> tuple[int, int]:
        """The characters drawn at a place; the empty start or end of the line if it is beside the
        text."""
        layout = self._scene.layout
        line = min(max(self._widget.scroll_offset.y + place.y, 0), len(layout) - 1)
        cells, cell = layout.cells(line), place.x - GUTTER
        if 0 <= cell < cells.width:
            return cells.cluster_at(cells.offset_at(cell))
        return (cells.start,) * 2 if cell < 0 else (cells.end,) * 2

    def _scroll(self) -> None:
        by = 1 if self._to.y > 0 else -1
        self._widget.scroll_to(y=self._widget.scroll_offset.y + by, animate=False, force=True)

    def _stop_scrolling(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
