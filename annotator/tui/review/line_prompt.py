"""Prompt: the number of a line to go to."""

from __future__ import annotations

from collections.abc import Callable

from annotator.core.article import Span, Spans
from annotator.tui.widgets.prompts import Done, LinePrompt


class LineNumber(LinePrompt):
    """Asks for the number of one of the `lines` of an article; blank lines do not count."""

    keys = "enter goes there   esc closes "

    def __init__(
        self, lines: Spans, go: Callable[[Span], None], say: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.title = f"go to line, 1 to {len(lines)}"
        self._lines, self._go, self._say = lines, go, say

    def submit(self) -> Done | None:
        typed = self.line.text.strip()
        number = int(typed) if typed.isdecimal() else 0
        if not 1 <= number <= len(self._lines):
            self._say(f"There is no line {typed}." if typed else "Type the number of a line.")
            return None
        return Done(lambda: self._go(self._lines[number - 1]))
