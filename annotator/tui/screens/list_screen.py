"""Base of screens that show a list over another screen: `j` `k` move, `q` `esc` go back."""

from __future__ import annotations

from textual.app import ComposeResult

from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.list_frame import BACK, Act, ListFrame
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

ROWS = "rows"


class ListScreen(KeyScreen):
    """Has a `frame`, which its own class makes, and says which acts keys have in it."""

    LEAVING_PASSES = frozenset((ROWS,))
    frame: ListFrame

    @property
    def listed(self) -> VirtualList:
        """The list that keys move in, once the screen is shown."""
        return self.query_one(VirtualList)

    def compose(self) -> ComposeResult:
        yield self.frame

    def on_mount(self) -> None:
        self.listed.focus()
        self.frame.show()

    def act_of(self, pressed: str) -> Act | None:
        """The action of a key; None if it has none but moving in the list."""
        return self.close if pressed in BACK else None

    def meaning(self, typed: Typed) -> Meaning:
        return Meaning.LEAVES if typed.pressed in BACK else Meaning.OTHER

    def press(self, pressed: str, _character: str | None) -> None:
        """Handle a key, or say that it does nothing."""
        self.frame.press(pressed, self.act_of(pressed), self.listed)

    def say(self, message: str) -> None:
        self.frame.message = message
        self.frame.show()
