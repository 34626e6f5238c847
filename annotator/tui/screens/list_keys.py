"""The keys of a screen with a list, from the table of keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import Meaning
from annotator.tui.screens.list_frame import Act
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

_MOVES = ("down", "up")


@dataclass(frozen=True, slots=True)
class ListKeys:
    """What keys mean on the list screens of a mode; `keymap` has the changes of the settings.

    The table has the actions `down`, `up` and `close` of the mode, with its name before them.
    """

    keymap: KeyMap
    mode: Mode

    def action(self, pressed: str) -> str:
        """The action of a key; empty if it has none."""
        return self.keymap.action(self.mode, pressed) or ""

    @property
    def moves(self) -> dict[str, str]:
        """The key of a list that each action of moving stands for."""
        return {f"{self.mode}_{move}": move for move in _MOVES}

    @property
    def close(self) -> str:
        """The action that leaves."""
        return f"{self.mode}_close"

    def act(self, pressed: str, screen: ListScreen, listed: VirtualList) -> Act | None:
        """What a key does on all of these screens: move in the list, or leave."""
        action = self.action(pressed)
        if action == self.close:
            return screen.close
        move = self.moves.get(action)
        return None if move is None else partial(listed.press, move)

    def meaning(self, typed: Typed) -> Meaning:
        """Whether a key leaves the screen."""
        return Meaning.LEAVES if self.action(typed.pressed) == self.close else Meaning.OTHER

    def hints(self, *told: tuple[tuple[str, ...], str]) -> tuple[tuple[str, str], ...]:
        """The first keys of these actions with a word for them; without those that have no key."""
        shown = ((" ".join(filter(None, map(self.keymap.first, of))), word) for of, word in told)
        return tuple((keys, word) for keys, word in shown if keys)
