"""Dispatches keys to the top screen one after the other, in the order of pressing.

Textual sends a key to the screen that is on top when the key arrives. If keys arrive together, for
example over a slow connection, the second could reach a screen that the first is closing or
covering. Here a key is dispatched when the previous one is finished, to the screen that is then on
top; while that screen waits for something, keys wait too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from annotator.tui.terminal.textual_internals import event_time

HELD = 0.3
"""Keys that repeat because one is held down come faster than this, in seconds."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A key by its name in the table of keys, or a paste; `at` is its time of arrival in seconds.
    It `repeats` if it follows the same key as fast as one that is held down."""

    at: float
    pressed: str
    character: str | None = None
    pasted: str | None = None
    repeats: bool = False

    def after(self, last: Typed | None) -> Typed:
        """This key after another one, with `repeats` set."""
        if last is None or self.pasted is not None or last.pressed != self.pressed:
            return self
        return replace(self, repeats=self.at - last.at <= HELD)


def now() -> float:
    """The time of Textual's events, in seconds, for `Typed.at`."""
    return event_time()


class TakesKeys(Protocol):
    """The top screen."""

    @property
    def takes_keys(self) -> bool:
        """Whether it waits for nothing."""

    def takes_at_once(self, typed: Typed) -> bool:
        """Whether it takes this key even while it waits, if no key is queued before it."""

    def take(self, typed: Typed) -> None:
        """Do what the key stands for."""


class Keyboard:
    """A queue of typed keys. `on_top` returns the top screen; it is called before each key."""

    def __init__(self, on_top: Callable[[], TakesKeys | None]) -> None:
        self._on_top = on_top
        self._waiting: deque[Typed] = deque()
        self._is_busy = False
        self._forgotten = float("-inf")
        self._last: Typed | None = None

    def __len__(self) -> int:
        """The number of queued keys."""
        return len(self._waiting)

    @property
    def waits_since(self) -> float | None:
        """The time of the first queued key; None if none is queued."""
        return self._waiting[0].at if self._waiting else None

    def type(self, typed: Typed) -> None:
        """Queue a key or a paste, and dispatch it unless something must be waited for."""
        self._last = typed = typed.after(self._last)
        screen = self._on_top()
        if typed.at <= self._forgotten:
            return
        if screen is not None and not self._waiting and screen.takes_at_once(typed):
            screen.take(typed)
            return
        self._waiting.append(typed)
        self.dispatch()

    def dispatch(self) -> None:
        """Dispatch queued keys as long as the top screen takes them."""
        if self._is_busy:
            return  # the caller that is dispatching continues by itself
        self._is_busy = True
        try:
            while self._waiting and (screen := self._on_top()) is not None and screen.takes_keys:
                screen.take(self._waiting.popleft())
        finally:
            self._is_busy = False

    def forget(self, until: float) -> None:
        """Drop everything typed up to this time, even if it is still on its way here."""
        self._forgotten = until
        while self._waiting and self._waiting[0].at <= until:
            self._waiting.popleft()
