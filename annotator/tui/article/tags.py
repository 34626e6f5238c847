"""Tags: what a mark is, as text beside the words that it marks.

They are cells of the screen and not characters of the article: they take room in a line, but have
no offset. A tag stands after all clusters that start before the edge of its mark.

| mark | tag |
|---|---|
| entity | `[GPE•]` after it: its label and the sign of its state |
| content of a claim | `<` before it, `>•` after it |
| source, cue | `[source]`, `[cue]` after it |
| junk | `[junk•]` after it |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from annotator.core.article import Span
from annotator.core.states import ItemState
from annotator.tui.article.marks import SIGNS
from annotator.tui.article.render import Mark, MarkRole
from annotator.tui.article.tagged_lines import Gap
from annotator.tui.terminal.cells import shown, width_of

Piece: TypeAlias = "tuple[str, str]"
"""A tone of the painter, and text in it."""
_LONGEST = 16
# One tag is enough for the source or the cue of several claims.
_ONCE = frozenset((MarkRole.SOURCE, MarkRole.CUE))
_NAMES = {MarkRole.SOURCE: "source", MarkRole.CUE: "cue", MarkRole.JUNK: "junk"}


@dataclass(frozen=True, slots=True)
class TagEdge:
    """The tags at one offset."""

    tail: tuple[Piece, ...] = ()
    head: tuple[Piece, ...] = ()


def edges_of(marks: Iterable[Mark]) -> Mapping[int, TagEdge]:
    """The tags of marks, by offset; the inner one of two marks that end together comes first."""
    inner_first = sorted(marks, key=lambda mark: (len(mark.span), mark.role, mark.item))
    edges: dict[int, TagEdge] = {}
    named: set[tuple[int, MarkRole]] = set()
    for mark in inner_first:
        start, end = mark.span.start, mark.span.end
        if mark.role in _ONCE:
            if (end, mark.role) in named:
                continue
            named.add((end, mark.role))
        before = edges.get(end, TagEdge())
        edges[end] = TagEdge((*before.tail, *_tail(mark)), before.head)
        if mark.role is MarkRole.CONTENT:
            before = edges.get(start, TagEdge())
            edges[start] = TagEdge(before.tail, (("claim", "<"), *before.head))
    return edges


def gaps_of(marks: Iterable[Mark]) -> Mapping[int, Gap]:
    """The cells that the tags of marks take, by offset."""
    tails: dict[int, int] = {}
    heads: dict[int, int] = {}
    named: set[tuple[int, MarkRole]] = set()
    for mark in marks:
        end = mark.span.end
        if mark.role in _ONCE:
            if (end, mark.role) in named:
                continue
            named.add((end, mark.role))
        tails[end] = tails.get(end, 0) + _tail_cells(mark.role, mark.label)
        if mark.role is MarkRole.CONTENT:
            heads[mark.span.start] = heads.get(mark.span.start, 0) + 1
    return {at: Gap(tails.get(at, 0), heads.get(at, 0)) for at in tails.keys() | heads.keys()}


def _tail(mark: Mark) -> tuple[Piece, ...]:
    sign, tone = SIGNS[mark.status]
    state = (tone, sign)
    match mark.role:
        case MarkRole.ENTITY:
            label = (f"label:{mark.label}", shown(mark.label or "", _LONGEST))
            return (("muted", "["), label, state, ("muted", "]"))
        case MarkRole.CONTENT:
            return (("claim", ">"), state)
        case MarkRole.JUNK:
            return (("muted", "[junk"), state, ("muted", "]"))
        case role:
            return (("muted", f"[{_NAMES[role]}]"),)


@lru_cache(maxsize=256)
def _tail_cells(role: MarkRole, label: str | None) -> int:
    """The cells of the tag after a mark; signs of states take one."""
    mark = Mark("", role, Span(0, 1), label, ItemState.OPEN)
    return sum(width_of(words) for _, words in _tail(mark))
