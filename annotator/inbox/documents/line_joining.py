"""Joins lines of pages into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from annotator.inbox.documents.page_lines import SOFT_END, PageLine, usual_size
from annotator.inbox.documents.word_division import WordDivision

_BULLET = re.compile(r"[•‣▪●◦○■□▶➢✓–—*·]\s|\(?\d{1,2}[.)]\s|\(?[a-z][)]\s")
# Sizes that differ by more are those of a heading, a caption or a note.
_SIZES_DIFFER = 1.12
_HEADING = 1.2
# In parts of the distance between lines, and of the size.
_GAP, _INDENT, _DEEPEST, _NO_INDENT = 1.35, 0.5, 3.5, 0.2
# In parts of the width of a column.
_FULL, _SHORT = 0.85, 0.75


@dataclass(frozen=True, slots=True)
class JoinedParagraph:
    """A paragraph, and the size of its letters."""

    text: str
    size: float


def paragraphs_of(blocks: Sequence[Sequence[PageLine]]) -> list[JoinedParagraph]:
    """The paragraphs of a document, of the lines of its blocks in reading order."""
    lines = [line for block in blocks for line in block]
    division, body = WordDivision(lines), usual_size(lines)
    paragraphs: list[JoinedParagraph] = []
    ended: tuple[PageLine, bool] | None = None
    for block in filter(None, blocks):
        layout = _BlockLayout.of(block, body)
        for number, group in enumerate(_groups(block, layout)):
            text = group[0].text
            for line in group[1:]:
                text = division.joined(text, line.text)
            if number == 0 and ended is not None and _continues(*ended, group[0]):
                before = paragraphs.pop()
                text = division.joined(before.text, text)
            paragraphs.append(JoinedParagraph(text, group[0].size))
            ended = group[-1], layout.is_full(group[-1])
    return [JoinedParagraph(_whole(one.text), one.size) for one in paragraphs]


@dataclass(frozen=True, slots=True)
class _BlockLayout:
    """How the lines of a block are set."""

    left: float
    right: float
    leading: float
    body: float
    has_indents: bool

    @classmethod
    def of(cls, block: Sequence[PageLine], body: float) -> _BlockLayout:
        """The layout of a block in a document whose text has the size `body`."""
        steps = [
            before.bottom - line.bottom
            for before, line in pairwise(block)
            if _are_alike(before, line)
        ]
        near = [step for step in steps if step > 0]
        left = median(sorted(one.left for one in block)[: max(1, len(block) // 2)])
        return cls(
            left,
            max(one.right for one in block),
            # The smaller ones: those between paragraphs may be as many.
            median(sorted(near)[: max(1, len(near) // 2)]) if near else 1.2 * body,
            body,
            sum(_is_indented(line, left) for line in block) > 1,
        )

    def is_full(self, line: PageLine) -> bool:
        """Whether a line reaches the right edge, or nearly so."""
        return line.right - self.left >= _FULL * (self.right - self.left)

    def breaks(self, before: PageLine, line: PageLine, *, first: PageLine) -> bool:
        """Whether a paragraph begins with `line`, after one from the line `first` to `before`."""
        if not _are_alike(before, line) or _BULLET.match(line.text):
            return True
        if before.bottom - line.bottom > _GAP * max(self.leading, 0.8 * line.size):
            return True
        if line.size > _HEADING * self.body:
            return False
        if _BULLET.match(first.text) and _is_indented(line, first.left):
            return False
        if _is_indented(line, self.left) and before.left - self.left < _NO_INDENT * line.size:
            return True
        return not self.has_indents and self._ends_early(before, line)

    def _ends_early(self, before: PageLine, line: PageLine) -> bool:
        """Whether the next word would have fitted into the line before."""
        word = line.text.partition(" ")[0]
        width = (line.right - line.left) * (len(word) + 1) / max(1, len(line.text))
        if before.right + width > self.right - line.size / 2:
            return False
        is_short = before.right - self.left < _SHORT * (self.right - self.left)
        begins = not line.text[0].islower()
        return begins and (before.ends_sentence or is_short)


def _groups(block: Sequence[PageLine], layout: _BlockLayout) -> Iterator[list[PageLine]]:
    """The lines of a block, by paragraph."""
    group = [block[0]]
    for line in block[1:]:
        if not group[-1].ends_with_hyphen and layout.breaks(group[-1], line, first=group[0]):
            yield group
            group = []
        group.append(line)
    yield group


def _continues(before: PageLine, is_full: bool, line: PageLine) -> bool:
    """Whether `line`, at the top of a column or page, continues a sentence of the one before."""
    if not _are_alike(before, line) or _BULLET.match(line.text):
        return False
    if before.ends_with_hyphen or line.text[0].islower():
        return True
    return is_full and not before.ends_sentence


def _is_indented(line: PageLine, left: float) -> bool:
    return _INDENT * line.size < line.left - left < _DEEPEST * line.size


def _are_alike(one: PageLine, other: PageLine) -> bool:
    low, high = sorted((one.size, other.size))
    return high <= _SIZES_DIFFER * low


def _whole(text: str) -> str:
    """`text` without the mark of a divided word whose other half is missing."""
    return text.replace(SOFT_END, "")
