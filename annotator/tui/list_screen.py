"""Base of screens that list something over what one was doing: `j` `k` move, `q` `esc` go back."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from annotator.tui.keys import pressed_key
from annotator.tui.pacing import PacedScreen
from annotator.tui.virtual_list import Row, VirtualList

Act = Callable[[], object]


class ListScreen(PacedScreen):
    """Holds the rows of its one list, and moves in them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    @property
    def listed(self) -> VirtualList:
        """The list, once the screen is there."""
        return self.query_one(VirtualList)

    def row_at(self, index: int) -> Row | None:
        """The row at this place; None where there is none."""
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def place_of(self, key: str) -> int | None:
        """Where the row with this key stands; None if it is gone."""
        return next((n for n, row in enumerate(self.rows) if row.key == key), None)

    def act_of(self, pressed: str) -> Act | None:
        """What a key does here; None if nothing."""
        match pressed:
            case "escape" | "q":
                return self.dismiss
            case "j" | "k":
                return lambda: self.listed.action_move(1 if pressed == "j" else -1)
        return None

    def on_key(self, event: events.Key) -> None:
        act = self.act_of(pressed_key(event.key, event.character))
        if act is not None:
            event.stop()
            event.prevent_default()
            act()
