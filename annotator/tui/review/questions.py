"""Questions to the reviewer that the same key answers, once they could be read."""

from __future__ import annotations

from annotator.tui.terminal.keyboard import Typed, now

_NEVER = float("-inf")


class Questions:
    """The keys that asked a question, when, and about which item.

    A screen gives every key to `take` first: without it, no item that a question scrolled into view
    could ever be decided.
    """

    def __init__(self) -> None:
        self._typed = Typed(_NEVER, "")
        self._asked, self._asked_at = "", _NEVER
        self._shown: str | None = None

    def take(self, typed: Typed) -> bool:
        """Whether a key may be handled; the key that asked is no answer before the question could
        be read."""
        if typed.pressed == self._asked and typed.at <= self._asked_at and typed.pasted is None:
            return False
        self._typed, self._asked = typed, ""
        return True

    def ask(self, about: str | None = None) -> None:
        """The current key asks a question; `about` is the item that was scrolled into view."""
        self._asked, self._asked_at, self._shown = self._typed.pressed, now(), about

    def could_be_seen(self, item: str) -> bool:
        """Whether an item that a question scrolled into view was visible before the last key."""
        return item != self._shown or self._typed.at > self._asked_at
