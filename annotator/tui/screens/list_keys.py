"""The keys of a screen with a list, from the table of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import Meaning
from annotator.tui.screens.list_frame import Act
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

_MOVES: Mapping[str, str] = {
    "down": "down",
    "up": "up",
    "page_down": "pagedown",
    "page_up": "pageup",
    "top": "home",
    "bottom": "end",
}


@dataclass(frozen=True, slots=True)
class ListKeys:
    """What keys mean on the list screens of a mode; `keymap` has the changes of the settings.

    The table has the actions that move in a list, and `close`, with the mode's name before them.
    """

    keymap: KeyMap
    mode: Mode

    def action(self, pressed: str) -> str:
        """The action of a key; empty if it has none."""
        return self.keymap.action(self.mode, pressed) or ""

    def first(self, action: str) -> str:
        """The first key of an action of this mode, for display; empty if it has none."""
        return self.keymap.first(f"{self.mode}_{action}")

    @property
    def moves(self) -> dict[str, str]:
        """The key of a list that each action of moving stands for."""
        return {f"{self.mode}_{action}": key for action, key in _MOVES.items()}

    @property
    def close(self) -> str:
        """The action that leaves."""
        return f"{self.mode}_close"

    def move(self, action: str, listed: VirtualList) -> Act | None:
        """What an action of moving does in a list; None for another action."""
        key = self.moves.get(action)
        return None if key is None else partial(listed.press, key)

    def meaning(self, typed: Typed) -> Meaning:
        """Whether a key leaves the screen."""
        return Meaning.LEAVES if self.action(typed.pressed) == self.close else Meaning.OTHER

    def hints(self, *told: tuple[tuple[str, ...], str]) -> tuple[tuple[str, str], ...]:
        """The first keys of these actions with a word for them; without those that have no key."""
        shown = ((" ".join(filter(None, map(self.keymap.first, of))), word) for of, word in told)
        return tuple((keys, word) for keys, word in shown if keys)
