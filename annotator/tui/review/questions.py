"""Questions to the reviewer that the same key answers, once they could be read."""

from __future__ import annotations

from annotator.core.search.folding import folded
from annotator.tui.terminal.keyboard import HELD, Typed, now

TYPED_ON = 0.5
"""A word is typed on when its letters follow each other within so many seconds."""

_NEVER = float("-inf")


class Questions:
    """The keys that asked a question, when, and about which item.

    A screen gives every key to `take` first: without it, no item that a question scrolled into view
    could ever be decided.
    """

    def __init__(self) -> None:
        self._typed = Typed(_NEVER, "")
        self._asked, self._asked_at = "", _NEVER
        self._repeated_at, self._pause = _NEVER, 0.0
        self._shown: str | None = None
        self._is_about_all = False
        self._rest = ""

    def take(self, typed: Typed) -> bool:
        """Whether a key may be handled; the key that asked is no answer before the question could
        be read, or if it must be pressed anew, while it is held down."""
        if self._is_typed_on(typed):
            self._typed, self._rest = typed, self._rest[1:]
            return False
        self._rest = ""
        if typed.pasted is None and self._comes_too_early(typed):
            self._repeated_at = typed.at
            return False
        self._typed, self._asked, self._is_about_all = typed, "", False
        return True

    def expect_rest(self, letters: str) -> None:
        """The current key was enough of a word: if these folded letters follow without a pause,
        they belong to the word and are no keys."""
        self._rest = letters

    def _is_typed_on(self, typed: Typed) -> bool:
        is_next = bool(self._rest) and folded(typed.character or "") == self._rest[:1]
        return is_next and typed.at - self._typed.at <= TYPED_ON

    def _comes_too_early(self, typed: Typed) -> bool:
        if self._is_about_all and typed.at <= self._asked_at:
            return True
        return typed.pressed == self._asked and not self._answers(typed)

    def _answers(self, typed: Typed) -> bool:
        return typed.at > self._asked_at and typed.at - self._repeated_at > self._pause

    def ask(self, about: str | None = None, *, anew: bool = False) -> None:
        """The current key asks a question; `about` is the item that was scrolled into view. With
        `anew`, the key is no answer while it is held down; nor is one that is held down already, if
        it asks about the whole article."""
        self._asked, self._asked_at, self._shown = self._typed.pressed, now(), about
        is_held = anew or (about is None and self._typed.repeats)
        self._repeated_at, self._pause = self._typed.at, HELD if is_held else 0.0

    def ask_by_menu(self) -> None:
        """The current key asks about the whole article by a menu of letters: until the menu could
        be read, no key is an answer."""
        self.ask()
        self._is_about_all = True

    def could_be_seen(self, item: str) -> bool:
        """Whether an item that a question scrolled into view was visible before the last key."""
        return item != self._shown or self._typed.at > self._asked_at
