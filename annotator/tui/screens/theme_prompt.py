"""The list of themes: the one under the cursor is shown at once."""

from __future__ import annotations

from collections.abc import Callable

from annotator.tui.screens.offers import Offer
from annotator.tui.screens.palette_prompt import PalettePrompt
from annotator.tui.theme.appearance import Appearance
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.prompts import Done

ABOUT = {
    "dark": "light text on a dark background",
    "light": "dark text on a light background",
    "contrast": "like dark, with a contrast of at least 7:1",
    "contrast-light": "like light, with a contrast of at least 7:1",
    "terminal": "the terminal's own 16 colours, on its dark background",
    "terminal-light": "the terminal's own 16 colours, on its light background",
    "plain": "no colours",
}


def theme_lines(appearance: Appearance, done: Callable[[str], None]) -> list[Offer]:
    """A line for each theme; `done` gets the name of the one that is chosen."""

    def choose(name: str) -> Callable[[], None]:
        def act() -> None:
            appearance.keep(name)
            done(name)

        return act

    return [
        Offer(
            f"theme:{name}",
            f"Theme: {name}",
            choose(name),
            about=ABOUT[name],
            also="colours colors",
        )
        for name in appearance.themes
    ]


class ThemePrompt:
    """Shows each theme while the cursor is on it; enter keeps it, esc goes back to the old one."""

    def __init__(self, appearance: Appearance, done: Callable[[str], None]) -> None:
        lines = theme_lines(appearance, done)
        self._appearance, self._before = appearance, appearance.theme
        self._list = PalettePrompt(lines, rows=lambda: len(lines), title="Theme")
        names = [line.name for line in lines]
        shown = f"theme:{self._before}"
        self._list.at = names.index(shown) if shown in names else 0
        self._is_kept = False

    def press(self, pressed: str, character: str | None) -> Done | None:
        done = self._list.press(pressed, character)
        here = self._list.here
        if done is not None:
            self._is_kept = pressed != "escape" and here is not None
        elif here is not None:
            self._appearance.show(here.name.partition(":")[2])
        return done

    def insert(self, words: str) -> bool:
        return self._list.insert(words)

    def lines(self, width: int) -> list[BarLine]:
        return self._list.lines(width)

    def close(self) -> None:
        """Go back to the theme from before, unless another one was chosen."""
        if not self._is_kept:
            self._appearance.show(self._before)
