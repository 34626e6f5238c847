"""Prompts of the review screen: a note, a search in the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from annotator.core.article import Span
from annotator.tui.article.article_view import ArticleView
from annotator.tui.widgets.prompts import Done, LinePrompt

_MOST_HITS = 5000


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
