"""Computes the looks of a line: marks, focus, selection and caret as runs of equal look.

Pure: offsets in, offsets and looks out. `theme.colours` turns a look into a style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.theme.looks import Gutter, Look

_BUCKET = 512


class MarkRole(StrEnum):
    """The role of a marked piece of text."""

    ENTITY = "entity"
    CONTENT = "content"
    CUE = "cue"
    SOURCE = "source"
    JUNK = "junk"


_OF_CLAIMS = frozenset((MarkRole.CONTENT, MarkRole.CUE, MarkRole.SOURCE))


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawn piece of an item; an item has one mark per piece."""

    item: str
    role: MarkRole
    span: Span
    label: str | None
    status: ItemState
    nested: bool = False
    unsure: bool = False
    noted: bool = False


class Focus(NamedTuple):
    """The item that decisions act on, its highlighted piece, and an item tied to it."""

    item: str
    part: Span | None = None
    tied: str | None = None


class Run(NamedTuple):
    """The characters `[start, end)`, drawn alike."""

    start: int
    end: int
    look: Look


class MarkIndex:
    """The marks of an article by place and by item; both lookups take time in proportion to their
    result."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[Mark, ...]] = {}
        self._buckets: dict[int, list[Mark]] = {}

    def of(self, item: str) -> tuple[Mark, ...]:
        """The marks of one item."""
        return self._items.get(item, ())

    @property
    def items(self) -> Mapping[str, tuple[Mark, ...]]:
        """The marks of every item."""
        return MappingProxyType(self._items)

    def all(self) -> Iterator[Mark]:
        """The marks of every item, item by item."""
        return (mark for marks in self._items.values() for mark in marks)

    def replace(self, item: str, marks: Iterable[Mark]) -> list[Span]:
        """Replace the marks of an item; returns the spans that changed.

        Duplicate marks count once.
        """
        new, old = tuple(dict.fromkeys(marks)), self.of(item)
        if new == old:
            return []
        gone = [mark for mark in old if mark not in new]
        come = [mark for mark in new if mark not in old]
        for mark in gone:
            for bucket in _buckets(mark.span):
                self._buckets[bucket].remove(mark)
        for mark in come:
            for bucket in _buckets(mark.span):
                self._buckets.setdefault(bucket, []).append(mark)
        if new:
            self._items[item] = new
        else:
            self._items.pop(item, None)
        return [mark.span for mark in (*gone, *come)]

    def set(self, marks: Iterable[Mark]) -> list[Span]:
        """Replace all marks of the article; returns the spans that changed."""
        wanted: dict[str, list[Mark]] = {}
        for mark in marks:
            wanted.setdefault(mark.item, []).append(mark)
        changed = []
        for item in [item for item in self._items if item not in wanted]:
            changed += self.replace(item, ())
        for item, theirs in wanted.items():
            changed += self.replace(item, theirs)
        return changed

    def within(self, start: int, end: int) -> list[Mark]:
        """The marks that overlap `[start, end)`, larger ones first."""
        found: dict[Mark, None] = {}
        for bucket in range(start // _BUCKET, max(start, end - 1) // _BUCKET + 1):
            for mark in self._buckets.get(bucket, ()):
                if mark.span.start < end and start < mark.span.end:
                    found[mark] = None
        return sorted(found, key=lambda mark: (-len(mark.span), mark.span.start, mark.nested))


def runs_of(
    line: tuple[int, int],
    marks: list[Mark],
    *,
    focus: Focus | None = None,
    selection: Span | None = None,
    hits: Iterable[Span] = (),
    caret: tuple[int, int] | None = None,
) -> Iterator[Run]:
    """The runs that make up a line; `caret` is the range of the cluster under the caret."""
    start, end = line
    hit_spans = list(hits)
    cuts = {start, end}
    for mark in marks:
        cuts.update((mark.span.start, mark.span.end))
    for span in (*hit_spans, selection):
        if span is not None:
            cuts.update((span.start, span.end))
    if focus is not None and focus.part is not None:
        cuts.update((focus.part.start, focus.part.end))
    if caret is not None:
        cuts.update(caret)
    inside = sorted(cut for cut in cuts if start <= cut <= end)
    for one, other in pairwise(inside):
        look = _look_at(one, marks, focus)
        yield Run(
            one,
            other,
            look._replace(
                hit=any(span.start <= one < span.end for span in hit_spans),
                selected=selection is not None and selection.start <= one < selection.end,
                caret=caret is not None and caret[0] <= one < caret[1],
            ),
        )


def gutter_of(marks: list[Mark], focus: Focus | None = None, *, start: int = 0) -> Gutter:
    """The margin of a line with these marks, which begins at `start`: an item is open, or has a
    note, on the line that it begins in."""
    begun = [mark for mark in marks if mark.span.start >= start]
    of_claims = [mark for mark in marks if mark.role is MarkRole.CONTENT and _is_kept(mark)]
    contents = [mark.status for mark in of_claims]
    bar = None
    if contents:
        changed = ItemState.CORRECTED in contents
        bar = ItemState.CORRECTED if changed else contents[0]
        bar = ItemState.OPEN if ItemState.OPEN in contents else bar
    return Gutter(
        bar=bar,
        junk=any(mark.role is MarkRole.JUNK and _is_kept(mark) for mark in marks),
        open=any(mark.status is ItemState.OPEN for mark in begun),
        noted=any(mark.noted for mark in begun),
        unsure=bool(of_claims) and all(mark.unsure for mark in of_claims),
        focus=focus is not None and any(mark.item == focus.item for mark in marks),
    )


def _look_at(at: int, marks: list[Mark], focus: Focus | None) -> Look:
    label: str | None = None
    entity = content_status = cue = source = junk = None
    content = level = 0
    label_is_focused = tied = False
    claims: list[Mark] = []
    for mark in marks:
        if not mark.span.start <= at < mark.span.end:
            continue
        focused = focus is not None and mark.item == focus.item
        if focused and focus is not None:
            level = max(level, _focus_level(mark, focus))
        tied = tied or (focus is not None and mark.item == focus.tied)
        if mark.role in _OF_CLAIMS and _is_kept(mark):
            claims.append(mark)
        match mark.role:
            case MarkRole.ENTITY:
                # Draw the smallest entity, unless the focused one covers it or it was rejected.
                hides = mark.status is ItemState.REJECTED and entity is not None
                if not label_is_focused and not (hides and not focused):
                    label, entity, label_is_focused = mark.label, mark.status, focused
            case MarkRole.CONTENT:
                content += _is_kept(mark)
                content_status = mark.status
            case MarkRole.CUE:
                cue = mark.status
            case MarkRole.SOURCE:
                source = mark.status
            case MarkRole.JUNK:
                junk = mark.status
    unsure = bool(claims) and all(mark.unsure for mark in claims)
    return Look(label, entity, content, content_status, cue, source, junk, level, unsure, tied)


def _focus_level(mark: Mark, focus: Focus) -> int:
    if focus.part is not None:
        return 2 if focus.part == mark.span else 1
    return 2 if mark.role in (MarkRole.ENTITY, MarkRole.JUNK) else 1


def _is_kept(mark: Mark) -> bool:
    return mark.status is not ItemState.REJECTED


def _buckets(span: Span) -> range:
    return range(span.start // _BUCKET, (span.end - 1) // _BUCKET + 1)
