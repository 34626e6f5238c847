"""Widget: a list of any length that asks only for the rows in view and draws only these.

The cursor stands on a row's key, not on its number: whatever is added above, the reader stays on
the same row, and the row stays where it is on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.tui.widgets.painted import Painted
from annotator.tui.widgets.rows import Cell, Row, draw_line

__all__ = ["Cell", "Row", "VirtualList"]

_KEPT_STRIPS = 120
_LOADING = "…"


class VirtualList(ScrollView, Painted, can_focus=True, inherit_bindings=False):
    """Rows by callback; `row(index)` returns None for a row that is still being loaded."""

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
        """The cursor stands on another row; `widget` says in which list."""

        key: str
        index: int
        widget: VirtualList

        @property
        def control(self) -> VirtualList:
            return self.widget

    @dataclass
    class Chosen(Message):
        """A row was chosen: enter, or a second click on the row under the cursor."""

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
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`lines` is the height of every row; `find` gives the index that a key now has, if any.

        Without `find`, the key under the cursor is looked for among the rows around it.
        """
        super().__init__(name=name, id=id, classes=classes)
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

    # What is shown

    @property
    def count(self) -> int:
        """How many rows the list has."""
        return self._count

    def set_size(self, count: int, *, cursor: int | None = None, lost: bool = False) -> None:
        """The list has `count` rows now, any of which may be others than before.

        `cursor` is where the key under the cursor is now, for who knows; else it is looked for.
        The row under the cursor stays where it is on the screen. Where that key is gone, `lost`
        takes the key of whatever stands there now.
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
        # Rows that are still to be read again may say otherwise than who knows the place.
        if cursor is None or self._key is None:
            self._settle(1)
        self.refresh()

    def invalidate(self, start: int = 0, end: int | None = None) -> None:
        """Rows `[start, end)` are to be asked for again; without `end`, all from `start` on."""
        last = self._count if end is None else min(end, self._count)
        gone = [index for index in self._rows if start <= index < last]
        for index in gone:
            del self._rows[index]
        if self._key is None and start <= self._index < last:
            self._settle(1)
        self._refresh_rows(start, last)

    # The cursor

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor; 0 in an empty list."""
        return self._index

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor; None while it is not known."""
        return self._key

    def show_cursor(self, shown: bool) -> None:
        """Whether the row under the cursor stands out; of several lists, only one may have it."""
        if shown != self._cursor_shown:
            self._cursor_shown = shown
            self._rows.pop(self._index, None)
            self._refresh_rows(self._index, self._index + 1)

    def move_to(self, index: int, *, tell: bool = True, key: str | None = None) -> None:
        """Puts the cursor on a row, or the nearest that is there; `tell` posts Highlighted.

        `key` is the row's, for who knows it though the rows there are still to be read again.
        """
        self._go(index, 1 if index >= self._index else -1, tell)
        if key is not None and self._index == index:
            self._key = key

    def move_to_key(self, key: str, *, tell: bool = False) -> bool:
        """Puts the cursor on the row with this key; returns whether it was found."""
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
        """Does what a key does in any list; whether it does anything."""
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
        """Takes the key of the row under the cursor, past headings."""
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
            return Strip.blank(width, self._paints().tone("normal"))
        strips = self._rows.get(index)
        if strips is None:
            strips = self._draw(index, width)
            if len(self._rows) >= _KEPT_STRIPS:
                self._rows.pop(next(iter(self._rows)))
            self._rows[index] = strips
        return strips[part]

    def _draw(self, index: int, width: int) -> list[Strip]:
        self.rows_drawn += 1
        row = self._row(index)
        here = self._cursor_shown and index == self._index
        here = here and not (row is not None and row.heading)
        if row is not None and here and self._key is None:
            self._key = row.key
        lines = ((Cell(_LOADING, "muted"),),) if row is None else row.lines
        lines = (*lines, *((),) * (self._lines - len(lines)))[: self._lines]
        return [draw_line(cells, width, self._paints(), here=here) for cells in lines]

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
            # A heading right above belongs to the first row below it.
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
