"""Base of screens that show a list over another screen: `j` `k` move, `q` `esc` go back."""

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
    """Has one list, and moves in its rows."""

    LEAVING_PASSES = frozenset((ROWS,))

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    @property
    def listed(self) -> VirtualList:
        """The list, once the screen is shown."""
        return self.query_one(VirtualList)

    def make_list(self, id: str, **named: Any) -> VirtualList:
        """The widget for the list, with its name in the style sheet."""
        return VirtualList(
            lambda index: _row_at(self.rows, index),
            find=lambda key: _place_of(self.rows, key),
            id=id,
            **named,
        )

    def act_of(self, pressed: str) -> Act | None:
        """The action of a key; None if it has none."""
        match pressed:
            case _ if pressed in _BACK:
                return self.close
            case "j" | "k":
                return lambda: self.listed.action_move(1 if pressed == "j" else -1)
        return None

    def meaning(self, typed: Typed) -> Meaning:
        return Meaning.LEAVES if typed.pressed in _BACK else Meaning.OTHER

    def press(self, pressed: str, _character: str | None) -> None:
        """Handle a key, if it has an action."""
        act = self.act_of(pressed)
        if act is not None:
            act()
        else:
            self.listed.press(pressed)


def _row_at(rows: Sequence[Row], index: int) -> Row | None:
    """The row at this index; None if there is none."""
    return rows[index] if 0 <= index < len(rows) else None


def _place_of(rows: Sequence[Row], key: str) -> int | None:
    """The index of the row with this key; None if it is gone."""
    return next((n for n, row in enumerate(rows) if row.key == key), None)
