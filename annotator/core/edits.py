"""Corrected items: with other edges, pieces and parts.

Each function takes an item and returns the changed one, or None if the change is not possible.
Claims are changed by part: content, cue and source, each with any number of pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    SourceKind,
    problems,
)
from annotator.core.article import Span, Spans
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.text.paragraph_bounds import BLANK_LINES, crosses_paragraphs, is_hard_wrapped
from annotator.core.text.words import Words
from annotator.lexicon.junk_signs import kind_by_signs, kind_by_words

_LINE_END = re.compile(r"\n")
_ENDING = frozenset(".,;:!?…)]}”’»\"'%-–—/")
"""What belongs to the word that it follows without a blank."""
_MOST_PASSED = 8
"""How many such tokens an edge passes at once."""


class PartName(StrEnum):
    """The part of an item that a piece belongs to: one of three for a claim, else the whole."""

    SPAN = "span"
    CONTENT = "content"
    CUE = "cue"
    SOURCE = "source"


class Edge(StrEnum):
    """The end of a span that is moved."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class EdgeStep:
    """One edge, moved by a token or a character further right (`by` 1) or left (-1)."""

    edge: Edge
    by: int
    characters: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an item: number `place` of the part `name`."""

    name: PartName
    place: int = 0


def parts_of(item: Item) -> tuple[Part, ...]:
    """All pieces of `item`; for a claim content, cue, source, in this order."""
    if not isinstance(item, Claim):
        return (Part(PartName.SPAN),)
    names = (PartName.CONTENT, PartName.CUE, PartName.SOURCE)
    return tuple(Part(name, place) for name in names for place in range(len(pieces(item, name))))


def pieces(item: Item, name: PartName) -> Spans:
    """The pieces of the part `name`, in text order."""
    if isinstance(item, Claim):
        match name:
            case PartName.CUE:
                return item.cue
            case PartName.SOURCE:
                return item.source
            case _:
                return item.content
    return (item.span,)


def span_of(item: Item, part: Part) -> Span:
    """The span of `part`; the first piece of the item if that part no longer exists."""
    there = pieces(item, part.name)
    return there[part.place] if part.place < len(there) else pieces(item, PartName.CONTENT)[0]


def edge_of(item: Item, part: Part, edge: Edge) -> Span:
    """The offset of the first or last character of `part`."""
    span = span_of(item, part)
    at = span.start if edge is Edge.LEFT else span.end - 1
    return Span(at, at + 1)


def moved_edge(item: Item, part: Part, step: EdgeStep, words: Words) -> Item | None:
    """`item` with one edge of `part` moved by a step.

    None at the end of the paragraph (for junk: the line), and if nothing would be left.
    """
    span, by = span_of(item, part), step.by
    start, end = span.start, span.end
    if step.edge is Edge.LEFT:
        moved = _step(start, by, words) if step.characters else _token_start(item, span, by, words)
        start = start if moved is None else moved
    else:
        moved = _step(end, by, words) if step.characters else _token_end(end, by, words)
        end = end if moved is None else moved
    if moved is None or start >= end:
        return None
    now = Span(start, end)
    if isinstance(item, Junk) and "\n" in now.of(words.text):
        return None
    if crosses_paragraphs(now, words.text):
        return None
    return with_span(item, part, now, words.text)


def with_edge_at(span: Span, edge: Edge, word: Span) -> Span | None:
    """`span` with one edge moved so that it begins or ends with a word; None if nothing would be
    left."""
    start = word.start if edge is Edge.LEFT else span.start
    end = word.end if edge is Edge.RIGHT else span.end
    return Span(start, end) if start < end else None


def with_span(item: Item, part: Part, span: Span, text: str) -> Item | None:
    """`item` with `part` moved to `span`; touching pieces of a part are merged."""
    if not isinstance(item, Claim):
        return _valid(replace(item, span=span), text)
    there = list(pieces(item, part.name))
    there[part.place : part.place + 1] = [span]
    return with_part(item, part.name, there, text)


def with_piece(claim: Claim, name: PartName, span: Span, text: str) -> Claim | None:
    """`claim` with another piece."""
    return with_part(claim, name, (*pieces(claim, name), *at_paragraphs(span, text)), text)


def without(claim: Claim, part: Part, text: str) -> Claim | None:
    """`claim` without one piece; None for the last piece of its content."""
    there = list(pieces(claim, part.name))
    if part.place >= len(there):
        return None
    del there[part.place]
    return with_part(claim, part.name, there, text)


def with_part(claim: Claim, name: PartName, there: Iterable[Span], text: str) -> Claim | None:
    """`claim` with other pieces for one part; attributes that were guessed are updated."""
    joined = joined_pieces(there)
    match name:
        case PartName.CUE:
            changed = replace(claim, cue=joined)
        case PartName.SOURCE:
            changed = replace(claim, source=joined, source_entity=None)
        case _:
            changed = replace(claim, content=joined)
    valid = _valid(changed, text)
    return with_guesses(valid, text, before=claim) if isinstance(valid, Claim) else None


def without_source(claim: Claim, text: str) -> Claim | None:
    """`claim` with nobody as its source; None if that is not valid."""
    bare = with_part(claim, PartName.SOURCE, (), text)
    return None if bare is None else replace(bare, source_kind=SourceKind.UNSPECIFIED)


def piece_at(item: Item, name: PartName, span: Span) -> Part | None:
    """The piece of a part that overlaps a span; None if there is none."""
    found = (place for place, one in enumerate(pieces(item, name)) if one.overlaps(span))
    return next((Part(name, place) for place in found), None)


def at_lines(span: Span, text: str) -> Spans:
    """`span` split at line ends, without blanks at the ends."""
    return _between(_LINE_END, span, text)


def at_paragraphs(span: Span, text: str) -> Spans:
    """`span` split at the ends of paragraphs, without blanks at the ends."""
    return _between(BLANK_LINES if is_hard_wrapped(text) else _LINE_END, span, text)


def _between(ends: re.Pattern[str], span: Span, text: str) -> Spans:
    gaps = [(gap.start(), gap.end()) for gap in ends.finditer(text, span.start, span.end)]
    starts = (span.start, *(end for _, end in gaps))
    stops = (*(start for start, _ in gaps), span.end)
    found: list[Span] = []
    for start, stop in zip(starts, stops, strict=True):
        piece = text[start:stop]
        bare = piece.strip()
        if bare:
            first = start + len(piece) - len(piece.lstrip())
            found.append(Span(first, first + len(bare)))
    return tuple(found)


def joined_pieces(spans: Iterable[Span]) -> Spans:
    """The spans in text order; overlapping and touching ones are merged."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def same_surface(item: Item, among: Iterable[Item], text: str) -> tuple[Item, ...]:
    """Other items of the same kind with the same words as `item`."""
    if isinstance(item, Claim):
        return ()
    words = item.span.of(text)
    return tuple(
        other
        for other in among
        if type(other) is type(item) and other.id != item.id and other.span.of(text) == words
    )


def occurrences(item: Entity | Junk, among: Iterable[Item], words: Words) -> Spans:
    """Other occurrences of the words of `item` that no item of its kind overlaps: whole tokens for
    an entity, whole lines for junk.
    """
    text, surface = words.text, item.span.of(words.text)
    taken = [other.span for other in among if type(other) is type(item)]
    found: list[Span] = []
    at = text.find(surface)
    while at >= 0:
        span = Span(at, at + len(surface))
        whole = _is_line(span, words) if isinstance(item, Junk) else words.snap(span) == span
        if whole and not any(span.overlaps(other) for other in taken):
            found.append(span)
        at = text.find(surface, at + len(surface))
    return tuple(found)


def junk_kind_of(line: str) -> JunkKind:
    """The most likely kind of a junk line by its words; a related link by default."""
    words = line.strip()
    return JunkKind(kind_by_words(words) or kind_by_signs(words) or JunkKind.RELATED_LINK)


def _is_line(span: Span, words: Words) -> bool:
    line = words.line_at(span.start)
    return line is not None and at_lines(line, words.text) == (span,)


def _valid(item: Item, text: str) -> Item | None:
    return None if any(problems(item, text)) else item


def _step(offset: int, by: int, words: Words) -> int | None:
    moved = words.next_character(offset) if by > 0 else words.previous_character(offset)
    return moved if moved != offset else None


def _token_start(item: Item, span: Span, by: int, words: Words) -> int | None:
    """Where the next token begins in a direction; tokens that end something begin no span, unless
    there is nothing else, or a line of junk begins there."""
    step = words.next_token if by > 0 else words.previous_token
    token = first = step(span.start)
    for _ in range(_MOST_PASSED):
        if token is None or isinstance(item, Junk) or not _ends_something(token, words.text):
            break
        token = step(token.start)
    if first is None or token is None or token.start >= span.end:
        return first.start if first else None
    passed = Span(min(token.start, span.start), span.end)
    is_there = token is first or not crosses_paragraphs(passed, words.text)
    return token.start if is_there else first.start


def _ends_something(token: Span, text: str) -> bool:
    """Whether a token belongs to the word before it: the stop of *Col.*, a hyphen, a possessive."""
    before = text[token.start - 1 : token.start]
    return text[token.start] in _ENDING and (before.isalnum() or before in _ENDING)


def _token_end(end: int, by: int, words: Words) -> int | None:
    if by > 0:
        token = words.next_token(end - 1)
        return token.end if token else None
    last = words.previous_token(end)
    if last is None:
        return None
    before = words.previous_token(last.start)
    return before.end if before else None
