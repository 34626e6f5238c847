"""Finds the paragraphs of a text.

Each line is a paragraph. Hard-wrapped text (mail, old wire copy) is recognised by its line lengths;
there, blank lines separate paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from annotator.core.article import Span, Spans
from annotator.core.text.invisible import INVISIBLE, visible

_LINE = re.compile(r"[^\n]+")
BLANK_LINES = re.compile(rf"\n(?:[^\S\n]|[{INVISIBLE}])*\n\s*")
"""The separator of paragraphs in hard-wrapped text."""
_NARROWEST, _WIDEST = 40, 100
_LINES_AT_LEAST = 3
_MOST = 0.7
# Tolerances, since people wrap by hand and programs differ in what still fits.
_SLACK = 6
# A page has long lines around the article, each a block of one line.
_FEW = 0.1


def paragraph_spans(text: str) -> Spans:
    """The spans of the paragraphs of `text`, in order, without blanks at the ends.

    A paragraph is a line; in hard-wrapped text, the lines between blank lines.
    """
    return tuple(_trimmed(text, start, end) for start, end in _pieces(text))


def crosses_paragraphs(span: Span, text: str) -> bool:
    """Whether a paragraph of `text` ends within `span`."""
    words = span.of(text)
    if "\n" not in words:
        return False
    return bool(BLANK_LINES.search(words)) or not is_hard_wrapped(text)


@lru_cache(maxsize=4)
def is_hard_wrapped(text: str) -> bool:
    """Whether the line ends of `text` only keep its lines short.

    They do if most lines inside a block are full: the first word of the next line would not have
    fitted.
    """
    if "\n" not in text:
        return False
    text = visible(text)
    lines = [line.rstrip() for line in text.split("\n")]
    # A line without blanks is a URL, which no program wraps.
    widths = [len(line) for line in lines if " " in line.strip()]
    longer = sum(width > _WIDEST for width in widths)
    if longer > _FEW * len(widths) or longer > _alone(lines):
        return False
    width = max((width for width in widths if width <= _WIDEST), default=0)
    if width < _NARROWEST:
        return False
    inner = [
        len(line) + 1 + len(after.split(maxsplit=1)[0]) > width - _SLACK
        for line, after in pairwise(lines)
        if line.strip() and after.strip()
    ]
    return len(inner) >= _LINES_AT_LEAST and sum(inner) >= _MOST * len(inner)


def _alone(lines: list[str]) -> int:
    """The number of lines between blank lines that are wider than any program wraps."""
    padded = ["", *lines, ""]
    return sum(
        len(line) > _WIDEST and " " in line.strip() and not before.strip() and not after.strip()
        for before, line, after in zip(padded, lines, padded[2:], strict=False)
    )


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    pieces = [line.span() for line in _LINE.finditer(text)]
    if is_hard_wrapped(text):
        gaps = [gap.span() for gap in BLANK_LINES.finditer(text)]
        starts = [0, *(end for _, end in gaps)]
        pieces = list(zip(starts, [*(start for start, _ in gaps), len(text)], strict=True))
    for start, end in pieces:
        if text[start:end].strip():
            yield start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip()))
