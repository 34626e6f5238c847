"""Prompts: each takes the keys of a screen until it is done; some are a line to type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.bar import CURSOR, BarLine
from annotator.tui.widgets.line_editor import Line

# Between the meanings of two keys.
_APART = "   "


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Done:
    """The prompt is over; `then` carries out its result, once the prompt is closed."""

    then: Callable[[], None] = _nothing


class Prompt(Protocol):
    """An open prompt."""

    def press(self, pressed: str, character: str | None) -> Done | None:
        """Handle a key; None if the prompt stays open."""

    def insert(self, words: str) -> bool:
        """Insert pasted text; returns whether the prompt accepts any."""

    def lines(self, width: int) -> list[BarLine]:
        """The prompt in the bottom bar, in `width` cells."""

    def close(self) -> None:
        """Undo what the prompt drew or moved on the screen."""


class Prompts:
    """The slot for the one open prompt of a screen; `show` draws it, or its absence."""

    def __init__(self, show: Callable[[], None]) -> None:
        self.current: Prompt | None = None
        self._show = show

    def open(self, prompt: Prompt) -> None:
        """Open a prompt instead of the current one."""
        if self.current is not None:
            self.current.close()
        self.current = prompt
        self._show()

    def close(self) -> None:
        """Close the open prompt, if any."""
        if self.current is not None:
            self.current.close()
            self.current = None
            self._show()

    def press(self, pressed: str, character: str | None) -> None:
        """Pass a key to the open prompt."""
        prompt = self.current
        done = prompt.press(pressed, character) if prompt is not None else None
        if done is None:
            self._show()
        else:
            self.close()
            done.then()

    def insert(self, words: str) -> bool:
        """Pass pasted text to the open prompt; returns whether it accepted it."""
        taken = self.current is not None and self.current.insert(words)
        if taken:
            self._show()
        return taken

    def lines(self, width: int) -> list[BarLine]:
        """The open prompt in `width` cells; empty if none is open."""
        return self.current.lines(width) if self.current is not None else []


class LinePrompt:
    """A line that is being typed."""

    title, keys = "", ""

    def __init__(self, text: str = "") -> None:
        self.line = Line.of(text)

    def press(self, pressed: str, character: str | None) -> Done | None:
        if pressed == "escape":
            return Done()
        if pressed == "enter":
            return self.submit()
        typed = character if character and character.isprintable() else None
        self._take(self.line.insert(typed) if typed else self.line.press(pressed))
        return None

    def insert(self, words: str) -> bool:
        self._take(self.line.insert(words))
        return True

    def lines(self, width: int) -> list[BarLine]:
        """The line, and the meanings of its keys."""
        typed, at = self.line.text, self.line.at
        # Of a line too long for the screen, show the part around the cursor.
        shown_from = max(0, at - width + 12)
        before, after = typed[shown_from:at], typed[at:]
        return [
            BarLine((("accent", f" {self.title}"),), (("muted", self._keys(width)),)),
            BarLine((("accent", " › "), ("strong", before), ("accent", CURSOR), ("strong", after))),
        ]

    def _keys(self, width: int) -> str:
        """The meanings of as many keys, up to the last one, as the title leaves room for."""
        told = self.keys.split(_APART)
        while len(told) > 1 and width_of(self.title + _APART.join(told)) + 3 > width:
            del told[0]
        return _APART.join(told)

    def close(self) -> None:
        """Nothing to undo."""

    def submit(self) -> Done | None:
        """Handle enter."""
        return Done()

    def edited(self) -> None:
        """Handle a change of the text."""

    def _take(self, line: Line) -> None:
        changed, self.line = line.text != self.line.text, line
        if changed:
            self.edited()
