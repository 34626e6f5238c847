"""The keys of a screen that has a mode of its own in the table of keys, and a prompt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap, Mode, means_nothing
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.offers import Below
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.prompts import Prompts


@dataclass(frozen=True, slots=True)
class ModeKeys:
    """What keys do on a screen: those of its prompt while one is open, else those of its mode.

    An action `x` of the table is run by the method `do_x` of `actions`; then `show` draws the lines
    around.
    """

    screen: KeyScreen
    setup: AppSetup
    keymap: KeyMap
    mode: Mode
    prompts: Prompts
    actions: object
    show: Callable[[], None]

    def press(self, pressed: str, character: str | None) -> bool:
        """Handle a key of the prompt or of the table; returns whether it means something there."""
        if self.prompts.current is not None:
            self.prompts.press(pressed, character)
            return True
        action = self.keymap.action(self.mode, pressed)
        if action is not None:
            self.act(action)
        return action is not None

    def act(self, action: str) -> None:
        """Run one action of the table of keys."""
        getattr(self.actions, f"do_{action}")()
        self.show()

    def meaning(self, typed: Typed) -> Meaning:
        """Whether a key leaves the screen; while a prompt is open, none does."""
        leaves = self.keymap.action(self.mode, typed.pressed) == f"{self.mode}_close"
        return Meaning.LEAVES if leaves and self.prompts.current is None else Meaning.OTHER

    def says_nothing(self, pressed: str) -> str:
        """What to say of a key that does nothing here."""
        return means_nothing(pressed, self.keymap, self.mode)

    def show_help(self) -> None:
        """Show the help of the mode over the screen."""
        from annotator.tui.screens.help_screen import HelpScreen

        self.screen.show_over(HelpScreen(self.setup, self.keymap, self.mode))

    def open_palette(self) -> None:
        """Open the list of all actions in the place of the prompt."""
        from annotator.tui.screens.palette_prompt import open_palette

        open_palette(Below(self.screen, self.mode, self.keymap, self.prompts, self.act))
