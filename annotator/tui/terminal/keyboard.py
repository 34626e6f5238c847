"""The one keyboard: keys reach the screen on top one after the other, in the order of pressing.

Textual hands a key to the screen that is on top when the key arrives. Of keys that come together,
as over a slow line, the second would reach a screen that the first is just closing, or one that the
first is about to cover. Here a key is handed over once the one before is done with, to whatever
lies on top by then; and as long as that screen waits for something, keys wait with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from annotator.tui.terminal.textual_internals import event_time


@dataclass(frozen=True, slots=True)
class Typed:
    """A key by its name in the table of keys, or a paste; `at` is when it came, in seconds."""

    at: float
    pressed: str
    character: str | None = None
    pasted: str | None = None


def now() -> float:
    """The clock of Textual's events, in seconds, by which `Typed.at` is told."""
    return event_time()


class TakesKeys(Protocol):
    """What lies on top."""

    @property
    def takes_keys(self) -> bool:
        """Whether it waits for nothing."""

    def takes_at_once(self, typed: Typed) -> bool:
        """Whether it takes this even while it waits, if nothing was typed before."""

    def take(self, typed: Typed) -> None:
        """Does what the key stands for."""


class Keyboard:
    """What has been typed and not been taken yet. `on_top` is asked before each key."""

    def __init__(self, on_top: Callable[[], TakesKeys | None]) -> None:
        self._on_top = on_top
        self._waiting: deque[Typed] = deque()
        self._is_busy = False
        self._forgotten = float("-inf")

    def __len__(self) -> int:
        """How much waits."""
        return len(self._waiting)

    @property
    def waits_since(self) -> float | None:
        """When the first of what waits was typed; None if nothing waits."""
        return self._waiting[0].at if self._waiting else None

    def type(self, typed: Typed) -> None:
        """Takes a key or a paste, and hands it on if nothing has to be waited for."""
        screen = self._on_top()
        if typed.at <= self._forgotten:
            return
        if screen is not None and not self._waiting and screen.takes_at_once(typed):
            screen.take(typed)
            return
        self._waiting.append(typed)
        self.go_on()

    def go_on(self) -> None:
        """Hands over what waits, as long as the screen on top takes it."""
        if self._is_busy:
            return  # whoever hands over goes on by itself
        self._is_busy = True
        try:
            while self._waiting and (screen := self._on_top()) is not None and screen.takes_keys:
                screen.take(self._waiting.popleft())
        finally:
            self._is_busy = False

    def forget(self, until: float) -> None:
        """Drops what has come up to this moment, whether it waits or is still on its way here."""
        self._forgotten = until
        while self._waiting and self._waiting[0].at <= until:
            self._waiting.popleft()
