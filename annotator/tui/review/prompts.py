"""Prompts: what takes the keys until it is done. A menu of letters, a jump, a search, a note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from annotator.core.article import Span
from annotator.core.text.words import Words
from annotator.tui.article.article_view import ArticleView
from annotator.tui.strips import Choice, Strip
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.line_editor import Line

# The letters nearest to the fingers first, so that they come up most.
_LETTERS = "fjdkslaghrueiwoqptyvbncmxz"
_MOST_HITS = 5000
Say = Callable[[str], None]


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
        """What is drawn of it at the foot."""

    def close(self) -> None:
        """Takes away what it has drawn in the text."""


class Prompts:
    """The one place for a prompt; `show` draws it, or that there is none."""

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
        return self.current.lines(width) if self.current is not None else []


class LetterMenu:
    """Takes one letter for one of its choices. `view` has hints in the text that go with it."""

    def __init__(
        self,
        strip: Strip,
        chosen: Callable[[Choice], None],
        say: Say,
        view: ArticleView | None = None,
    ) -> None:
        self.strip = strip
        self._chosen, self._say, self._view = chosen, say, view

    def press(self, pressed: str, _character: str | None) -> Done | None:
        if pressed == "escape":
            return Done()
        choice = self.strip.by_letter.get(pressed)
        if choice is not None:
            return Done(lambda: self._chosen(choice))
        if len(pressed) == 1:
            self._say(f"No option {pressed}; esc closes.")
        return None

    def insert(self, _words: str) -> bool:
        return False

    def lines(self, width: int) -> list[BarLine]:
        return self.strip.lines(width)

    def close(self) -> None:
        if self._view is not None:
            self._view.clear_hints()


class Jump:
    """Two letters over every word in view; typed, they lead to where the word begins."""

    def __init__(
        self, words: Words, view: ArticleView, land: Callable[[int], None], say: Say
    ) -> None:
        self._view, self._land, self._say = view, land, say
        self._typed = ""
        targets = [
            token
            for token in words.tokens_in(view.visible_range())
            if token.of(words.text)[0].isalnum() or token.of(words.text)[0] in "$€£"
        ]
        pairs = ("".join(pair) for pair in product(_LETTERS, repeat=2))
        self.targets = {pair: token.start for pair, token in zip(pairs, targets, strict=False)}
        self._show_hints(self.targets.items())

    def press(self, pressed: str, _character: str | None) -> Done | None:
        if pressed == "escape":
            return Done()
        if len(pressed) != 1:
            return None
        typed = self._typed + pressed
        left = {pair: at for pair, at in self.targets.items() if pair.startswith(typed)}
        if not left:
            self._say(f"No jump target {typed}; esc closes.")
        elif typed in left:
            return Done(lambda: self._land(left[typed]))
        else:
            self._typed = typed
            self._show_hints(left.items())
        return None

    def insert(self, _words: str) -> bool:
        return False

    def lines(self, _width: int) -> list[BarLine]:
        typed = f": {self._typed}…" if self._typed else ""
        told = f" jump: type the two letters of a word{typed}"
        return [BarLine((("accent", told),), (("muted", "esc closes "),))]

    def close(self) -> None:
        self._view.clear_hints()

    def _show_hints(self, targets: Iterable[tuple[str, int]]) -> None:
        self._view.show_hints({offset: pair for pair, offset in targets})


class Typing:
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
        """Nothing is drawn in the text."""

    def submit(self) -> Done | None:
        """What enter does."""
        return Done()

    def edited(self) -> None:
        """The words have changed."""

    def _take(self, line: Line) -> None:
        changed, self.line = line.text != self.line.text, line
        if changed:
            self.edited()


class Note(Typing):
    """A note; `keep` takes what was typed."""

    keys = "enter keeps it   esc leaves it as it was "

    def __init__(self, title: str, text: str, keep: Callable[[str], None]) -> None:
        super().__init__(text)
        self.title = title
        self._keep = keep

    def submit(self) -> Done | None:
        return Done(lambda: self._keep(self.line.text.strip()))


class TextSearch(Typing):
    """Finds what is typed, capitals or not; `select` is given each hit that is gone to, and None
    where there is none any more."""

    keys = "enter next   esc ends "

    def __init__(self, text: str, view: ArticleView, select: Callable[[Span | None], None]) -> None:
        super().__init__()
        self._text, self._view, self._select = text, view, select
        self._hits: list[Span] = []
        self._hit = -1

    @property
    def title(self) -> str:  # type: ignore[override]  # it changes here with what is found
        if not self.line.text:
            return "search, capitals or not"
        found = f"{self._hit + 1} of {len(self._hits)}" if self._hits else "nothing found"
        return f"search  {found}"

    def submit(self) -> Done | None:
        self._next()
        return None

    def edited(self) -> None:
        wanted, view = self.line.text, self._view
        found = re.finditer(re.escape(wanted), self._text, re.IGNORECASE) if wanted else ()
        self._hits = [Span(*hit.span()) for hit, _ in zip(found, range(_MOST_HITS), strict=False)]
        view.set_hits(self._hits)
        here = view.caret if view.selection is None else view.selection.start
        after = (n for n, hit in enumerate(self._hits) if hit.start >= here)
        self._hit = next(after, 0) - 1
        if self._hits:
            self._next()
        else:
            self._select(None)

    def close(self) -> None:
        self._view.set_hits(())

    def _next(self) -> None:
        if self._hits:
            self._hit = (self._hit + 1) % len(self._hits)
            self._select(self._hits[self._hit])
