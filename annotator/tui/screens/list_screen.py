"""Base of screens that show a list over another screen."""

from __future__ import annotations

from textual.app import ComposeResult

from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.list_frame import Act, ListFrame
from annotator.tui.screens.list_keys import ListKeys
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

ROWS = "rows"


class ListScreen(KeyScreen):
    """Has a `frame`, which its own class makes, and says what its own actions do; its keys are
    those of a mode in the table of keys."""

    LEAVING_PASSES = frozenset((ROWS,))
    frame: ListFrame

    def __init__(self, keymap: KeyMap, mode: Mode) -> None:
        super().__init__()
        self.keys = ListKeys(keymap, mode)

    @property
    def listed(self) -> VirtualList:
        """The list that keys move in, once the screen is shown."""
        return self.query_one(VirtualList)

    def compose(self) -> ComposeResult:
        yield self.frame

    def own_act(self, action: str) -> Act | None:
        """What an action does here; None for actions that mean what they mean in all lists."""
        del action
        return None

    def meaning(self, typed: Typed) -> Meaning:
        return self.keys.meaning(typed)

    def press(self, pressed: str, _character: str | None) -> None:
        """Handle a key, or say that it does nothing."""
        action = self.keys.action(pressed)
        act = self.own_act(action) or self.keys.move(action, self.listed)
        if act is None and action == self.keys.close:
            act = self.close
        self.frame.press(pressed, act)

    def say(self, message: str) -> None:
        self.frame.message = message
        self.frame.show()
