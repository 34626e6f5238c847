"""Widget: a list of any length that loads and draws only the rows in view.

The cursor is on a row's key, not on its index: if rows are added above, the cursor stays on its
row, and the row stays in place on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.tui.widgets.rows import Cell, Row, draw_line
from annotator.tui.widgets.themed_widget import ThemedWidget

__all__ = ["Cell", "Row", "VirtualList"]

_KEPT_STRIPS = 120
_LOADING = "…"


class VirtualList(ScrollView, ThemedWidget, can_focus=True, inherit_bindings=False):
    """Rows by callback; `row(index)` returns None for a row that is not loaded yet."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    VirtualList {
        background: $background;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another row of `widget`."""

        key: str
        index: int
        widget: VirtualList

        @property
        def control(self) -> VirtualList:
            return self.widget

    @dataclass
    class Chosen(Message):
        """A row was chosen by enter, or by a second click on the row under the cursor."""

        key: str
        index: int
        widget: VirtualList

        @property
        def control(self) -> VirtualList:
            return self.widget

    def __init__(
        self,
        row: Callable[[int], Row | None],
        *,
        find: Callable[[str], int | None] | None = None,
        lines: int = 1,
        colors: Mapping[str, str] | None = None,
        id: str | None = None,
    ) -> None:
        """`lines` is the height of every row; `find` returns the current index of a key, if any.

        Without `find`, the key under the cursor is searched for among nearby rows.
        """
        super().__init__(id=id)
        self.rows_drawn = 0
        self._cursor_shown = True
        self._row = row
        self._find = find
        self._lines = max(1, lines)
        self._colors = dict(colors or {})
        self._count = 0
        self._index = 0
        self._key: str | None = None
        self._rows: dict[int, list[Strip]] = {}
        self._empty = ""

    # Content

    @property
    def count(self) -> int:
        """The number of rows."""
        return self._count

    def set_size(self, count: int, *, cursor: int | None = None, lost: bool = False) -> None:
        """Set the number of rows; any row may have changed.

        `cursor` is the new index of the key under the cursor, if known; otherwise it is searched
        for. The row under the cursor keeps its place on the screen. If its key is gone, `lost` gets
        the key of the row there now.
        """
        self._count = max(0, count)
        if lost or not self._count:
            self._key = None
        self._rows.clear()
        self.virtual_size = Size(self.size.width, self._count * self._lines)
        found = cursor if cursor is not None else self._find_cursor()
        old = self._index
        self._index = min(max(self._index if found is None else found, 0), max(0, count - 1))
        if found is not None and self._index != old:
            shift = (self._index - old) * self._lines
            self.scroll_to(y=self.scroll_offset.y + shift, animate=False, force=True)
        # Rows that are not reloaded yet may contradict the given index.
        if cursor is None or self._key is None:
            self._settle(1)
        self.refresh()

    def say_when_empty(self, words: str) -> None:
        """Say this in place of rows, as long as there are none."""
        if words != self._empty:
            self._empty = words
            if not self._count:
                self.refresh()

    def set_lines(self, lines: int) -> None:
        """Set the height of every row."""
        if lines != self._lines:
            self._lines = lines
            self.on_resize()

    def invalidate(self, start: int = 0, end: int | None = None) -> None:
        """Reload the rows `[start, end)`, or all from `start`, when they are needed."""
        last = self._count if end is None else min(end, self._count)
        gone = [index for index in self._rows if start <= index < last]
        for index in gone:
            del self._rows[index]
        if self._key is None and start <= self._index < last:
            self._settle(1)
        self._refresh_rows(start, last)

    # Cursor

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor; 0 in an empty list."""
        return self._index

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor; None if it is not known yet."""
        return self._key

    def show_cursor(self, shown: bool) -> None:
        """Whether the row under the cursor is highlighted; of several lists, only one should be."""
        if shown != self._cursor_shown:
            self._cursor_shown = shown
            self._rows.pop(self._index, None)
            self._refresh_rows(self._index, self._index + 1)

    def move_to(self, index: int, *, tell: bool = True, key: str | None = None) -> None:
        """Move the cursor to the nearest existing row; `tell` posts Highlighted.

        `key` is the row's key, if the caller knows it before the row is reloaded.
        """
        self._go(index, 1 if index >= self._index else -1, tell)
        if key is not None and self._index == index:
            self._key = key

    def move_to_key(self, key: str, *, tell: bool = False) -> bool:
        """Move the cursor to the row with this key; returns whether it was found."""
        index = self._find(key) if self._find else self._search(key, range(self._count))
        if index is None:
            return False
        self._go(index, 1, tell)
        return True

    def on_key(self, event: events.Key) -> None:
        if self.press(event.key):
            event.stop()
            event.prevent_default()

    def press(self, key: str) -> bool:
        """Handle the keys of a list; returns whether the key was one of them."""
        match key:
            case "up" | "down":
                self.action_move(-1 if key == "up" else 1)
            case "pageup" | "pagedown":
                self.action_page(-1 if key == "pageup" else 1)
            case "home" | "end":
                self.action_edge(-1 if key == "home" else 1)
            case "enter":
                self.action_choose()
            case _:
                return False
        return True

    def action_move(self, by: int) -> None:
        self._go(self._index + by, by, tell=True)

    def action_page(self, by: int) -> None:
        rows = max(1, self._height // self._lines - 1)
        self._go(self._index + by * rows, by, tell=True)

    def action_edge(self, by: int) -> None:
        self._go(0 if by < 0 else self._count - 1, -by, tell=True)

    def action_choose(self) -> None:
        if self._key is not None:
            self.post_message(self.Chosen(self._key, self._index, self))

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset_capture(self)
        index = (self.scroll_offset.y + place.y) // self._lines
        if not 0 <= index < self._count:
            return
        row = self._row(index)
        if row is not None and row.heading:
            return
        if event.chain > 1 and index == self._index:
            self.action_choose()
        elif index == self._index and self._key is not None:
            self.post_message(self.Highlighted(self._key, index, self))
        else:
            self._go(index, 1, tell=True)

    def _go(self, index: int, direction: int, tell: bool) -> None:
        if not self._count:
            return
        old, old_key = self._index, self._key
        self._index = min(max(index, 0), self._count - 1)
        self._settle(direction)
        if self._index != old:
            self._rows.pop(old, None)
            self._rows.pop(self._index, None)
            self._refresh_rows(old, old + 1)
            self._refresh_rows(self._index, self._index + 1)
        self._bring_into_view()
        if tell and self._key is not None and (self._index, self._key) != (old, old_key):
            self.post_message(self.Highlighted(self._key, self._index, self))

    def _settle(self, direction: int) -> None:
        """Take the key of the row under the cursor, skipping headings in a direction."""
        self._key = None
        if not self._count:
            return
        for step in (direction, -direction):
            index = self._index
            while 0 <= index < self._count:
                row = self._row(index)
                if row is None or not row.heading:
                    self._index = index
                    self._key = None if row is None else row.key
                    return
                index += 1 if step > 0 else -1

    def _find_cursor(self) -> int | None:
        if self._key is None:
            return None
        if self._find is not None:
            return self._find(self._key)
        near = sorted(
            range(max(0, self._index - 200), min(self._count, self._index + 200)),
            key=lambda index: abs(index - self._index),
        )
        return self._search(self._key, near)

    def _search(self, key: str, indexes: range | list[int]) -> int | None:
        for index in indexes:
            row = self._row(index)
            if row is not None and row.key == key:
                return index
        return None

    # Drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        line = self.scroll_offset.y + y
        index, part = divmod(line, self._lines)
        if index >= self._count:
            return self._below(y, width)
        strips = self._rows.get(index)
        if strips is None:
            strips = self._draw(index, width)
            if len(self._rows) >= _KEPT_STRIPS:
                self._rows.pop(next(iter(self._rows)))
            self._rows[index] = strips
        return strips[part]

    def _below(self, y: int, width: int) -> Strip:
        """A line below all rows; the second one of an empty list tells why it is empty."""
        painter = self._current_painter()
        if self._count or y != 1 or not self._empty:
            return Strip.blank(width, painter.tone("normal"))
        return draw_line((Cell(f" {self._empty}", "muted"),), width, painter, under_cursor=False)

    def _draw(self, index: int, width: int) -> list[Strip]:
        self.rows_drawn += 1
        row = self._row(index)
        under_cursor = self._cursor_shown and index == self._index
        under_cursor = under_cursor and not (row is not None and row.heading)
        if row is not None and under_cursor and self._key is None:
            self._key = row.key
        lines = ((Cell(_LOADING, "muted"),),) if row is None else row.lines
        lines = (*lines, *((),) * (self._lines - len(lines)))[: self._lines]
        painter = self._current_painter()
        return [draw_line(cells, width, painter, under_cursor=under_cursor) for cells in lines]

    def _refresh_rows(self, start: int, end: int) -> None:
        top, height = self.scroll_offset.y, self._height
        first = max(0, start * self._lines - top)
        last = min(height, end * self._lines - top)
        if first < last:
            self.refresh(Region(0, first, self.scrollable_content_region.width, last - first))

    def _forget_drawn(self) -> None:
        self._rows.clear()

    def _bring_into_view(self) -> None:
        top, height = self.scroll_offset.y, self._height
        first = self._index * self._lines
        if not height:
            return
        if first < top:
            # A heading directly above belongs to the first row below it.
            above = self._row(self._index - 1) if self._index else None
            first -= self._lines if above is not None and above.heading else 0
            self.scroll_to(y=first, animate=False, force=True)
        elif first + self._lines > top + height:
            self.scroll_to(y=first + self._lines - height, animate=False, force=True)

    @property
    def _height(self) -> int:
        return self.scrollable_content_region.height

    def on_resize(self) -> None:
        self._rows.clear()
        self.virtual_size = Size(self.size.width, self._count * self._lines)
        self._bring_into_view()
        self.refresh()
