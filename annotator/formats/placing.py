"""Other programs' texts as we keep them, and where offsets into theirs lie in ours."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from annotator.core.article import Span, normalise


@dataclass(frozen=True)
class Placed:
    """`text` without byte order mark and with LF as line end; what was taken out lay at `gone`."""

    text: str
    gone: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, text: str) -> Placed:
        normal = normalise(text)
        if len(normal) == len(text):
            return cls(normal)
        mark = (0,) if text.startswith("\ufeff") else ()
        ends = (n for n in range(len(text) - 1) if text[n] == "\r" and text[n + 1] == "\n")
        return cls(normal, (*mark, *ends))

    def span(self, start: int, end: int) -> Span:
        """Where `[start, end)` of the other text lies; ValueError if that is no range of it."""
        if not 0 <= start < end <= len(self.text) + len(self.gone):
            raise ValueError(f"[{start}, {end}) is no range of the text")
        return Span(start - bisect_left(self.gone, start), end - bisect_left(self.gone, end))
