"""A jump to a word in view by its first letters, for the caret or for an edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotator.core.article import Span
from annotator.core.edits import Edge
from annotator.core.text.jumping import begins_with, hints_for, jump_targets
from annotator.core.text.words import Words
from annotator.tui.article.article_view import ArticleView
from annotator.tui.widgets.bar import CURSOR, BarLine
from annotator.tui.widgets.prompts import Done

_PURPOSES = {None: "jump to", Edge.LEFT: "left edge to", Edge.RIGHT: "right edge to"}


@dataclass(frozen=True, slots=True)
class Jumped:
    """Where a jump led, what was typed of the word if that was enough, and which edge is to go
    there, None for the caret."""

    target: Span
    typed: str = ""
    edge: Edge | None = None


@dataclass(frozen=True, slots=True)
class JumpKeys:
    """What the screen adds: which edge a key that types no letter stands for, what to do at the
    end, and how to say something."""

    edge_of: Callable[[str], Edge | None]
    land: Callable[[Jumped], None]
    say: Callable[[str], None]


class Jump:
    """Dims the text but for the words that begin with what was typed; each gets a hint. One word
    alone is jumped to at once."""

    def __init__(self, words: Words, view: ArticleView, keys: JumpKeys) -> None:
        self._words, self._view, self._keys = words, view, keys
        self._typed, self._first = "", ""
        self._edge: Edge | None = None
        self.targets = jump_targets(words, view.visible_range())
        self.hits = self.targets
        self.hints: dict[str, Span] = {}

    def hint_of(self, target: Span) -> str:
        """The letters of the hint of a target; empty if it has none."""
        return next((hint for hint, one in self.hints.items() if one == target), "")

    def press(self, pressed: str, character: str | None) -> Done | None:
        if pressed == "escape":
            return Done()
        if pressed == "backspace":
            self._type(self._typed if self._first else self._typed[:-1])
            return None
        letter = character if character and character.isprintable() and character != " " else ""
        if not letter.isalnum() and (edge := self._keys.edge_of(pressed)) is not None:
            self._edge = None if edge is self._edge else edge
            return None
        return self._letter(letter) if letter else None

    def _letter(self, letter: str) -> Done | None:
        hint = self._first + letter
        if not self._first and self._matching(self._typed + letter):
            self._type(self._typed + letter)
            return self._end(self.hits[0], self._typed) if len(self.hits) == 1 else None
        if hint in self.hints:
            return self._end(self.hints[hint])
        if any(other.startswith(hint) for other in self.hints):
            self._first = hint
            self._show()
        else:
            self._keys.say(f"No word in view begins with {self._typed}{hint}; esc closes.")
        return None

    def _end(self, target: Span, typed: str = "") -> Done:
        jumped = Jumped(target, typed, self._edge)
        return Done(lambda: self._keys.land(jumped))

    def _matching(self, typed: str) -> tuple[Span, ...]:
        text = self._words.text
        return tuple(one for one in self.targets if begins_with(one.of(text), typed))

    def _type(self, typed: str) -> None:
        self._typed, self._first = typed, ""
        self.hits = self._matching(typed) if typed else self.targets
        text, caret = self._words.text, self._view.caret
        self.hints = hints_for(self.hits, typed, text, caret=caret) if typed else {}
        self._show()

    def insert(self, _words: str) -> bool:
        return False

    def lines(self, _width: int) -> list[BarLine]:
        told = f" {_PURPOSES[self._edge]} › "
        left = (("accent", told), ("strong", self._typed), ("accent", CURSOR))
        if self._first:
            help_ = f"  {self._first}…: the second letter"
        elif self._typed:
            help_ = f"  {len(self.hits)} words: a hint, or the next letter"
        else:
            help_ = "  the first letters of a word in view"
        edges = "" if self._edge or self._typed else "[ ] { } for an edge   "
        return [BarLine((*left, ("muted", help_)), (("muted", f"{edges}esc closes "),))]

    def close(self) -> None:
        self._view.clear_hints()

    def _show(self) -> None:
        if not self._typed:
            self._view.clear_hints()
            return
        hints = {
            target.start: hint[len(self._first) :]
            for hint, target in self.hints.items()
            if hint.startswith(self._first)
        }
        sought = [hit for hit in self.hits if not self._first or hit.start in hints]
        self._view.show_hints(hints, sought=sought)
