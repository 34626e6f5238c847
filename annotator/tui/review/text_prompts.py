"""Prompts of the review screen: a jump to a word, a note, a search in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import product

from annotator.core.article import Span
from annotator.core.text.words import Words
from annotator.tui.article.article_view import ArticleView
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.prompts import Done, LinePrompt

# The letters nearest to the home row come first, because they are used most.
LETTERS = "fjdkslaghrueiwoqptyvbncmxz"
_MOST_HITS = 5000
Say = Callable[[str], None]


class Jump:
    """Draws two letters over every word in view; typing them moves to the start of the word."""

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
        pairs = ("".join(pair) for pair in product(LETTERS, repeat=2))
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


class Note(LinePrompt):
    """A note; `keep` gets the typed text."""

    keys = "enter keeps it   esc leaves it as it was "

    def __init__(self, title: str, text: str, keep: Callable[[str], None]) -> None:
        super().__init__(text)
        self.title = title
        self._keep = keep

    def submit(self) -> Done | None:
        return Done(lambda: self._keep(self.line.text.strip()))


class TextSearch(LinePrompt):
    """A case-insensitive search; `select` gets each hit, or None if there is no longer one."""

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
