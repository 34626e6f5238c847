"""The keys of the lists and figures of agreement, from the table of keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from annotator.tui.keys import KeyMap, Mode
from annotator.tui.screens.layers import Meaning
from annotator.tui.screens.list_frame import Act
from annotator.tui.screens.list_screen import ListScreen
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

OPEN, CLOSE = "figures_open", "figures_close"
NEXT_PAIR, PREVIOUS_PAIR = "figures_next_pair", "figures_previous_pair"
NEXT_SUBJECT, PREVIOUS_SUBJECT = "figures_next_subject", "figures_previous_subject"
UP, DOWN, LEFT, RIGHT = "figures_up", "figures_down", "figures_left", "figures_right"
_MOVES = {UP: "up", DOWN: "down"}


@dataclass(frozen=True, slots=True)
class FigureKeys:
    """What keys mean on these screens; `keymap` has the changes of the settings."""

    keymap: KeyMap

    def action(self, pressed: str) -> str:
        """The action of a key; empty if it has none."""
        return self.keymap.action(Mode.FIGURES, pressed) or ""

    def act(self, pressed: str, screen: ListScreen, listed: VirtualList) -> Act | None:
        """What a key does on all of these screens: move in the list, or leave."""
        action = self.action(pressed)
        if action == CLOSE:
            return screen.close
        return partial(listed.press, _MOVES[action]) if action in _MOVES else None

    def meaning(self, typed: Typed) -> Meaning:
        """Whether a key leaves the screen."""
        return Meaning.LEAVES if self.action(typed.pressed) == CLOSE else Meaning.OTHER

    def hints(self, *told: tuple[tuple[str, ...], str]) -> tuple[tuple[str, str], ...]:
        """The first keys of these actions with a word for them; without those that have no key."""
        shown = ((" ".join(filter(None, map(self.keymap.first, of))), word) for of, word in told)
        return tuple((keys, word) for keys, word in shown if keys)
