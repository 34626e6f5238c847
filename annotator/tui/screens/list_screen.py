"""Base of screens that list something over what one was doing: `j` `k` move, `q` `esc` go back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import Row, VirtualList

Act = Callable[[], object]
ROWS = "rows"
_BACK = ("escape", "q")


class ListScreen(KeyScreen):
    """Holds the rows of its one list, and moves in them."""

    LEAVING_PASSES = frozenset((ROWS,))

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    @property
    def listed(self) -> VirtualList:
        """The list, once the screen is there."""
        return self.query_one(VirtualList)

    def make_list(self, id: str, **named: Any) -> VirtualList:
        """The widget for the list, by the name it has in the style sheet."""
        return VirtualList(
            lambda index: _row_at(self.rows, index),
            find=lambda key: _place_of(self.rows, key),
            id=id,
            **named,
        )

    def act_of(self, pressed: str) -> Act | None:
        """What a key does here; None if nothing."""
        match pressed:
            case _ if pressed in _BACK:
                return self.close
            case "j" | "k":
                return lambda: self.listed.action_move(1 if pressed == "j" else -1)
        return None

    def meaning(self, typed: Typed) -> Meaning:
        return Meaning.LEAVES if typed.pressed in _BACK else Meaning.OTHER

    def press(self, pressed: str, _character: str | None) -> None:
        """Does what the key does here, if anything."""
        act = self.act_of(pressed)
        if act is not None:
            act()
        else:
            self.listed.press(pressed)


def _row_at(rows: Sequence[Row], index: int) -> Row | None:
    """The row at this place; None where there is none."""
    return rows[index] if 0 <= index < len(rows) else None


def _place_of(rows: Sequence[Row], key: str) -> int | None:
    """Where the row with this key stands; None if it is gone."""
    return next((n for n, row in enumerate(rows) if row.key == key), None)
