"""Removes what stands at the head or foot of every page: titles, dates, addresses, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from annotator.inbox.documents.page_lines import PageLine, rows_of

_ROWS = 3
"""So many rows at the top and at the foot of a page may be heads."""
_SHARE = 0.4
"""A head is on this share of the pages: left and right pages may have different ones."""
_HEIGHT = 8.0
"""Heads are at the same height on all pages, within half of this, in points."""
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|seite|p\.|s\.)\s*)?(\d{1,4})(?:\s*(?:/|of|von|\|)\s*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)

Page = Sequence[PageLine]
_Key = tuple[str, float]


def without_running_heads(pages: Sequence[Page]) -> list[list[PageLine]]:
    """The pages without the lines that recur at their edges and without page numbers."""
    counts = Counter(key for page in pages for key in {key for key, _ in _at_edges(page)})
    needed = max(2, _SHARE * len(pages))
    offsets = Counter(
        offset for index, page in enumerate(pages) for offset, _ in set(_numbers_on(page, index))
    )
    left: list[list[PageLine]] = []
    for index, page in enumerate(pages):
        heads = {line for key, line in _at_edges(page) if counts[key] >= needed}
        numbers = {
            line
            for offset, line in _numbers_on(page, index)
            if offsets[offset] > 1 or (offset == 1 and _stands_apart(line, page))
        }
        # Left and right pages may have different words beside the same number.
        gone = {line for line in page if any(line.is_beside(one) for one in heads | numbers)}
        left.append([line for line in page if line not in gone])
    return left


def _at_edges(page: Page) -> Iterator[tuple[_Key, PageLine]]:
    """The lines at the top and foot of a page with letters, each with two keys: lines with the same
    words, but for numbers, at the same height have one in common."""
    rows = rows_of(page)
    for line in {line for row in (*rows[:_ROWS], *rows[-_ROWS:]) for line in row}:
        if any(map(str.isalpha, line.text)):
            words, height = _DIGITS.sub("#", line.text.casefold()), line.middle / _HEIGHT
            yield (words, float(round(height))), line
            yield (words, int(height) + 0.5), line


def _numbers_on(page: Page, index: int) -> Iterator[tuple[int, PageLine]]:
    """The numbers alone in the first and last row of a page, less the page's place from 0."""
    rows = rows_of(page)
    for row in (*rows[:1], *rows[1:][-1:]):
        for line in row:
            if found := _NUMBER.fullmatch(line.text):
                yield int(found[1]) - index, line


def _stands_apart(line: PageLine, page: Page) -> bool:
    """Whether a line is further from the text than lines are from each other."""
    others = [one for one in page if not one.is_beside(line)]
    return all(abs(one.middle - line.middle) > 1.8 * line.size for one in others)
