"""Prompts: what takes the keys of a screen until it is done; a line to type is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.line_editor import Line


def _nothing() -> None:
    """What follows where nothing is to follow."""


@dataclass(frozen=True, slots=True)
class Done:
    """A prompt is over; `then` is what was decided by it, done once it is closed."""

    then: Callable[[], None] = _nothing


class Prompt(Protocol):
    """One that is open."""

    def press(self, pressed: str, character: str | None) -> Done | None:
        """Takes a key; None if it stays open."""

    def insert(self, words: str) -> bool:
        """Takes pasted words, whether it takes any."""

    def lines(self, width: int) -> list[BarLine]:
        """What is drawn of it at the foot, in `width` cells."""

    def close(self) -> None:
        """Takes away what it has drawn or moved elsewhere on the screen."""


class Prompts:
    """The one place for a prompt on a screen; `show` draws it, or that there is none."""

    def __init__(self, show: Callable[[], None]) -> None:
        self.current: Prompt | None = None
        self._show = show

    def open(self, prompt: Prompt) -> None:
        """Opens a prompt instead of the one that is open."""
        if self.current is not None:
            self.current.close()
        self.current = prompt
        self._show()

    def close(self) -> None:
        """Closes what is open, if anything is."""
        if self.current is not None:
            self.current.close()
            self.current = None
            self._show()

    def press(self, pressed: str, character: str | None) -> None:
        """Hands a key to the prompt that is open."""
        prompt = self.current
        done = prompt.press(pressed, character) if prompt is not None else None
        if done is None:
            self._show()
        else:
            self.close()
            done.then()

    def insert(self, words: str) -> bool:
        """Hands pasted words to a prompt that takes any; whether there is one."""
        taken = self.current is not None and self.current.insert(words)
        if taken:
            self._show()
        return taken

    def lines(self, width: int) -> list[BarLine]:
        """What is drawn of the prompt that is open in `width` cells; empty if none is."""
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
        """The line, and what its keys do."""
        typed, at = self.line.text, self.line.at
        # Of a line too long for the screen, what is around the cursor is shown.
        shown_from = max(0, at - width + 12)
        before, after = typed[shown_from:at], typed[at:]
        return [
            BarLine((("accent", f" {self.title}"),), (("muted", self.keys),)),
            BarLine((("accent", " › "), ("strong", before), ("accent", "▏"), ("strong", after))),
        ]

    def close(self) -> None:
        """Nothing is drawn elsewhere."""

    def submit(self) -> Done | None:
        """What enter does."""
        return Done()

    def edited(self) -> None:
        """The words have changed."""

    def _take(self, line: Line) -> None:
        changed, self.line = line.text != self.line.text, line
        if changed:
            self.edited()
