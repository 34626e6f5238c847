"""The rows of the list of items: pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import wrap

from annotator.core.annotations import Claim, Entity, Item, Junk, differs
from annotator.core.article import Spans
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.item_filter import is_unsure, state_of
from annotator.core.reviewing.wording import shortened
from annotator.core.speakers import is_inside, speaker_of
from annotator.core.states import ItemState
from annotator.tui.article.marks import DIFFERS, SIGNS, SPEAKS
from annotator.tui.terminal.cells import width_of
from annotator.tui.theme.looks import NOTED
from annotator.tui.widgets.virtual_list import Cell, Row

_WORDS = 200
_LABEL_WIDTH = 8
_KIND_WIDTH = 17
_SCORE_WIDTH = 4
_DEEPEST = 3
_BESIDE = 12
"""Cells of a claim's first line for what stands beside source and cue."""


@dataclass(frozen=True, slots=True)
class Room:
    """The space of a row: its width in cells, and whether it `wraps` to a second line."""

    width: int = 44
    wraps: bool = False


_USUAL_ROOM = Room()


@dataclass(frozen=True, slots=True)
class Shown:
    """What rows are made from: a review of `text`; items below `confidence` are unsure. `depth` is
    the number of claims around the one of the row."""

    review: Review
    text: str
    confidence: float
    room: Room = _USUAL_ROOM
    depth: int = 0

    def is_unsure(self, held: ReviewItem) -> bool:
        """Whether an item is open and unsure."""
        return held.status is Status.OPEN and is_unsure(held.item, self.confidence)


def entity_row(held: ReviewItem, shown: Shown) -> Row:
    """The row of an entity."""
    item, status = held.item, state_of(held)
    assert isinstance(item, Entity)
    return Row.of(
        item.id,
        _sign(status),
        *_noted(item),
        Cell(item.label, _tone(f"label:{item.label}", status), width=_LABEL_WIDTH, bold=True),
        _words((item.span,), shown.text, status),
        *_difference(held),
        _score(held, shown),
    )


def claim_row(held: ReviewItem, shown: Shown) -> Row:
    """The row of a claim: who says it and the cue, then what is said; below the claims that contain
    it, further to the right."""
    item, status = held.item, state_of(held)
    assert isinstance(item, Claim)
    cue = _joined(item.cue, shown.text)
    most = max(shown.room.width // 3, shown.room.width - width_of(cue) - _BESIDE)
    source = shortened(_joined(item.source, shown.text) or "—", most)
    depth = min(shown.depth, _DEEPEST)
    branch = (Cell("└".rjust(depth), "muted", width=depth),) if depth else ()
    indent = Cell("", width=1 + (depth + 1 if depth else 0))
    return Row(
        item.id,
        (
            (
                _sign(status),
                *branch,
                *_noted(item),
                Cell(source, _tone("source", status), bold=True),
                *_speaker(item, status, shown),
                Cell(cue, _tone("claim", status), italic=True),
                _score(held, shown),
            ),
            *((indent, line) for line in _content(item, held, shown)),
        ),
    )


def contains(outer: Claim, inner: Claim) -> bool:
    """Whether the content of a claim covers that of another one, and is not the same."""
    return outer.content != inner.content and all(
        any(one.contains(piece) for one in outer.content) for piece in inner.content
    )


def junk_row(held: ReviewItem, shown: Shown) -> Row:
    """The row of a junk line."""
    item, status = held.item, state_of(held)
    assert isinstance(item, Junk)
    return Row.of(
        item.id,
        _sign(status),
        *_noted(item),
        Cell(item.kind.value, "muted", width=_KIND_WIDTH),
        _words((item.span,), shown.text, status),
        _score(held, shown),
    )


def _sign(status: ItemState) -> Cell:
    sign, tone = SIGNS[status]
    return Cell(sign, tone, width=1)


def _noted(item: Item) -> tuple[Cell, ...]:
    """A sign on an item with a note."""
    return (Cell(NOTED, "info", width=1),) if item.note else ()


def _words(spans: Spans, text: str, status: ItemState) -> Cell:
    rejected = status is ItemState.REJECTED
    return Cell(_joined(spans, text), _tone("normal", status), strike=rejected)


def _speaker(claim: Claim, status: ItemState, shown: Shown) -> tuple[Cell, ...]:
    """Who speaks, if that stands outside the source."""
    speaker = speaker_of(claim, shown.review)
    if speaker is None or is_inside(speaker, claim):
        return ()
    return (Cell(f"{SPEAKS} {_joined((speaker.span,), shown.text)}", _tone("source", status)),)


def _content(claim: Claim, held: ReviewItem, shown: Shown) -> list[Cell]:
    """The words of a claim's content, line by line, muted if it is unsure."""
    cell = _words(claim.content, shown.text, state_of(held))
    tone = "muted" if shown.is_unsure(held) else cell.tone
    lines = [cell.text]
    if shown.room.wraps:
        first, *others = wrap(cell.text, max(12, shown.room.width - 6 - shown.depth)) or [""]
        lines = [first, " ".join(others)]
    return [replace(cell, text=words, tone=tone) for words in lines]


def _difference(held: ReviewItem) -> tuple[Cell, ...]:
    """A sign on an open item on which pipelines differ."""
    shown = held.status is Status.OPEN and differs(held.item)
    return (Cell(DIFFERS, "info", width=1),) if shown else ()


def _score(held: ReviewItem, shown: Shown) -> Cell:
    """The pipeline's score, while the item is open; with a question mark if it is low."""
    score = held.item.score if held.status is Status.OPEN else None
    if score is None:
        return Cell("", width=_SCORE_WIDTH)
    doubt = "?" if score < shown.confidence else ""
    tone = "info" if doubt else "muted"
    return Cell(f"{score:.0%}{doubt}", tone, width=_SCORE_WIDTH, align_right=True)


def _tone(tone: str, status: ItemState) -> str:
    return "muted" if status is ItemState.REJECTED else tone


def _joined(spans: Spans, text: str) -> str:
    return " … ".join(" ".join(span.of(text)[:_WORDS].split()) for span in spans)
